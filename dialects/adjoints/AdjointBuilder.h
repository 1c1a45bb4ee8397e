//===- AdjointBuilder.h - Building blocks of adjoint rules ----------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_DIALECTS_ADJOINTS_ADJOINTBUILDER_H
#define FRAC_DIALECTS_ADJOINTS_ADJOINTBUILDER_H

#include "dialects/interfaces/DifferentiableOpInterface.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace frac {

/// Builds elementwise expressions. All values of one expression have the same
/// type: a float, or a tensor of floats with any number of dynamic dimensions.
class AdjointBuilder : public mlir::ImplicitLocOpBuilder {
public:
  AdjointBuilder(mlir::Location loc, mlir::OpBuilder &builder)
      : ImplicitLocOpBuilder(loc, builder) {}

  /// `value` in every element of a new value shaped as `like`.
  mlir::Value constant(double value, mlir::Value like);
  /// The float `scalar` in every element of a new value shaped as `like`.
  mlir::Value splat(mlir::Value scalar, mlir::Value like);
  mlir::Value zeros(mlir::Value like) { return constant(0.0, like); }

  mlir::Value add(mlir::Value a, mlir::Value b);
  mlir::Value sub(mlir::Value a, mlir::Value b);
  mlir::Value mul(mlir::Value a, mlir::Value b);
  mlir::Value div(mlir::Value a, mlir::Value b);
  mlir::Value neg(mlir::Value a);
  /// `value` times each element of `a`.
  mlir::Value scale(mlir::Value a, double value);
  mlir::Value square(mlir::Value a) { return mul(a, a); }
  mlir::Value reciprocal(mlir::Value a) { return div(constant(1.0, a), a); }

  mlir::Value compare(mlir::arith::CmpFPredicate predicate, mlir::Value a,
                      mlir::Value b);
  mlir::Value select(mlir::Value condition, mlir::Value a, mlir::Value b);
  /// `a` where `x predicate bound`, else zero.
  mlir::Value keepWhere(mlir::Value a, mlir::Value x,
                        mlir::arith::CmpFPredicate predicate, double bound);

  /// The dynamic extents of tensor `value` in order.
  llvm::SmallVector<mlir::Value> dynamicSizes(mlir::Value value);
  /// The number of elements of `value` along `dimensions`, in the float type
  /// `type`.
  mlir::Value count(mlir::Value value, llvm::ArrayRef<int64_t> dimensions,
                    mlir::FloatType type);
};

/// What a rule for an operation with any operands and results gets and gives,
/// as `DifferentiableOpInterface::buildAdjoint` documents it.
using AdjointValues = mlir::FailureOr<llvm::SmallVector<mlir::Value>>;

/// The rule of a function of one operand: from operand `x`, result `y` and the
/// gradient `g` of the result the gradient of the operand, or null if that is
/// zero everywhere.
using UnaryRule = mlir::Value (*)(AdjointBuilder &b, mlir::Value x,
                                  mlir::Value y, mlir::Value g);

/// Interface of an operation whose only differentiable operand is its first.
template <typename OpTy, UnaryRule rule>
struct UnaryAdjoint
    : DifferentiableOpInterface::ExternalModel<UnaryAdjoint<OpTy, rule>, OpTy> {
  bool isDifferentiableOperand(mlir::Operation *, unsigned index) const {
    return index == 0;
  }
  AdjointValues buildAdjoint(mlir::Operation *op, mlir::OpBuilder &builder,
                             mlir::ValueRange resultGradients,
                             const llvm::BitVector &wanted) const {
    AdjointBuilder b(op->getLoc(), builder);
    llvm::SmallVector<mlir::Value> gradients(op->getNumOperands());
    if (wanted[0])
      gradients[0] =
          rule(b, op->getOperand(0), op->getResult(0), resultGradients.front());
    return gradients;
  }
};

/// The rule for one operand of a function of two: from operands `l` and `r`,
/// result `y` and its gradient `g` the gradient of that operand.
using BinaryRule = mlir::Value (*)(AdjointBuilder &b, mlir::Value l,
                                   mlir::Value r, mlir::Value y, mlir::Value g);

/// Interface of an operation with two operands, one rule for each.
template <typename OpTy, BinaryRule lhsRule, BinaryRule rhsRule>
struct BinaryAdjoint : DifferentiableOpInterface::ExternalModel<
                           BinaryAdjoint<OpTy, lhsRule, rhsRule>, OpTy> {
  AdjointValues buildAdjoint(mlir::Operation *op, mlir::OpBuilder &builder,
                             mlir::ValueRange resultGradients,
                             const llvm::BitVector &wanted) const {
    AdjointBuilder b(op->getLoc(), builder);
    mlir::Value lhs = op->getOperand(0), rhs = op->getOperand(1);
    mlir::Value result = op->getResult(0), gradient = resultGradients.front();
    llvm::SmallVector<mlir::Value> gradients(2);
    if (wanted[0])
      gradients[0] = lhsRule(b, lhs, rhs, result, gradient);
    if (wanted[1])
      gradients[1] = rhsRule(b, lhs, rhs, result, gradient);
    return gradients;
  }
};

/// Interface of an operation that needs a rule of its own: from the operation,
/// the gradients of its results and the operands wanted, the gradients of the
/// operands.
template <typename OpTy, AdjointValues (*rule)(OpTy op, AdjointBuilder &b,
                                               mlir::ValueRange resultGradients,
                                               const llvm::BitVector &wanted)>
struct OpAdjoint
    : DifferentiableOpInterface::ExternalModel<OpAdjoint<OpTy, rule>, OpTy> {
  AdjointValues buildAdjoint(mlir::Operation *op, mlir::OpBuilder &builder,
                             mlir::ValueRange resultGradients,
                             const llvm::BitVector &wanted) const {
    AdjointBuilder b(op->getLoc(), builder);
    return rule(mlir::cast<OpTy>(op), b, resultGradients, wanted);
  }
};

} // namespace frac

#endif // FRAC_DIALECTS_ADJOINTS_ADJOINTBUILDER_H

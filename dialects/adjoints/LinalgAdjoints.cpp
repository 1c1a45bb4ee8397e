//===- LinalgAdjoints.cpp - Adjoints of the linalg dialect ----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// One rule for all structured operations. An operation adds up, or keeps the
/// extremum of, terms h(x1[g1(i)], x2[g2(i)], ...) at y[f(i)], for each
/// iteration i. So the gradient of xk is a nest over the same iterations that
/// adds dh/dxk times the gradient at f(i) to the element at gk(i). The
/// derivative of h is that of the body, taken by the same driver.
///
//===----------------------------------------------------------------------===//

#include "dialects/adjoints/AdjointBuilder.h"
#include "dialects/adjoints/Adjoints.h"
#include "dialects/adjoints/Gradients.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace frac;

namespace {

/// How the terms of one result come together.
struct Accumulation {
  enum Kind { Last, Sum, Extremum } kind = Last;
  /// h, a value of the body.
  Value term;
  /// What joins it with the result so far; null for a result that is not read.
  Operation *join = nullptr;
};

/// A tensor that the nest of a gradient reads beside the operation's inputs.
struct ReadTensor {
  Value tensor;
  AffineMap map;
};

/// The rule for one operation.
class StructuredAdjoint {
public:
  StructuredAdjoint(linalg::LinalgOp op, OpBuilder &builder,
                    ValueRange resultGradients)
      : op(op), b(op.getLoc(), builder), resultGradients(resultGradients) {}

  AdjointValues build(const BitVector &wanted);

private:
  LogicalResult analyse();
  FailureOr<Value> buildGradient(OpOperand &operand);
  Value countExtrema(unsigned result);
  AffineMap getResultMap(unsigned result) {
    return op.getMatchingIndexingMap(op.getDpsInitOperand(result));
  }
  /// Clones the body for new arguments of the inputs.
  void cloneTerms(OpBuilder &nested, ValueRange inputs, IRMapping &mapping);

  linalg::LinalgOp op;
  AdjointBuilder b;
  ValueRange resultGradients;
  SmallVector<Accumulation> accumulations;
  /// For each extremum, how many terms are equal to it.
  SmallVector<Value> counts;
};

} // namespace

/// Finds out how each result comes about. Fails with a diagnostic where a term
/// depends on those before it.
LogicalResult StructuredAdjoint::analyse() {
  Block *body = op.getBlock();
  Operation *yield = body->getTerminator();
  for (unsigned result = 0; result < op.getNumDpsInits(); ++result) {
    Value so = op.getMatchingBlockArgument(op.getDpsInitOperand(result));
    Accumulation &found = accumulations.emplace_back();
    found.term = yield->getOperand(result);
    if (so.use_empty())
      continue;
    Operation *join = found.term.getDefiningOp();
    bool isSum = isa_and_nonnull<arith::AddFOp>(join);
    bool isExtremum = isa_and_nonnull<arith::MaximumFOp, arith::MinimumFOp,
                                      arith::MaxNumFOp, arith::MinNumFOp>(join);
    if (!so.hasOneUse() || *so.getUsers().begin() != join ||
        !(isSum || isExtremum) || !join->getResult(0).hasOneUse())
      return op.emitOpError()
             << "has no derivative: its result " << result
             << " is neither a sum nor an extremum of independent terms";
    found.kind = isSum ? Accumulation::Sum : Accumulation::Extremum;
    found.join = join;
    found.term = join->getOperand(join->getOperand(0) == so ? 1 : 0);
  }
  return success();
}

void StructuredAdjoint::cloneTerms(OpBuilder &nested, ValueRange inputs,
                                   IRMapping &mapping) {
  for (auto [operand, argument] :
       llvm::zip_first(op.getDpsInputOperands(), inputs))
    mapping.map(op.getMatchingBlockArgument(operand), argument);
  for (Operation &scalar : op.getBlock()->without_terminator())
    if (llvm::none_of(accumulations, [&](const Accumulation &accumulation) {
          return accumulation.join == &scalar;
        }))
      nested.clone(scalar, mapping);
}

/// A nest over the iterations of `op`, into `init` by `map`: `body` gets the
/// inputs of `op`, the elements of `reads`, and the element so far.
static Value createNest(linalg::LinalgOp op, AdjointBuilder &b,
                        ArrayRef<ReadTensor> reads, Value init, AffineMap map,
                        function_ref<Value(OpBuilder &, ValueRange)> body) {
  SmallVector<Value> tensors;
  SmallVector<AffineMap> maps;
  for (OpOperand *operand : op.getDpsInputOperands()) {
    tensors.push_back(operand->get());
    maps.push_back(op.getMatchingIndexingMap(operand));
  }
  for (const ReadTensor &read : reads) {
    tensors.push_back(read.tensor);
    maps.push_back(read.map);
  }
  maps.push_back(map);
  // Along a loop that is a dimension of the result, each iteration has an
  // element of its own.
  SmallVector<utils::IteratorType> iterators(op.getNumLoops(),
                                             utils::IteratorType::reduction);
  for (AffineExpr expr : map.getResults())
    if (auto loop = dyn_cast<AffineDimExpr>(expr))
      iterators[loop.getPosition()] = utils::IteratorType::parallel;
  return linalg::GenericOp::create(
             b, init.getType(), tensors, init, maps, iterators,
             [&](OpBuilder &nested, Location loc, ValueRange arguments) {
               linalg::YieldOp::create(nested, loc, body(nested, arguments));
             })
      .getResult(0);
}

/// How many terms are equal to each element of an extremum.
Value StructuredAdjoint::countExtrema(unsigned result) {
  Value extremum = op->getResult(result);
  AffineMap map = getResultMap(result);
  return createNest(
      op, b, {{extremum, map}}, b.zeros(extremum), map,
      [&](OpBuilder &nested, ValueRange arguments) -> Value {
        IRMapping mapping;
        cloneTerms(nested, arguments, mapping);
        AdjointBuilder s(op.getLoc(), nested);
        Value term = mapping.lookupOrDefault(accumulations[result].term);
        Value isEqual = s.compare(arith::CmpFPredicate::OEQ, term,
                                  arguments[op.getNumDpsInputs()]);
        Value soFar = arguments.back();
        return s.add(soFar,
                     s.select(isEqual, s.constant(1.0, soFar), s.zeros(soFar)));
      });
}

/// The gradient of an input, null if it is zero everywhere.
FailureOr<Value> StructuredAdjoint::buildGradient(OpOperand &operand) {
  unsigned inputs = op.getNumDpsInputs();
  SmallVector<ReadTensor> reads;
  for (auto [result, gradient] : llvm::enumerate(resultGradients)) {
    if (!gradient)
      continue;
    AffineMap map = getResultMap(result);
    reads.push_back({gradient, map});
    if (accumulations[result].kind == Accumulation::Extremum) {
      reads.push_back({op->getResult(result), map});
      reads.push_back({counts[result], map});
    }
  }
  bool isScalar = !isa<RankedTensorType>(operand.get().getType());
  Value init = isScalar
                   ? tensor::FromElementsOp::create(
                         b, RankedTensorType::get({}, operand.get().getType()),
                         b.zeros(operand.get()))
                         .getResult()
                   : b.zeros(operand.get());
  bool isZero = false, isFailed = false;
  Value gradient = createNest(
      op, b, reads, init, op.getMatchingIndexingMap(&operand),
      [&](OpBuilder &nested, ValueRange arguments) -> Value {
        IRMapping mapping;
        cloneTerms(nested, arguments, mapping);
        AdjointBuilder s(op.getLoc(), nested);
        unsigned next = inputs;
        std::vector<std::pair<Value, Value>> terms;
        for (auto [result, arriving] : llvm::enumerate(resultGradients)) {
          if (!arriving)
            continue;
          const Accumulation &accumulation = accumulations[result];
          Value term = mapping.lookupOrDefault(accumulation.term);
          Value weight = arguments[next++];
          if (accumulation.kind == Accumulation::Extremum) {
            Value isEqual =
                s.compare(arith::CmpFPredicate::OEQ, term, arguments[next++]);
            Value shared = s.div(weight, arguments[next++]);
            weight = s.select(isEqual, shared, s.zeros(weight));
          }
          terms.push_back({term, weight});
        }
        auto [loss, seed] = terms.front();
        if (terms.size() > 1) {
          // Of several results the sum of the weighted terms is what counts.
          loss = s.mul(loss, seed);
          for (auto [term, weight] : llvm::drop_begin(terms))
            loss = s.add(loss, s.mul(term, weight));
          seed = Value();
        }
        Value leaf = mapping.lookup(op.getMatchingBlockArgument(&operand));
        FailureOr<SmallVector<Value>> built =
            buildGradients(nested, loss, seed, leaf);
        Value soFar = arguments.back();
        isFailed = failed(built);
        isZero = isFailed || !built->front();
        return isZero ? soFar : s.add(soFar, built->front());
      });
  if (isFailed)
    return failure();
  if (isZero) {
    gradient.getDefiningOp()->erase();
    return Value();
  }
  return isScalar ? tensor::ExtractOp::create(b, gradient).getResult()
                  : gradient;
}

AdjointValues StructuredAdjoint::build(const BitVector &wanted) {
  if (!op.hasPureTensorSemantics())
    return op.emitOpError() << "has no derivative on buffers";
  if (failed(analyse()))
    return failure();
  counts.resize(accumulations.size());
  for (auto [result, accumulation] : llvm::enumerate(accumulations))
    if (resultGradients[result] && accumulation.kind == Accumulation::Extremum)
      counts[result] = countExtrema(static_cast<unsigned>(result));

  SmallVector<Value> gradients(op->getNumOperands());
  for (OpOperand *operand : op.getDpsInputOperands()) {
    if (!wanted[operand->getOperandNumber()])
      continue;
    FailureOr<Value> gradient = buildGradient(*operand);
    if (failed(gradient))
      return failure();
    gradients[operand->getOperandNumber()] = *gradient;
  }
  for (unsigned result = 0; result < accumulations.size(); ++result) {
    unsigned number = op.getDpsInitOperand(result)->getOperandNumber();
    if (!wanted[number] || !resultGradients[result])
      continue;
    if (accumulations[result].kind == Accumulation::Extremum)
      return op.emitOpError()
             << "has no derivative by what its extremum starts from";
    gradients[number] = resultGradients[result];
  }
  return gradients;
}

namespace {

template <typename OpTy>
struct LinalgAdjoint
    : DifferentiableOpInterface::ExternalModel<LinalgAdjoint<OpTy>, OpTy> {
  /// The body says what is read; a window's shape is not.
  bool isDifferentiableOperand(Operation *op, unsigned index) const {
    OpOperand &operand = op->getOpOperand(index);
    return isa<FloatType>(getElementTypeOrSelf(operand.get().getType())) &&
           !cast<linalg::LinalgOp>(op)
                .getMatchingBlockArgument(&operand)
                .use_empty();
  }

  AdjointValues buildAdjoint(Operation *op, OpBuilder &builder,
                             ValueRange resultGradients,
                             const BitVector &wanted) const {
    return StructuredAdjoint(cast<linalg::LinalgOp>(op), builder,
                             resultGradients)
        .build(wanted);
  }
};

template <typename... OpTys>
void attachAll(MLIRContext &context) {
  (OpTys::template attachInterface<LinalgAdjoint<OpTys>>(context), ...);
}

} // namespace

void frac::registerLinalgAdjoints(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, linalg::LinalgDialect *) {
    using namespace linalg;
    attachAll<GenericOp, MapOp, ReduceOp, TransposeOp, BroadcastOp,
              ElementwiseOp, FillOp, CopyOp, AddOp, SubOp, MulOp, DivOp, MaxOp,
              MinOp, PowFOp, SelectOp, AbsOp, CeilOp, ErfOp, ExpOp, FloorOp,
              LogOp, NegFOp, ReciprocalOp, RoundOp, RsqrtOp, SqrtOp, SquareOp,
              TanhOp>(*context);
    attachAll<ContractOp, MatmulOp, MatvecOp, VecmatOp, DotOp, BatchMatmulOp,
              BatchMatvecOp, BatchVecmatOp, BatchReduceMatmulOp, Mmt4DOp,
              BatchMmt4DOp>(*context);
    attachAll<Conv1DOp, Conv1DNcwFcwOp, Conv1DNwcWcfOp, Conv2DOp,
              Conv2DNchwFchwOp, Conv2DNhwcFhwcOp, Conv2DNhwcHwcfOp,
              Conv2DNgchwFgchwOp, Conv2DNgchwGfchwOp, Conv2DNhwgcGfhwcOp,
              Conv3DOp, Conv3DNcdhwFcdhwOp, Conv3DNdhwcDhwcfOp>(*context);
    attachAll<DepthwiseConv1DNcwCwOp, DepthwiseConv1DNwcWcOp,
              DepthwiseConv1DNwcWcmOp, DepthwiseConv2DNchwChwOp,
              DepthwiseConv2DNhwcHwcOp, DepthwiseConv2DNhwcHwcmOp,
              DepthwiseConv3DNcdhwCdhwOp, DepthwiseConv3DNdhwcDhwcOp,
              DepthwiseConv3DNdhwcDhwcmOp>(*context);
    attachAll<PoolingNchwMaxOp, PoolingNchwSumOp, PoolingNcwMaxOp,
              PoolingNcwSumOp, PoolingNdhwcMaxOp, PoolingNdhwcMinOp,
              PoolingNdhwcSumOp, PoolingNhwcMaxOp, PoolingNhwcMinOp,
              PoolingNhwcSumOp, PoolingNwcMaxOp, PoolingNwcMinOp,
              PoolingNwcSumOp>(*context);
    context->loadDialect<arith::ArithDialect, math::MathDialect,
                         tensor::TensorDialect>();
  });
}

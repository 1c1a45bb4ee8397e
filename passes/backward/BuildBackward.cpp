//===- BuildBackward.cpp - Append gradients to a function -----------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/adjoints/AdjointBuilder.h"
#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "passes/backward/Gradients.h"
#include "passes/backward/Passes.h"

using namespace mlir;
using namespace frac;

namespace frac {
#define GEN_PASS_DEF_BUILDBACKWARD
#include "passes/backward/Passes.h.inc"
} // namespace frac

namespace {

struct BuildBackward : frac::impl::BuildBackwardBase<BuildBackward> {
  using BuildBackwardBase::BuildBackwardBase;

  void runOnOperation() override {
    bool isFound = function.empty();
    for (auto func : getOperation().getOps<func::FuncOp>()) {
      if (func.isExternal() ||
          (!function.empty() && func.getName() != function))
        continue;
      isFound = true;
      if (failed(differentiate(func)))
        signalPassFailure();
    }
    if (!isFound) {
      getOperation().emitError()
          << "there is no function '" << function << "' to differentiate";
      signalPassFailure();
    }
  }

private:
  FailureOr<SmallVector<Value>> findLeaves(func::FuncOp func) const;
  LogicalResult differentiate(func::FuncOp func) const;
};

} // namespace

/// The values that options ask for: arguments, then loads of variables.
FailureOr<SmallVector<Value>>
BuildBackward::findLeaves(func::FuncOp func) const {
  auto isFloat = [](Value value) {
    return isa<FloatType>(getElementTypeOrSelf(value.getType()));
  };
  bool takesAll = arguments.empty() && globals.empty();
  SmallVector<Value> leaves;
  if (takesAll)
    llvm::copy_if(func.getArguments(), std::back_inserter(leaves), isFloat);
  for (unsigned number : arguments) {
    if (number >= func.getNumArguments() || !isFloat(func.getArgument(number)))
      return func.emitError() << "has no argument " << number << " of floats";
    leaves.push_back(func.getArgument(number));
  }
  if (takesAll) {
    for (auto load : func.getOps<ml_program::GlobalLoadOp>())
      if (isFloat(load.getResult()))
        leaves.push_back(load.getResult());
    return leaves;
  }
  for (const std::string &name : globals) {
    auto loads = func.getOps<ml_program::GlobalLoadOp>();
    auto found = llvm::find_if(loads, [&](ml_program::GlobalLoadOp load) {
      return load.getGlobal().getLeafReference() == name &&
             isFloat(load.getResult());
    });
    if (found == loads.end())
      return func.emitError() << "loads no variable '" << name << "' of floats";
    leaves.push_back((*found).getResult());
  }
  return leaves;
}

LogicalResult BuildBackward::differentiate(func::FuncOp func) const {
  Block &body = func.getBody().front();
  if (!func.getBody().hasOneBlock())
    return func.emitError() << "has more than one block";
  Operation *terminator = body.getTerminator();
  if (result >= terminator->getNumOperands() ||
      !isa<FloatType>(
          getElementTypeOrSelf(terminator->getOperand(result).getType())))
    return func.emitError()
           << "has no result " << result.getValue() << " of floats";

  mergeGlobalLoads(body);
  FailureOr<SmallVector<Value>> leaves = findLeaves(func);
  if (failed(leaves))
    return failure();

  Value loss = terminator->getOperand(result);
  auto shaped = dyn_cast<ShapedType>(loss.getType());
  Value seed;
  if (shaped && !(shaped.hasStaticShape() && shaped.getNumElements() == 1)) {
    if (failed(func.insertArgument(func.getNumArguments(), loss.getType(), {},
                                   loss.getLoc())))
      return failure();
    seed = body.getArguments().back();
  }

  OpBuilder builder(terminator);
  FailureOr<SmallVector<Value>> gradients =
      buildGradients(builder, loss, seed, *leaves);
  if (failed(gradients))
    return failure();
  SmallVector<Value> results(terminator->getOperands());
  for (auto [leaf, gradient] : llvm::zip_equal(*leaves, *gradients))
    results.push_back(gradient
                          ? gradient
                          : AdjointBuilder(leaf.getLoc(), builder).zeros(leaf));
  terminator->setOperands(results);
  func.setFunctionType(builder.getFunctionType(func.getArgumentTypes(),
                                               terminator->getOperandTypes()));
  return success();
}

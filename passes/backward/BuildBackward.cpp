//===- BuildBackward.cpp - Append gradients to a function -----------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/adjoints/AdjointBuilder.h"
#include "dialects/adjoints/Gradients.h"
#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
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

  void runOnOperation() override;

private:
  FailureOr<SmallVector<func::FuncOp>> findFunctions();
  FailureOr<SmallVector<Value>> findLeaves(func::FuncOp func) const;
  /// Whether there is a result to differentiate.
  bool hasResult(func::FuncOp func) const;
  LogicalResult differentiate(func::FuncOp func, ArrayRef<Value> leaves) const;
  LogicalResult process(func::FuncOp func, bool needsResult);
};

} // namespace

/// Whether values of this type can have gradients: of another one there are no
/// zeros.
static bool isDifferentiable(Type type) {
  return isa<FloatType>(type) ||
         (isa<RankedTensorType>(type) &&
          isa<FloatType>(cast<RankedTensorType>(type).getElementType()));
}

/// The values that options ask for: arguments, then loads of variables.
FailureOr<SmallVector<Value>>
BuildBackward::findLeaves(func::FuncOp func) const {
  auto isFloat = [](Value value) { return isDifferentiable(value.getType()); };
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

/// The functions to differentiate. Fails if options name what there is not.
FailureOr<SmallVector<func::FuncOp>> BuildBackward::findFunctions() {
  ModuleOp module = getOperation();
  SmallVector<func::FuncOp> functions;
  for (auto func : module.getOps<func::FuncOp>())
    if (!func.isExternal() && (function.empty() || func.getName() == function))
      functions.push_back(func);
  if (functions.empty() && !function.empty())
    return module.emitError()
           << "there is no function '" << function << "' to differentiate";
  if (into.empty())
    return functions;
  if (functions.size() != 1)
    return module.emitError() << "'into' takes one function, but there are "
                              << functions.size() << "; name one by 'function'";
  if (module.lookupSymbol(into))
    return module.emitError() << "there is already a symbol @" << into;
  return functions;
}

bool BuildBackward::hasResult(func::FuncOp func) const {
  return result < func.getNumResults() &&
         isDifferentiable(func.getResultTypes()[result]);
}

LogicalResult BuildBackward::differentiate(func::FuncOp func,
                                           ArrayRef<Value> leaves) const {
  Block &body = func.getBody().front();
  Operation *terminator = body.getTerminator();
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
      buildGradients(builder, loss, seed, leaves);
  if (failed(gradients))
    return failure();
  SmallVector<DictionaryAttr> attributes;
  if (func.getResAttrsAttr())
    func.getAllResultAttrs(attributes);
  SmallVector<Value> results(terminator->getOperands());
  if (!into.empty())
    results = {loss};
  for (auto [leaf, gradient] : llvm::zip_equal(leaves, *gradients))
    results.push_back(gradient
                          ? gradient
                          : AdjointBuilder(leaf.getLoc(), builder).zeros(leaf));
  terminator->setOperands(results);
  func.setFunctionType(builder.getFunctionType(func.getArgumentTypes(),
                                               terminator->getOperandTypes()));
  if (!attributes.empty()) {
    if (!into.empty())
      attributes = {attributes[result]};
    attributes.resize(results.size(), builder.getDictionaryAttr({}));
    func.setAllResultAttrs(attributes);
  }
  return success();
}

/// Differentiates a copy of `func`, as what fails halfway must leave nothing
/// behind. Fails after an error. Of several functions some may have no such
/// result.
LogicalResult BuildBackward::process(func::FuncOp func, bool needsResult) {
  func::FuncOp copy = func.clone();
  func->getBlock()->getOperations().insertAfter(func->getIterator(), copy);
  FailureOr<SmallVector<Value>> leaves = failure();
  bool isOptionWrong = false;
  {
    // What a rule says against a function becomes a remark.
    ScopedDiagnosticHandler handler(&getContext(), [&](Diagnostic &diagnostic) {
      if (strict || isOptionWrong ||
          diagnostic.getSeverity() != DiagnosticSeverity::Error)
        return failure();
      emitRemark(diagnostic.getLocation()) << diagnostic.str();
      return success();
    });
    if (!func.getBody().hasOneBlock()) {
      func.emitError() << "has more than one block";
    } else {
      bool isDifferentiated = hasResult(func);
      isOptionWrong = isDifferentiated || needsResult;
      if (isDifferentiated) {
        mergeGlobalLoads(copy.getBody().front());
        leaves = findLeaves(copy);
        isOptionWrong = failed(leaves);
      } else {
        func.emitError() << "has no result " << result.getValue()
                         << " of floats";
      }
      if (succeeded(leaves) && succeeded(differentiate(copy, *leaves))) {
        if (into.empty())
          func.erase();
        else
          copy.setName(into);
        return success();
      }
    }
  }
  copy.erase();
  if (strict || isOptionWrong)
    return failure();
  func.emitRemark() << "left as it was: it cannot be differentiated";
  return success();
}

void BuildBackward::runOnOperation() {
  FailureOr<SmallVector<func::FuncOp>> functions = findFunctions();
  if (failed(functions))
    return signalPassFailure();
  // Where there are several functions, some may have other results.
  bool needsResult = llvm::none_of(
      *functions, [&](func::FuncOp func) { return hasResult(func); });
  for (func::FuncOp func : *functions)
    if (failed(process(func, needsResult)))
      signalPassFailure();
}

//===- frac-toy-opt.cpp - frac-opt with operations that no pass knows -----===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/RegisterDialects.h"
#include "dialects/interfaces/DifferentiableOpInterface.h"
#include "dialects/interfaces/KeepsElements.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/InitAllDialects.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "mlir/Transforms/Passes.h"
#include "passes/RegisterPasses.h"

#include "tests/lib/toy/ToyDialect.h.inc"
#define GET_OP_CLASSES
#include "tests/lib/toy/ToyOps.h.inc"

using namespace mlir;
using namespace frac::toy;

#include "tests/lib/toy/ToyDialect.cpp.inc"
#define GET_OP_CLASSES
#include "tests/lib/toy/ToyOps.cpp.inc"

void ToyDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "tests/lib/toy/ToyOps.cpp.inc"
      >();
}

FailureOr<SmallVector<Value>> TripleOp::buildAdjoint(OpBuilder &builder,
                                                     ValueRange resultGradients,
                                                     const BitVector &wanted) {
  Value gradient = TripleOp::create(builder, getLoc(), getInput().getType(),
                                    resultGradients.front());
  return SmallVector<Value>{gradient};
}

bool SplitOp::isDifferentiableOperand(unsigned index) { return index == 0; }

FailureOr<SmallVector<Value>> SplitOp::buildAdjoint(OpBuilder &builder,
                                                    ValueRange resultGradients,
                                                    const BitVector &wanted) {
  SmallVector<Value> arrived;
  for (Value gradient : resultGradients)
    if (gradient)
      arrived.push_back(gradient);
  Value gradient =
      JoinOp::create(builder, getLoc(), getInput().getType(), arrived);
  return SmallVector<Value>{gradient, Value()};
}

FailureOr<SmallVector<Value>> JoinOp::buildAdjoint(OpBuilder &builder,
                                                   ValueRange resultGradients,
                                                   const BitVector &wanted) {
  emitOpError() << "has no second derivative";
  return failure();
}

int main(int argc, char **argv) {
  DialectRegistry registry;
  registerAllDialects(registry);
  frac::registerAllFracDialects(registry);
  registry.insert<ToyDialect>();
  registerTransformsPasses();
  frac::registerAllFracPasses();
  return asMainReturnCode(
      MlirOptMain(argc, argv, "frac-opt with the toy dialect\n", registry));
}

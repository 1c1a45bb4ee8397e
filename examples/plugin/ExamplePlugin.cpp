//===- ExamplePlugin.cpp - A dialect and a pass outside the tree ----------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/interfaces/ContractionOpInterface.h"
#include "dialects/interfaces/DifferentiableOpInterface.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Tools/Plugins/DialectPlugin.h"
#include "mlir/Tools/Plugins/PassPlugin.h"

#include "ExampleDialect.h.inc"
#define GET_OP_CLASSES
#include "ExampleOps.h.inc"

using namespace mlir;
using namespace example;

#include "ExampleDialect.cpp.inc"
#define GET_OP_CLASSES
#include "ExampleOps.cpp.inc"

void ExampleDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "ExampleOps.cpp.inc"
      >();
}

int64_t OuterOp::getMacsPerSample() {
  int64_t macs = 1;
  for (int64_t extent : getResult().getType().getShape())
    macs *= ShapedType::isDynamic(extent) ? 1 : extent;
  return macs;
}

SmallVector<int64_t> OuterOp::getChannelDimensions(unsigned index) {
  return {index == 0 ? 0 : 1};
}

/// The gradient of either factor is that of the result times the other.
FailureOr<SmallVector<Value>> OuterOp::buildAdjoint(OpBuilder &builder,
                                                    ValueRange resultGradients,
                                                    const BitVector &wanted) {
  if (!getResult().getType().hasStaticShape())
    return emitOpError("has a derivative for known extents alone");
  Value gradient = resultGradients.front();
  auto createZeros = [&](Value like) -> Value {
    auto type = cast<RankedTensorType>(like.getType());
    return arith::ConstantOp::create(
        builder, getLoc(),
        DenseElementsAttr::get(type, builder.getF32FloatAttr(0)));
  };
  SmallVector<Value> gradients(2);
  if (wanted[0])
    gradients[0] = linalg::MatmulTransposeBOp::create(
                       builder, getLoc(), ValueRange{gradient, getRow()},
                       ValueRange{createZeros(getColumn())})
                       ->getResult(0);
  if (wanted[1])
    gradients[1] = linalg::MatmulTransposeAOp::create(
                       builder, getLoc(), ValueRange{getColumn(), gradient},
                       ValueRange{createZeros(getRow())})
                       ->getResult(0);
  return gradients;
}

namespace {

/// Writes at each contraction, of whatever dialect, how many
/// multiply-accumulates it takes.
struct AnnotateMacs : PassWrapper<AnnotateMacs, OperationPass<>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(AnnotateMacs)

  StringRef getArgument() const override { return "example-annotate-macs"; }
  StringRef getDescription() const override {
    return "Write the multiply-accumulates at each contraction";
  }
  void runOnOperation() override {
    getOperation()->walk([&](frac::ContractionOpInterface op) {
      Builder builder(&getContext());
      op->setAttr("example.macs",
                  builder.getI64IntegerAttr(op.getMacsPerSample()));
    });
  }
};

} // namespace

extern "C" LLVM_ATTRIBUTE_WEAK DialectPluginLibraryInfo
mlirGetDialectPluginInfo() {
  return {
      MLIR_PLUGIN_API_VERSION, "ExamplePlugin", "1",
      [](DialectRegistry *registry) { registry->insert<ExampleDialect>(); }};
}

extern "C" LLVM_ATTRIBUTE_WEAK PassPluginLibraryInfo mlirGetPassPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "ExamplePlugin", "1",
          [] { PassRegistration<AnnotateMacs>(); }};
}

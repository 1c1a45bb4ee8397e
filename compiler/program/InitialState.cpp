//===- InitialState.cpp - What a program's variables start from
//----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/program/InitialState.h"

#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "passes/memory/Variables.h"

using namespace mlir;
using namespace frac;

/// Whether every byte of the values is 0.
static bool isZero(Attribute values) {
  auto splat = dyn_cast<SplatElementsAttr>(values);
  return splat &&
         llvm::all_of(splat.getRawData(), [](char byte) { return byte == 0; });
}

/// Writes `bytes` bytes of values.
static LogicalResult writeValues(ml_program::GlobalOp global, int64_t bytes,
                                 llvm::raw_ostream &stream) {
  Attribute values = global.getValueAttr();
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(values)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    if (!blob || static_cast<int64_t>(blob->getData().size()) != bytes)
      return global.emitError("has no values of the right size");
    stream.write(blob->getData().data(), bytes);
    return success();
  }
  auto elements = dyn_cast<DenseElementsAttr>(values);
  if (!elements)
    return global.emitError("has values of a kind that cannot be written");
  ArrayRef<char> data = elements.getRawData();
  int64_t copies = elements.isSplat() && !data.empty()
                       ? bytes / static_cast<int64_t>(data.size())
                       : 1;
  for (int64_t i = 0; i < copies; ++i)
    stream.write(data.data(), data.size());
  return success();
}

LogicalResult frac::writeInitialState(ModuleOp module,
                                      llvm::raw_ostream &stream) {
  SmallVector<std::pair<int64_t, ml_program::GlobalOp>> globals;
  for (auto global : module.getOps<ml_program::GlobalOp>()) {
    auto offset = global->getAttrOfType<IntegerAttr>("frac.offset");
    if (!offset)
      return global.emitError("has no place in the state");
    if (global.getValueAttr() && !isZero(global.getValueAttr()))
      globals.emplace_back(offset.getInt(), global);
  }
  llvm::sort(globals,
             [](const auto &a, const auto &b) { return a.first < b.first; });
  int64_t position = 0;
  for (auto &[offset, global] : globals) {
    int64_t bytes = getVariableBytes(global);
    stream.write_zeros(offset - position);
    if (failed(writeValues(global, bytes, stream)))
      return failure();
    position = offset + bytes;
  }
  return success();
}

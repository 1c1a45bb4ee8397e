//===- NNVerification.cpp - Checks that several verifiers share -----------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/NNVerification.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace frac::nn {

LogicalResult checkExtent(Operation *op, const Twine &what, int64_t actual,
                          int64_t expected) {
  if (areCompatible(actual, expected))
    return success();
  return op->emitOpError() << what << " has extent " << actual << ", expected "
                           << expected;
}

LogicalResult checkShape(Operation *op, const Twine &what,
                         ArrayRef<int64_t> actual, ArrayRef<int64_t> expected) {
  if (actual.size() != expected.size())
    return op->emitOpError() << what << " has rank " << actual.size()
                             << ", expected " << expected.size();
  for (auto [index, pair] : llvm::enumerate(llvm::zip(actual, expected)))
    if (failed(checkExtent(op, "dimension " + Twine(index) + " of " + what,
                           std::get<0>(pair), std::get<1>(pair))))
      return failure();
  return success();
}

LogicalResult checkDimensions(Operation *op, ArrayRef<int64_t> values,
                              int64_t rank) {
  for (auto [index, value] : llvm::enumerate(values)) {
    if (value < 0 || value >= rank)
      return op->emitOpError()
             << "dimension " << value << " is out of range for rank " << rank;
    if (index > 0 && value <= values[index - 1])
      return op->emitOpError() << "dimensions must ascend strictly, but "
                               << value << " follows " << values[index - 1];
  }
  return success();
}

LogicalResult checkDynamicSizes(Operation *op, ValueRange sizes,
                                RankedTensorType type) {
  if (static_cast<int64_t>(sizes.size()) ==
      static_cast<int64_t>(type.getNumDynamicDims()))
    return success();
  return op->emitOpError() << "has " << sizes.size()
                           << " dynamic sizes, expected "
                           << type.getNumDynamicDims() << " for " << type;
}

LogicalResult checkElementTypes(Operation *op, Type a, Type b) {
  if (getElementTypeOrSelf(a) == getElementTypeOrSelf(b))
    return success();
  return op->emitOpError() << "mixes element types " << getElementTypeOrSelf(a)
                           << " and " << getElementTypeOrSelf(b);
}

/// Emits an error unless every attribute has one entry a spatial dimension and
/// kernel, strides and dilations are positive.
static LogicalResult checkWindowAttributes(Operation *op, int64_t spatialRank,
                                           const WindowGeometry &window) {
  auto check = [&](StringRef name, ArrayRef<int64_t> values,
                   int64_t least) -> LogicalResult {
    if (static_cast<int64_t>(values.size()) != spatialRank)
      return op->emitOpError() << name << " has " << values.size()
                               << " entries, expected " << spatialRank;
    for (int64_t value : values)
      if (value < least)
        return op->emitOpError()
               << name << " holds " << value << ", expected at least " << least;
    return success();
  };
  if (failed(check("kernel", window.kernel, 1)) ||
      failed(check("strides", window.strides, 1)) ||
      failed(check("dilations", window.dilations, 1)) ||
      failed(check("pads_begin", window.padsBegin, 0)) ||
      failed(check("pads_end", window.padsEnd, 0)))
    return failure();
  return success();
}

LogicalResult checkWindow(Operation *op, RankedTensorType input,
                          RankedTensorType output, const WindowGeometry &window,
                          bool channelsLast, WindowRounding rounding) {
  int64_t rank = input.getRank();
  if (rank < 3 || rank > 5)
    return op->emitOpError() << "takes images of rank 3 to 5, not " << input;
  if (output.getRank() != rank)
    return op->emitOpError()
           << "images differ in rank: " << input << " and " << output;
  if (failed(checkElementTypes(op, input, output)) ||
      failed(checkExtent(op, "the batch", output.getDimSize(0),
                         input.getDimSize(0))) ||
      failed(checkWindowAttributes(op, rank - 2, window)))
    return failure();
  for (int64_t i = 0, e = rank - 2; i != e; ++i) {
    int64_t dim = getSpatialDimension(i, channelsLast);
    int64_t in = input.getDimSize(dim), out = output.getDimSize(dim);
    if (ShapedType::isDynamic(in) || ShapedType::isDynamic(out))
      return op->emitOpError()
             << "spatial dimension " << dim << " must be static";
    int64_t room = in + window.padsBegin[i] + window.padsEnd[i] -
                   window.dilations[i] * (window.kernel[i] - 1) - 1;
    int64_t down = room < 0 ? 0 : room / window.strides[i] + 1;
    int64_t up =
        room < 0 ? 0 : (room + window.strides[i] - 1) / window.strides[i] + 1;
    if (out == down || (rounding == WindowRounding::DownOrUp && out == up))
      continue;
    return op->emitOpError()
           << "spatial dimension " << dim << " of the output has extent " << out
           << ", expected " << down;
  }
  return success();
}

} // namespace frac::nn

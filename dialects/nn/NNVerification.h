//===- NNVerification.h - Checks that several verifiers share -------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_DIALECTS_NN_NNVERIFICATION_H
#define FRAC_DIALECTS_NN_NNVERIFICATION_H

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Operation.h"

namespace frac::nn {

/// Whether two extents can be the same at run time.
inline bool areCompatible(int64_t a, int64_t b) {
  return a == b || mlir::ShapedType::isDynamic(a) ||
         mlir::ShapedType::isDynamic(b);
}

/// Emits an error at `op` unless the extents `actual` and `expected` of what
/// `what` names are compatible.
mlir::LogicalResult checkExtent(mlir::Operation *op, const llvm::Twine &what,
                                int64_t actual, int64_t expected);

/// The same for a whole shape.
mlir::LogicalResult checkShape(mlir::Operation *op, const llvm::Twine &what,
                               llvm::ArrayRef<int64_t> actual,
                               llvm::ArrayRef<int64_t> expected);

/// Emits an error unless `values` names dimensions of a tensor of `rank`, in
/// strictly ascending order.
mlir::LogicalResult checkDimensions(mlir::Operation *op,
                                    llvm::ArrayRef<int64_t> values,
                                    int64_t rank);

/// Emits an error unless there is one operand of index type for each dynamic
/// extent of `type`.
mlir::LogicalResult checkDynamicSizes(mlir::Operation *op,
                                      mlir::ValueRange sizes,
                                      mlir::RankedTensorType type);

/// Emits an error unless both types have the same element type.
mlir::LogicalResult checkElementTypes(mlir::Operation *op, mlir::Type a,
                                      mlir::Type b);

/// A window that slides over the spatial dimensions of an image.
struct WindowGeometry {
  llvm::ArrayRef<int64_t> kernel;
  llvm::ArrayRef<int64_t> strides;
  llvm::ArrayRef<int64_t> dilations;
  llvm::ArrayRef<int64_t> padsBegin;
  llvm::ArrayRef<int64_t> padsEnd;
};

/// How the output extent is rounded when the last window does not fit.
enum class WindowRounding { Down, DownOrUp };

/// Emits an error unless the window is well formed and takes images of type
/// `input` to images of type `output`. Channels are not looked at.
mlir::LogicalResult checkWindow(mlir::Operation *op,
                                mlir::RankedTensorType input,
                                mlir::RankedTensorType output,
                                const WindowGeometry &window, bool channelsLast,
                                WindowRounding rounding);

/// Dimension of an image of `rank` that holds the channels.
inline int64_t getChannelDimension(int64_t rank, bool channelsLast) {
  return channelsLast ? rank - 1 : 1;
}

/// Dimension of an image that is spatial dimension `index`.
inline int64_t getSpatialDimension(int64_t index, bool channelsLast) {
  return channelsLast ? index + 1 : index + 2;
}

} // namespace frac::nn

#endif // FRAC_DIALECTS_NN_NNVERIFICATION_H

//===- Window.h - Windows of convolutions and pools ----------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_FRONTENDS_ONNX_WINDOW_H
#define FRAC_FRONTENDS_ONNX_WINDOW_H

#include "frontends/onnx/NodeContext.h"

namespace frac::frontend {

/// How a window slides; one entry a spatial dimension.
struct Window {
  llvm::SmallVector<int64_t> kernel, strides, dilations, padsBegin, padsEnd;
  /// Extents of the result.
  llvm::SmallVector<int64_t> output;
};

/// Reads strides, dilations, pads and auto_pad of a convolution or pool over an
/// image of shape (N, C, spatial...) and computes the extents of its result,
/// rounded up with `ceilMode`. Fails with an error if the window does not fit.
mlir::FailureOr<Window> getWindow(NodeContext &node,
                                  llvm::ArrayRef<Extent> image,
                                  llvm::ArrayRef<int64_t> kernel,
                                  bool ceilMode);

/// The spatial extents of an image of shape (N, C, spatial...). Fails with an
/// error unless it has 1 to 3 of them and they and the channels are static.
mlir::FailureOr<llvm::SmallVector<int64_t>>
getSpatialExtents(NodeContext &node, llvm::ArrayRef<Extent> image);

/// Reads a list of `rank` integers of at least `minimum`; all `defaultValue` if
/// the attribute is not there.
mlir::FailureOr<llvm::SmallVector<int64_t>>
getSpatialAttribute(NodeContext &node, llvm::StringRef name, size_t rank,
                    int64_t minimum, int64_t defaultValue);

} // namespace frac::frontend

#endif // FRAC_FRONTENDS_ONNX_WINDOW_H

//===- Window.cpp - Windows of convolutions and pools --------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/Window.h"

using namespace mlir;
using namespace frac::frontend;

/// Far above any sensible kernel, stride or padding, far below overflow.
static constexpr int64_t maxWindow = int64_t(1) << 24;

FailureOr<SmallVector<int64_t>>
frac::frontend::getSpatialExtents(NodeContext &node, ArrayRef<Extent> image) {
  if (image.size() < 3 || image.size() > 5)
    return node.error("the input has shape " + toString(image) +
                      ", it must have 1 to 3 dimensions after batch and "
                      "channels");
  SmallVector<int64_t> extents;
  for (Extent extent : image.drop_front(1)) {
    if (!extent.isStatic())
      return node.error("the input has shape " + toString(image) +
                        ", only its first dimension may depend on the batch");
    extents.push_back(extent.offset);
  }
  extents.erase(extents.begin());
  return extents;
}

FailureOr<SmallVector<int64_t>>
frac::frontend::getSpatialAttribute(NodeContext &node, llvm::StringRef name,
                                    size_t rank, int64_t minimum,
                                    int64_t defaultValue) {
  std::optional<std::vector<int64_t>> values = node.getInts(name);
  if (!values)
    return SmallVector<int64_t>(rank, defaultValue);
  if (values->size() != rank)
    return node.error("attribute '" + name + "' has " +
                      llvm::Twine(values->size()) + " entries instead of " +
                      llvm::Twine(rank));
  for (int64_t value : *values)
    if (value < minimum || value > maxWindow)
      return node.error("attribute '" + name + "' has the value " +
                        llvm::Twine(value) + ", it must be from " +
                        llvm::Twine(minimum) + " to " + llvm::Twine(maxWindow));
  return SmallVector<int64_t>(values->begin(), values->end());
}

FailureOr<Window> frac::frontend::getWindow(NodeContext &node,
                                            ArrayRef<Extent> image,
                                            ArrayRef<int64_t> kernel,
                                            bool ceilMode) {
  FailureOr<SmallVector<int64_t>> extents = getSpatialExtents(node, image);
  if (failed(extents))
    return failure();
  size_t rank = extents->size();
  if (kernel.size() != rank)
    return node.error("the kernel has " + llvm::Twine(kernel.size()) +
                      " dimensions, the image " + llvm::Twine(rank));
  for (int64_t size : kernel)
    if (size < 1 || size > maxWindow)
      return node.error("a kernel extent of " + llvm::Twine(size) +
                        " is not possible");
  auto strides = getSpatialAttribute(node, "strides", rank, 1, 1);
  auto dilations = getSpatialAttribute(node, "dilations", rank, 1, 1);
  auto pads = getSpatialAttribute(node, "pads", 2 * rank, 0, 0);
  if (failed(strides) || failed(dilations) || failed(pads))
    return failure();
  std::string autoPad = node.getString("auto_pad", "NOTSET");
  bool same = autoPad == "SAME_UPPER" || autoPad == "SAME_LOWER";
  if (!same && autoPad != "NOTSET" && autoPad != "VALID")
    return node.error("auto_pad '" + autoPad + "' is unknown");

  Window window;
  window.kernel.assign(kernel.begin(), kernel.end());
  window.strides = *strides;
  window.dilations = *dilations;
  for (size_t i = 0; i != rank; ++i) {
    int64_t extent = (*extents)[i], stride = (*strides)[i];
    int64_t reach = (kernel[i] - 1) * (*dilations)[i] + 1;
    int64_t begin = (*pads)[i], end = (*pads)[rank + i];
    if (autoPad == "VALID")
      begin = end = 0;
    if (same) {
      int64_t result = (extent + stride - 1) / stride;
      int64_t total =
          std::max<int64_t>((result - 1) * stride + reach - extent, 0);
      begin = autoPad == "SAME_UPPER" ? total / 2 : total - total / 2;
      end = total - begin;
    }
    int64_t room = extent + begin + end - reach;
    if (room < 0)
      return node.error("the window of " + llvm::Twine(reach) +
                        " is larger than the padded extent " +
                        llvm::Twine(extent + begin + end));
    int64_t result = room / stride + 1;
    // A window that starts beyond the input and the padding before it is left
    // out, as ONNX (since opset 19) and PyTorch do.
    if (ceilMode && room % stride != 0 && result * stride < extent + begin)
      ++result;
    window.padsBegin.push_back(begin);
    window.padsEnd.push_back(end);
    window.output.push_back(result);
  }
  return window;
}

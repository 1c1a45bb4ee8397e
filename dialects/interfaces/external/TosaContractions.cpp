//===- TosaContractions.cpp - Contractions of the tosa dialect ------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/interfaces/ContractionOpInterface.h"
#include "dialects/interfaces/external/Contractions.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/DialectRegistry.h"

using namespace mlir;
using namespace frac;

/// The product of extents, with 1 for those that are not known.
static int64_t multiply(ArrayRef<int64_t> extents, int64_t factor) {
  for (int64_t extent : extents)
    if (!ShapedType::isDynamic(extent) &&
        llvm::MulOverflow(factor, extent, factor))
      return std::numeric_limits<int64_t>::max();
  return factor;
}

static ArrayRef<int64_t> getShape(Value value) {
  return cast<ShapedType>(value.getType()).getShape();
}

/// Whether the shapes that are counted are known.
static bool isRanked(Operation *op) {
  return llvm::all_of(
      ValueRange{op->getOperand(0), op->getOperand(1), op->getResult(0)},
      [](Value value) { return isa<RankedTensorType>(value.getType()); });
}

/// Adds the strides and dilations of a convolution; 1 where it has none.
static void addWindow(Operation *op, ContractionGeometry &geometry) {
  auto add = [&](StringRef name, SmallVector<int64_t, 3> &list) {
    if (auto values = op->getAttrOfType<DenseI64ArrayAttr>(name))
      llvm::append_range(list, values.asArrayRef());
    else
      list.assign(geometry.kernel.size(), 1);
  };
  add("stride", geometry.strides);
  add("dilation", geometry.dilations);
}

namespace {

/// Images are (N, spatial..., C), weights (O, kernel..., I).
template <typename OpTy>
struct TosaConv : ContractionOpInterface::ExternalModel<TosaConv<OpTy>, OpTy> {
  /// Every element of this image meets the kernel once for each channel of the
  /// other.
  static constexpr bool isTransposed =
      std::is_same_v<OpTy, tosa::TransposeConv2DOp>;

  int64_t getMacsPerSample(Operation *op) const {
    if (!isRanked(op))
      return 0;
    ArrayRef<int64_t> weights = getShape(op->getOperand(1));
    if (isTransposed)
      return multiply(getShape(op->getOperand(0)),
                      multiply(weights.drop_back(), 1));
    return multiply(getShape(op->getResult(0)),
                    multiply(weights.drop_front(), 1));
  }

  std::optional<ContractionGeometry> getGeometry(Operation *op) const {
    if (!isRanked(op))
      return std::nullopt;
    ArrayRef<int64_t> weights = getShape(op->getOperand(1));
    // The convolution that a transposed one is the gradient of goes from its
    // result to its input.
    ArrayRef<int64_t> output =
        getShape(isTransposed ? op->getOperand(0) : op->getResult(0));
    ContractionGeometry geometry;
    geometry.form = isTransposed ? ContractionGeometry::Form::InputGradient
                                 : ContractionGeometry::Form::Convolution;
    geometry.batch = output.front();
    geometry.inChannels = isTransposed ? weights.front() : weights.back();
    geometry.outChannels = isTransposed ? weights.back() : weights.front();
    llvm::append_range(geometry.kernel, weights.drop_front().drop_back());
    llvm::append_range(geometry.output, output.drop_front().drop_back());
    addWindow(op, geometry);
    return geometry;
  }

  int64_t getRightChannelDimension(Operation *op) const { return 0; }

  bool isPointwise(Operation *op) const {
    if (!isRanked(op))
      return false;
    ArrayRef<int64_t> weights = getShape(op->getOperand(1));
    return llvm::all_of(weights.drop_front().drop_back(),
                        [](int64_t extent) { return extent == 1; });
  }
};

/// Weights are (kernel..., C, M): M filters for each of C channels.
struct TosaDepthwiseConv
    : ContractionOpInterface::ExternalModel<TosaDepthwiseConv,
                                            tosa::DepthwiseConv2DOp> {
  int64_t getMacsPerSample(Operation *op) const {
    if (!isRanked(op))
      return 0;
    ArrayRef<int64_t> weights = getShape(op->getOperand(1));
    return multiply(getShape(op->getResult(0)),
                    multiply(weights.drop_back(2), 1));
  }
  std::optional<ContractionGeometry> getGeometry(Operation *op) const {
    if (!isRanked(op))
      return std::nullopt;
    ArrayRef<int64_t> weights = getShape(op->getOperand(1));
    ArrayRef<int64_t> output = getShape(op->getResult(0));
    ContractionGeometry geometry;
    geometry.form = ContractionGeometry::Form::Convolution;
    geometry.batch = output.front();
    geometry.inChannels = geometry.groups = weights[2];
    geometry.outChannels = output.back();
    llvm::append_range(geometry.kernel, weights.drop_back(2));
    llvm::append_range(geometry.output, output.drop_front().drop_back());
    addWindow(op, geometry);
    return geometry;
  }
  SmallVector<int64_t> getChannelDimensions(Operation *op,
                                            unsigned index) const {
    return index == 1 ? SmallVector<int64_t>{2, 3} : SmallVector<int64_t>{};
  }
  bool isDepthwise(Operation *op) const { return true; }
};

/// Stacks of matrices, (N, H, C) times (N, C, W).
struct TosaMatmul
    : ContractionOpInterface::ExternalModel<TosaMatmul, tosa::MatMulOp> {
  int64_t getMacsPerSample(Operation *op) const {
    if (!isRanked(op))
      return 0;
    return multiply(getShape(op->getResult(0)),
                    multiply(getShape(op->getOperand(0)).take_back(), 1));
  }
  std::optional<ContractionGeometry> getGeometry(Operation *op) const {
    if (!isRanked(op))
      return std::nullopt;
    ArrayRef<int64_t> left = getShape(op->getOperand(0));
    ContractionGeometry geometry;
    geometry.groups = left[0];
    geometry.batch = left[1];
    geometry.inChannels = left[2];
    geometry.outChannels = getShape(op->getResult(0)).back();
    return geometry;
  }
  SmallVector<int64_t> getChannelDimensions(Operation *op,
                                            unsigned index) const {
    return {index == 0 ? 1 : 2};
  }
};

} // namespace

void frac::registerTosaContractions(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, tosa::TosaDialect *) {
    using namespace tosa;
    Conv2DOp::attachInterface<TosaConv<Conv2DOp>>(*context);
    Conv3DOp::attachInterface<TosaConv<Conv3DOp>>(*context);
    TransposeConv2DOp::attachInterface<TosaConv<TransposeConv2DOp>>(*context);
    DepthwiseConv2DOp::attachInterface<TosaDepthwiseConv>(*context);
    MatMulOp::attachInterface<TosaMatmul>(*context);
  });
}

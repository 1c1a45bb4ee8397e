//===- LinalgContractions.cpp - Contractions of the linalg dialect --------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/interfaces/ContractionOpInterface.h"
#include "dialects/interfaces/external/Contractions.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/DialectRegistry.h"

using namespace mlir;
using namespace frac;

/// Loops of a product by the part they play: those along which the result has
/// channels that only the left or only the right factor knows, and those that
/// both factors and the result share.
namespace {
struct ProductLoops {
  SmallVector<unsigned> left, right, shared;
  SmallVector<unsigned> window;
  bool sumsChannels = false;
};
} // namespace

/// Whether the body adds products of the two factors. Pooling does not.
static bool isMultiplyAdd(linalg::LinalgOp op) {
  return linalg::detail::isContractionBody(
      *op.getBlock(), [](Operation *product, Operation *sum) {
        return (isa<arith::MulFOp>(product) && isa<arith::AddFOp>(sum)) ||
               (isa<arith::MulIOp>(product) && isa<arith::AddIOp>(sum)) ||
               (isa<complex::MulOp>(product) && isa<complex::AddOp>(sum));
      });
}

/// The loops of `op`, or nothing if it is no product in which each number of a
/// factor takes part more than once.
static std::optional<ProductLoops> getLoops(linalg::LinalgOp op) {
  if (op.getNumDpsInputs() != 2 || op.getNumDpsInits() != 1 ||
      !op.hasPureTensorSemantics() || !isMultiplyAdd(op))
    return std::nullopt;
  ProductLoops loops;
  if (linalg::isaContractionOpInterface(op)) {
    // A vector may be a factor: inferContractionDims needs m, n and k.
    SmallVector<AffineMap> maps = op.getIndexingMapsArray();
    for (unsigned loop = 0; loop < op.getNumLoops(); ++loop) {
      bool isLeft = maps[0].isFunctionOfDim(loop);
      bool isRight = maps[1].isFunctionOfDim(loop);
      if (!maps[2].isFunctionOfDim(loop))
        loops.sumsChannels = true;
      else if (isLeft && isRight)
        loops.shared.push_back(loop);
      else
        (isLeft ? loops.left : loops.right).push_back(loop);
    }
    if (loops.sumsChannels && !(loops.left.empty() && loops.right.empty()))
      return loops;
    return std::nullopt;
  }
  if (!linalg::isaConvolutionOpInterface(op))
    return std::nullopt;
  FailureOr<linalg::ConvolutionDimensions> dims =
      linalg::inferConvolutionDims(op);
  if (failed(dims))
    return std::nullopt;
  loops.right.assign(dims->outputChannel.begin(), dims->outputChannel.end());
  loops.shared.assign(dims->depth.begin(), dims->depth.end());
  loops.window.assign(dims->filterLoop.begin(), dims->filterLoop.end());
  loops.sumsChannels = !dims->inputChannel.empty();
  return loops;
}

/// The product of the extents of `loops`; dynamic if one of them is.
static int64_t getExtent(ArrayRef<unsigned> loops, ArrayRef<int64_t> ranges) {
  int64_t extent = 1;
  for (unsigned loop : loops) {
    if (ShapedType::isDynamic(ranges[loop]))
      return ShapedType::kDynamic;
    if (llvm::MulOverflow(extent, ranges[loop], extent))
      return std::numeric_limits<int64_t>::max();
  }
  return extent;
}

/// The geometry of a product of matrices, or of stacks of them: what both
/// factors and the result share is the stack.
static ContractionGeometry getMatrixGeometry(linalg::LinalgOp op,
                                             const ProductLoops &loops) {
  SmallVector<int64_t> ranges = op.getStaticLoopRanges();
  SmallVector<unsigned> inner;
  op.getReductionDims(inner);
  ContractionGeometry geometry;
  geometry.batch = getExtent(loops.left, ranges);
  geometry.inChannels = getExtent(inner, ranges);
  geometry.outChannels = getExtent(loops.right, ranges);
  geometry.groups = getExtent(loops.shared, ranges);
  return geometry;
}

/// The geometry of a convolution; nothing if its loops are not those of one
/// with the same strides and dilations throughout.
static std::optional<ContractionGeometry>
getConvolutionGeometry(linalg::LinalgOp op) {
  FailureOr<linalg::ConvolutionDimensions> dims =
      linalg::inferConvolutionDims(op);
  if (failed(dims))
    return std::nullopt;
  SmallVector<int64_t> ranges = op.getStaticLoopRanges();
  ContractionGeometry geometry;
  geometry.form = ContractionGeometry::Form::Convolution;
  geometry.batch = getExtent(dims->batch, ranges);
  geometry.groups = getExtent(dims->depth, ranges);
  int64_t in = getExtent(dims->inputChannel, ranges);
  int64_t out = getExtent(dims->outputChannel, ranges);
  if (ShapedType::isDynamic(geometry.groups) || ShapedType::isDynamic(in) ||
      ShapedType::isDynamic(out) ||
      llvm::MulOverflow(in, geometry.groups, geometry.inChannels) ||
      llvm::MulOverflow(out, geometry.groups, geometry.outChannels))
    return std::nullopt;
  for (unsigned loop : dims->filterLoop)
    geometry.kernel.push_back(ranges[loop]);
  for (unsigned loop : dims->outputImage)
    geometry.output.push_back(ranges[loop]);
  llvm::append_range(geometry.strides, dims->strides);
  llvm::append_range(geometry.dilations, dims->dilations);
  return geometry;
}

namespace {

template <typename OpTy>
struct LinalgContraction
    : ContractionOpInterface::ExternalModel<LinalgContraction<OpTy>, OpTy> {
  bool isContraction(Operation *op) const {
    return getLoops(cast<linalg::LinalgOp>(op)).has_value();
  }

  int64_t getMacsPerSample(Operation *op) const {
    int64_t macs = 1;
    for (int64_t range : cast<linalg::LinalgOp>(op).getStaticLoopRanges())
      if (!ShapedType::isDynamic(range) && llvm::MulOverflow(macs, range, macs))
        return std::numeric_limits<int64_t>::max();
    return macs;
  }

  std::optional<ContractionGeometry> getGeometry(Operation *op) const {
    auto linalgOp = cast<linalg::LinalgOp>(op);
    std::optional<ProductLoops> loops = getLoops(linalgOp);
    if (!loops)
      return std::nullopt;
    return loops->window.empty() ? getMatrixGeometry(linalgOp, *loops)
                                 : getConvolutionGeometry(linalgOp);
  }

  int64_t getRightChannelDimension(Operation *op) const {
    SmallVector<int64_t> dims = getChannelDimensions(op, 1);
    return dims.size() == 1 ? dims.front() : -1;
  }

  SmallVector<int64_t> getChannelDimensions(Operation *op,
                                            unsigned index) const {
    auto linalgOp = cast<linalg::LinalgOp>(op);
    std::optional<ProductLoops> loops = getLoops(linalgOp);
    SmallVector<int64_t> dims;
    if (!loops)
      return dims;
    SmallVector<unsigned> channels = index == 0 ? loops->left : loops->right;
    // Of a convolution with groups, or of depth, groups are channels too.
    if (!loops->window.empty() && index == 1)
      channels.append(loops->shared);
    AffineMap map =
        linalgOp.getMatchingIndexingMap(linalgOp.getDpsInputOperand(index));
    for (auto [dim, expr] : llvm::enumerate(map.getResults()))
      if (auto loop = dyn_cast<AffineDimExpr>(expr);
          loop && llvm::is_contained(channels, loop.getPosition()))
        dims.push_back(static_cast<int64_t>(dim));
    return dims;
  }

  bool isDepthwise(Operation *op) const {
    std::optional<ProductLoops> loops = getLoops(cast<linalg::LinalgOp>(op));
    return loops && !loops->sumsChannels && !loops->shared.empty();
  }

  bool isPointwise(Operation *op) const {
    auto linalgOp = cast<linalg::LinalgOp>(op);
    std::optional<ProductLoops> loops = getLoops(linalgOp);
    if (!loops || loops->window.empty())
      return false;
    SmallVector<int64_t> ranges = linalgOp.getStaticLoopRanges();
    return llvm::all_of(loops->window,
                        [&](unsigned loop) { return ranges[loop] == 1; });
  }
};

template <typename... OpTys>
void attachAll(MLIRContext &context) {
  (OpTys::template attachInterface<LinalgContraction<OpTys>>(context), ...);
}

} // namespace

void frac::registerLinalgContractions(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, linalg::LinalgDialect *) {
    using namespace linalg;
    attachAll<GenericOp, ContractOp, MatmulOp, MatvecOp, VecmatOp,
              BatchMatmulOp, BatchMatvecOp, BatchVecmatOp, BatchReduceMatmulOp,
              Mmt4DOp, BatchMmt4DOp>(*context);
    attachAll<Conv1DOp, Conv1DNcwFcwOp, Conv1DNwcWcfOp, Conv2DOp,
              Conv2DNchwFchwOp, Conv2DNhwcFhwcOp, Conv2DNhwcHwcfOp,
              Conv2DNgchwFgchwOp, Conv2DNgchwGfchwOp, Conv2DNhwgcGfhwcOp,
              Conv3DOp, Conv3DNcdhwFcdhwOp, Conv3DNdhwcDhwcfOp>(*context);
    attachAll<DepthwiseConv1DNcwCwOp, DepthwiseConv1DNwcWcOp,
              DepthwiseConv1DNwcWcmOp, DepthwiseConv2DNchwChwOp,
              DepthwiseConv2DNhwcHwcOp, DepthwiseConv2DNhwcHwcmOp,
              DepthwiseConv3DNcdhwCdhwOp, DepthwiseConv3DNdhwcDhwcOp,
              DepthwiseConv3DNdhwcDhwcmOp>(*context);
  });
}

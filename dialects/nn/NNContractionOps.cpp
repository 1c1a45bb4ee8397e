//===- NNContractionOps.cpp - Convolutions and matrix products ------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/NNDialect.h"
#include "dialects/nn/NNVerification.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace frac::nn;

/// Product of all static extents: the elements where a dynamic extent is 1.
static int64_t getElementsPerSample(RankedTensorType type) {
  int64_t elements = 1;
  for (int64_t extent : type.getShape())
    elements *= ShapedType::isDynamic(extent) ? 1 : extent;
  return elements;
}

//===----------------------------------------------------------------------===//
// MatmulOp
//===----------------------------------------------------------------------===//

LogicalResult MatmulOp::verify() {
  auto lhs = getLhs().getType(), rhs = getRhs().getType(),
       result = getResult().getType();
  int64_t rank = lhs.getRank();
  // matmul_c1: both operands and the result have rank 2, or all have rank 3.
  if ((rank != 2 && rank != 3) || rhs.getRank() != rank ||
      result.getRank() != rank)
    return emitOpError() << "takes two matrices or two stacks of matrices, not "
                         << lhs << " and " << rhs << " to " << result;
  // matmul_c2: element types agree.
  if (failed(checkElementTypes(*this, lhs, rhs)) ||
      failed(checkElementTypes(*this, lhs, result)))
    return failure();
  // matmul_c3: stacks are equally deep.
  if (rank == 3 &&
      (failed(checkExtent(*this, "the stack of the right operand",
                          rhs.getDimSize(0), lhs.getDimSize(0))) ||
       failed(checkExtent(*this, "the stack of the result",
                          result.getDimSize(0), lhs.getDimSize(0)))))
    return failure();
  int64_t m = lhs.getDimSize(rank - (getTransposeLhs() ? 1 : 2));
  int64_t k = lhs.getDimSize(rank - (getTransposeLhs() ? 2 : 1));
  int64_t n = rhs.getDimSize(rank - (getTransposeRhs() ? 2 : 1));
  // matmul_c4: the inner extents agree, and the outer ones with the result.
  if (failed(checkExtent(*this, "the inner dimension of the right operand",
                         rhs.getDimSize(rank - (getTransposeRhs() ? 1 : 2)),
                         k)) ||
      failed(checkExtent(*this, "the rows of the result",
                         result.getDimSize(rank - 2), m)) ||
      failed(checkExtent(*this, "the columns of the result",
                         result.getDimSize(rank - 1), n)))
    return failure();
  return success();
}

int64_t MatmulOp::getMacsPerSample() {
  auto lhs = getLhs().getType();
  int64_t inner = lhs.getDimSize(lhs.getRank() - (getTransposeLhs() ? 2 : 1));
  return getElementsPerSample(getResult().getType()) *
         (ShapedType::isDynamic(inner) ? 1 : inner);
}

std::optional<frac::ContractionGeometry> MatmulOp::getGeometry() {
  ArrayRef<int64_t> lhs = getLhs().getType().getShape();
  ArrayRef<int64_t> result = getResult().getType().getShape();
  frac::ContractionGeometry geometry;
  geometry.batch = result[result.size() - 2];
  geometry.inChannels = lhs[lhs.size() - (getTransposeLhs() ? 2 : 1)];
  geometry.outChannels = result.back();
  geometry.groups = result.size() == 3 ? result.front() : 1;
  return geometry;
}

int64_t MatmulOp::getRightChannelDimension() {
  // A stack holds matrices that need not have anything to do with each other.
  if (getRhs().getType().getRank() != 2)
    return -1;
  return getTransposeRhs() ? 0 : 1;
}

//===----------------------------------------------------------------------===//
// Convolutions
//===----------------------------------------------------------------------===//

/// Verifies what the three products of a convolution have in common: `input`,
/// `weights` and `output` are those of the convolution, whichever of them the
/// operation computes.
template <typename OpTy>
static LogicalResult verifyConvolution(OpTy op, Value inputValue,
                                       Value weightsValue, Value outputValue) {
  auto input = cast<RankedTensorType>(inputValue.getType());
  auto weights = cast<RankedTensorType>(weightsValue.getType());
  auto output = cast<RankedTensorType>(outputValue.getType());
  // conv_c1: the weights have the rank of the images and a static shape.
  if (weights.getRank() != input.getRank() || !weights.hasStaticShape())
    return op.emitOpError() << "weights " << weights
                            << " must be static and of the rank of " << input;
  // conv_c2: element types agree, window and spatial extents are consistent.
  if (failed(checkElementTypes(op, input, weights)) ||
      failed(
          checkWindow(op, input, output,
                      {weights.getShape().drop_front(2), op.getStrides(),
                       op.getDilations(), op.getPadsBegin(), op.getPadsEnd()},
                      op.getChannelsLast(), WindowRounding::Down)))
    return failure();
  // conv_c3: groups divide both numbers of channels.
  int64_t groups = op.getGroups();
  int64_t dim = getChannelDimension(input.getRank(), op.getChannelsLast());
  int64_t in = input.getDimSize(dim), out = output.getDimSize(dim);
  if (ShapedType::isDynamic(in) || ShapedType::isDynamic(out))
    return op.emitOpError() << "channels must be static";
  if (groups < 1 || in % groups != 0 || out % groups != 0)
    return op.emitOpError() << groups << " groups do not divide " << in
                            << " and " << out << " channels";
  // conv_c4: the weights have the channels of the images.
  if (failed(checkExtent(op, "dimension 0 of the weights",
                         weights.getDimSize(0), out)) ||
      failed(checkExtent(op, "dimension 1 of the weights",
                         weights.getDimSize(1), in / groups)))
    return failure();
  return success();
}

/// Multiply-accumulates of each of the three products for one sample.
static int64_t getConvolutionMacs(Value weightsValue, Value outputValue,
                                  bool channelsLast) {
  auto weights = cast<RankedTensorType>(weightsValue.getType());
  auto output = cast<RankedTensorType>(outputValue.getType());
  int64_t macs = weights.getNumElements();
  for (int64_t i = 0, e = output.getRank() - 2; i != e; ++i)
    macs *= output.getDimSize(getSpatialDimension(i, channelsLast));
  int64_t batch = output.getDimSize(0);
  return ShapedType::isDynamic(batch) ? macs : macs * batch;
}

/// Whether a convolution with these weights and groups has one input channel a
/// group, and more than one group.
static bool isDepthwiseConvolution(Value weights, uint64_t groups) {
  return groups > 1 &&
         cast<RankedTensorType>(weights.getType()).getDimSize(1) == 1;
}

/// What the three products have in common, as of `getConvolutionMacs`.
template <typename OpTy>
static frac::ContractionGeometry
getConvolutionGeometry(OpTy op, frac::ContractionGeometry::Form form,
                       Value weightsValue, Value outputValue) {
  auto weights = cast<RankedTensorType>(weightsValue.getType());
  auto output = cast<RankedTensorType>(outputValue.getType());
  frac::ContractionGeometry geometry;
  geometry.form = form;
  geometry.batch = output.getDimSize(0);
  geometry.groups = op.getGroups();
  geometry.inChannels = weights.getDimSize(1) * op.getGroups();
  geometry.outChannels = weights.getDimSize(0);
  geometry.kernel.assign(weights.getShape().drop_front(2).begin(),
                         weights.getShape().end());
  for (int64_t i = 0, e = output.getRank() - 2; i != e; ++i)
    geometry.output.push_back(
        output.getDimSize(getSpatialDimension(i, op.getChannelsLast())));
  llvm::append_range(geometry.strides, op.getStrides());
  llvm::append_range(geometry.dilations, op.getDilations());
  return geometry;
}

static bool isPointwiseConvolution(Value weights) {
  auto type = cast<RankedTensorType>(weights.getType());
  return llvm::all_of(type.getShape().drop_front(2),
                      [](int64_t extent) { return extent == 1; });
}

LogicalResult ConvOp::verify() {
  return verifyConvolution(*this, getInput(), getWeights(), getResult());
}

int64_t ConvOp::getMacsPerSample() {
  return getConvolutionMacs(getWeights(), getResult(), getChannelsLast());
}

std::optional<frac::ContractionGeometry> ConvOp::getGeometry() {
  return getConvolutionGeometry(*this,
                                frac::ContractionGeometry::Form::Convolution,
                                getWeights(), getResult());
}

int64_t ConvOp::getRightChannelDimension() { return 0; }

bool ConvOp::isDepthwise() {
  return isDepthwiseConvolution(getWeights(), getGroups());
}

bool ConvOp::isPointwise() { return isPointwiseConvolution(getWeights()); }

bool ConvOp::isImageOperand(unsigned index) { return index == 0; }
bool ConvOp::isImageResult(unsigned index) { return true; }

LogicalResult ConvInputGradOp::verify() {
  return verifyConvolution(*this, getResult(), getWeights(), getError());
}

int64_t ConvInputGradOp::getMacsPerSample() {
  return getConvolutionMacs(getWeights(), getError(), getChannelsLast());
}

std::optional<frac::ContractionGeometry> ConvInputGradOp::getGeometry() {
  return getConvolutionGeometry(*this,
                                frac::ContractionGeometry::Form::InputGradient,
                                getWeights(), getError());
}

int64_t ConvInputGradOp::getRightChannelDimension() { return 0; }

bool ConvInputGradOp::isDepthwise() {
  return isDepthwiseConvolution(getWeights(), getGroups());
}

bool ConvInputGradOp::isPointwise() {
  return isPointwiseConvolution(getWeights());
}

bool ConvInputGradOp::isImageOperand(unsigned index) { return index == 0; }
bool ConvInputGradOp::isImageResult(unsigned index) { return true; }

LogicalResult ConvWeightGradOp::verify() {
  return verifyConvolution(*this, getInput(), getResult(), getError());
}

int64_t ConvWeightGradOp::getMacsPerSample() {
  return getConvolutionMacs(getResult(), getError(), getChannelsLast());
}

std::optional<frac::ContractionGeometry> ConvWeightGradOp::getGeometry() {
  return getConvolutionGeometry(*this,
                                frac::ContractionGeometry::Form::WeightGradient,
                                getResult(), getError());
}

int64_t ConvWeightGradOp::getRightChannelDimension() { return -1; }

bool ConvWeightGradOp::isDepthwise() {
  return isDepthwiseConvolution(getResult(), getGroups());
}

bool ConvWeightGradOp::isPointwise() {
  return isPointwiseConvolution(getResult());
}

bool ConvWeightGradOp::isImageOperand(unsigned index) { return true; }
bool ConvWeightGradOp::isImageResult(unsigned index) { return false; }

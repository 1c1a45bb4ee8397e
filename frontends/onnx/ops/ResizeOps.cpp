//===- ResizeOps.cpp - Resize and Upsample -------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Interpolation along one dimension after the other. An element of the result
/// is a weighted sum of a few elements of the input, its taps, whose places and
/// weights depend on the dimension alone and are constants.
///
//===----------------------------------------------------------------------===//

#include "frontends/onnx/NodeContext.h"
#include "frontends/onnx/Operators.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

#include <cmath>

using namespace mlir;
using namespace frac;
using namespace frac::frontend;

namespace {

/// How a node interpolates.
struct Interpolation {
  std::string mode = "nearest";
  std::string coordinates = "half_pixel";
  std::string nearest = "round_prefer_floor";
  double cubicCoefficient = -0.75;
  bool excludeOutside = false;
};

/// For each element of the result, the place and weight of one tap.
struct Tap {
  std::vector<int64_t> places;
  std::vector<float> weights;
};

} // namespace

/// Elements that a resized dimension may have.
static constexpr int64_t maxExtent = int64_t(1) << 20;

/// The coordinate in the input of element `place` of the result.
static double getCoordinate(const Interpolation &how, int64_t place, double in,
                            double out, double scale) {
  if (how.coordinates == "align_corners")
    return out <= 1 ? 0 : place * (in - 1) / (out - 1);
  if (how.coordinates == "asymmetric")
    return place / scale;
  if (how.coordinates == "pytorch_half_pixel" && out <= 1)
    return 0;
  double half = (place + 0.5) / scale - 0.5;
  if (how.coordinates == "half_pixel_symmetric")
    return in / 2 * (1 - out / (scale * in)) + half;
  return half;
}

static int64_t roundNearest(const Interpolation &how, double x) {
  if (how.nearest == "floor")
    return std::floor(x);
  if (how.nearest == "ceil")
    return std::ceil(x);
  if (how.nearest == "round_prefer_ceil")
    return std::floor(x + 0.5);
  return std::ceil(x - 0.5);
}

/// The weights of the four taps around a point `t` past the second (Keys 1981).
static void getCubicWeights(double a, double t, double *weights) {
  auto outer = [a](double d) {
    return ((a * d - 5 * a) * d + 8 * a) * d - 4 * a;
  };
  auto inner = [a](double d) { return ((a + 2) * d - (a + 3)) * d * d + 1; };
  weights[0] = outer(t + 1);
  weights[1] = inner(t);
  weights[2] = inner(1 - t);
  weights[3] = outer(2 - t);
}

static std::vector<Tap> getTaps(const Interpolation &how, int64_t in,
                                int64_t out, double scale) {
  size_t count = how.mode == "nearest" ? 1 : how.mode == "linear" ? 2 : 4;
  std::vector<Tap> taps(count);
  for (int64_t i = 0; i != out; ++i) {
    double x = getCoordinate(how, i, in, out, scale);
    double floor = std::floor(x), weights[4] = {1, 0, 0, 0};
    int64_t first = static_cast<int64_t>(floor);
    if (count == 1) {
      first = roundNearest(how, x);
    } else if (count == 2) {
      weights[0] = 1 - (x - floor);
      weights[1] = x - floor;
    } else {
      first -= 1;
      getCubicWeights(how.cubicCoefficient, x - floor, weights);
    }
    double sum = 1;
    if (how.excludeOutside && count == 4) {
      sum = 0;
      for (size_t k = 0; k != count; ++k) {
        int64_t place = first + static_cast<int64_t>(k);
        if (place < 0 || place >= in)
          weights[k] = 0;
        sum += weights[k];
      }
    }
    for (size_t k = 0; k != count; ++k) {
      taps[k].places.push_back(
          std::clamp<int64_t>(first + static_cast<int64_t>(k), 0, in - 1));
      taps[k].weights.push_back(static_cast<float>(weights[k] / sum));
    }
  }
  return taps;
}

/// Repeats each element of a dimension `times`.
static Tensor repeatElements(TensorBuilder &b, Tensor input, int64_t dimension,
                             int64_t times) {
  Shape split = input.shape, result = input.shape;
  split.insert(split.begin() + dimension + 1, Extent(1));
  Shape repeated = split;
  repeated[dimension + 1] = times;
  result[dimension] = input.shape[dimension].offset * times;
  return b.reshape(b.broadcast(b.reshape(input, split), repeated), result);
}

static Tensor resizeDimension(TensorBuilder &b, Tensor input, int64_t dimension,
                              int64_t out, ArrayRef<Tap> taps) {
  int64_t in = input.shape[dimension].offset;
  Shape shape = input.shape;
  shape[dimension] = out;
  if (taps.size() == 1 && out % in == 0) {
    int64_t times = out / in;
    bool repeats = true;
    for (int64_t i = 0; i != out; ++i)
      repeats &= taps[0].places[i] == i / times;
    if (repeats)
      return repeatElements(b, input, dimension, times);
  }
  Value value = b.getValue(input);
  Tensor sum;
  for (const Tap &tap : taps) {
    std::vector<Extent> places(tap.places.begin(), tap.places.end());
    Tensor indices = b.integers(std::move(places), {Extent(out)}, b.i64());
    Value picks = b.getValue(indices);
    Tensor part = b.wrap(nn::GatherOp::create(b.getBuilder(), b.getLoc(),
                                              b.getType(b.f32(), shape), value,
                                              picks, dimension),
                         shape);
    if (taps.size() != 1) {
      Tensor weights = b.constant(DenseElementsAttr::get(
          b.getType(b.f32(), {Extent(out)}), ArrayRef<float>(tap.weights)));
      part = b.binary<arith::MulFOp>(part,
                                     b.broadcast(weights, shape, {dimension}));
    }
    sum = sum.elementType ? b.binary<arith::AddFOp>(sum, part) : part;
  }
  return sum;
}

/// Resizes the dimensions of `axes` to `sizes`, with the scales of coordinates.
static LogicalResult resize(NodeContext &node, const Interpolation &how,
                            ArrayRef<int64_t> axes, ArrayRef<int64_t> sizes,
                            ArrayRef<double> scales) {
  TensorBuilder &b = node.getBuilder();
  Tensor result = node.getInput(0);
  for (auto [axis, size, scale] : llvm::zip_equal(axes, sizes, scales)) {
    Extent extent = result.shape[axis];
    if (extent.is(size) && scale == 1)
      continue;
    if (!extent.isStatic())
      return node.error("dimension " + llvm::Twine(axis) +
                        " depends on the batch and cannot be resized");
    if (size < 1 || size > maxExtent || extent.offset < 1 || !(scale > 0))
      return node.error("an extent of " + extent.str() +
                        " cannot be resized to " + llvm::Twine(size));
    result = resizeDimension(b, result, axis, size,
                             getTaps(how, extent.offset, size, scale));
  }
  node.setOutput(0, result);
  return success();
}

/// Resizes by scales, of which there is one for each of `axes`.
static LogicalResult resizeByScales(NodeContext &node, const Interpolation &how,
                                    ArrayRef<int64_t> axes,
                                    ArrayRef<float> numbers) {
  if (axes.size() != numbers.size())
    return node.error("there are " + llvm::Twine(numbers.size()) +
                      " scales for " + llvm::Twine(axes.size()) +
                      " dimensions");
  SmallVector<int64_t> resized, sizes;
  SmallVector<double> scales;
  for (auto [axis, number] : llvm::zip_equal(axes, numbers)) {
    if (number == 1)
      continue;
    Extent extent = node.getInput(0).shape[axis];
    double size = std::floor(double(extent.offset) * double(number));
    resized.push_back(axis);
    sizes.push_back(size >= 0 && size <= double(maxExtent)
                        ? static_cast<int64_t>(size)
                        : -1);
    scales.push_back(number);
  }
  return resize(node, how, resized, sizes, scales);
}

static FailureOr<Interpolation> getInterpolation(NodeContext &node) {
  Interpolation how;
  how.mode = node.getString("mode", "nearest");
  how.coordinates =
      node.getString("coordinate_transformation_mode", "half_pixel");
  how.nearest = node.getString("nearest_mode", "round_prefer_floor");
  how.cubicCoefficient = node.getFloat("cubic_coeff_a", -0.75f);
  how.excludeOutside = node.getInt("exclude_outside", 0) != 0;
  // Until opset 10 there was one way, the simplest.
  if (node.getOpset() < 11) {
    how.coordinates = "asymmetric";
    how.nearest = "floor";
  }
  auto check = [&](llvm::StringRef name, llvm::StringRef value,
                   ArrayRef<llvm::StringRef> known) -> LogicalResult {
    if (llvm::is_contained(known, value))
      return success();
    return node.error("attribute '" + name + "' = '" + value +
                      "' is not supported");
  };
  if (failed(check("mode", how.mode, {"nearest", "linear", "cubic"})) ||
      failed(check("coordinate_transformation_mode", how.coordinates,
                   {"half_pixel", "half_pixel_symmetric", "pytorch_half_pixel",
                    "align_corners", "asymmetric"})) ||
      failed(
          check("nearest_mode", how.nearest,
                {"round_prefer_floor", "round_prefer_ceil", "floor", "ceil"})))
    return failure();
  if (node.getInt("antialias", 0) != 0)
    return node.error("attribute 'antialias' = 1 is not supported");
  if (node.getString("keep_aspect_ratio_policy", "stretch") != "stretch")
    return node.error("attribute 'keep_aspect_ratio_policy' must be 'stretch'");
  return how;
}

static LogicalResult importResize(NodeContext &node) {
  int64_t rank = node.getInput(0).getRank();
  FailureOr<Interpolation> how = getInterpolation(node);
  if (failed(how))
    return failure();
  SmallVector<int64_t> axes;
  if (auto stated = node.getInts("axes")) {
    auto normalized = node.normalizeAxes(*stated, rank);
    if (failed(normalized))
      return failure();
    axes = *normalized;
  } else {
    for (int64_t i = 0; i != rank; ++i)
      axes.push_back(i);
  }
  size_t scalesInput = node.getOpset() < 11 ? 1 : 2;
  bool hasSizes = node.getOpset() >= 11 && node.hasInput(3);
  if (!hasSizes) {
    std::optional<std::vector<float>> scales;
    if (node.hasInput(scalesInput))
      scales = getFloats(node.getInput(scalesInput));
    if (!scales)
      return node.error("the scales must be constant");
    return resizeByScales(node, *how, axes, *scales);
  }
  std::optional<std::vector<Extent>> target = getIntegers(node.getInput(3));
  if (!target)
    return node.error("the sizes must be constant or computed from shapes");
  if (target->size() != axes.size())
    return node.error("there are " + llvm::Twine(target->size()) +
                      " sizes for " + llvm::Twine(axes.size()) + " dimensions");
  SmallVector<int64_t> resized, sizes;
  SmallVector<double> scales;
  for (auto [axis, size] : llvm::zip_equal(axes, *target)) {
    Extent extent = node.getInput(0).shape[axis];
    bool isExportedBatch = extent == Extent(1, 0) && node.getExportedBatch() &&
                           size.is(*node.getExportedBatch());
    if (size == extent || isExportedBatch)
      continue;
    resized.push_back(axis);
    sizes.push_back(size.isStatic() ? size.offset : -1);
    scales.push_back(extent.isStatic() && extent.offset > 0
                         ? double(sizes.back()) / double(extent.offset)
                         : 0);
  }
  return resize(node, *how, resized, sizes, scales);
}

static LogicalResult importUpsample(NodeContext &node) {
  Interpolation how;
  how.mode = node.getString("mode", "nearest");
  how.coordinates = "asymmetric";
  how.nearest = "floor";
  if (how.mode != "nearest" && how.mode != "linear")
    return node.error("mode '" + how.mode + "' is not supported");
  std::optional<std::vector<float>> scales;
  if (node.hasInput(1))
    scales = getFloats(node.getInput(1));
  else
    scales = node.getFloats("scales");
  if (!scales)
    return node.error("the scales must be constant");
  SmallVector<int64_t> axes;
  for (int64_t i = 0; i != node.getInput(0).getRank(); ++i)
    axes.push_back(i);
  return resizeByScales(node, how, axes, *scales);
}

llvm::ArrayRef<Operator> frac::frontend::getResizeOperators() {
  static const Operator table[] = {
      {"Resize", 10, maxOpset, 1, 4, 1,
       "antialias axes coordinate_transformation_mode cubic_coeff_a "
       "exclude_outside extrapolation_value keep_aspect_ratio_policy mode "
       "nearest_mode",
       importResize, "X",
       "constant scales or sizes; not tf_crop_and_resize, antialias, or "
       "keep_aspect_ratio_policy"},
      {"Upsample", minOpset, 9, 1, 2, 1, "mode scales", importUpsample, "X",
       "constant scales"},
  };
  return table;
}

//===- IndexingOps.cpp - Parts of tensors, and tensors put together ------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/Folding.h"
#include "frontends/onnx/NodeContext.h"
#include "frontends/onnx/Operators.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

#include <limits>
#include <numeric>

using namespace mlir;
using namespace frac;
using namespace frac::frontend;

//===----------------------------------------------------------------------===//
// Slices
//===----------------------------------------------------------------------===//

/// Slices a tensor; integers that are known stay known.
static Tensor createSlice(TensorBuilder &b, Tensor input,
                          ArrayRef<int64_t> offsets, ArrayRef<int64_t> strides,
                          ArrayRef<Extent> shape) {
  if (std::optional<Tensor> folded =
          foldSlice(b, input, offsets, strides, shape))
    return *folded;
  return b.slice(input, offsets, strides, shape);
}

/// A slice of some dimensions: starts, ends and steps of Python.
struct SliceSpec {
  std::vector<int64_t> starts, axes, steps;
  std::vector<Extent> ends;
};

static FailureOr<SliceSpec> getSliceSpec(NodeContext &node) {
  SliceSpec spec;
  std::optional<std::vector<int64_t>> starts = node.getInts("starts"),
                                      ends = node.getInts("ends"),
                                      axes = node.getInts("axes");
  if (node.getOpset() >= 10) {
    if (!node.hasInput(1) || !node.hasInput(2))
      return node.error("starts and ends are missing");
    FailureOr<std::vector<int64_t>> constant =
        node.getConstantInput(1, "the starts");
    std::optional<std::vector<Extent>> extents = getIntegers(node.getInput(2));
    if (failed(constant))
      return failure();
    if (!extents)
      return node.error("the ends must be constant or computed from shapes");
    spec.starts = *constant;
    spec.ends = *extents;
    if (node.hasInput(3)) {
      constant = node.getConstantInput(3, "the axes");
      if (failed(constant))
        return failure();
      axes = *constant;
    }
    if (node.hasInput(4)) {
      constant = node.getConstantInput(4, "the steps");
      if (failed(constant))
        return failure();
      spec.steps = *constant;
    }
  } else {
    if (!starts || !ends)
      return node.error("starts and ends are missing");
    spec.starts = *starts;
    spec.ends.assign(ends->begin(), ends->end());
  }
  size_t count = spec.starts.size();
  if (axes) {
    spec.axes = *axes;
  } else {
    spec.axes.resize(count);
    std::iota(spec.axes.begin(), spec.axes.end(), 0);
  }
  if (spec.steps.empty())
    spec.steps.assign(count, 1);
  if (spec.ends.size() != count || spec.axes.size() != count ||
      spec.steps.size() != count)
    return node.error("starts, ends, axes and steps differ in length");
  auto normalized = node.normalizeAxes(spec.axes, node.getInput(0).getRank());
  if (failed(normalized))
    return failure();
  spec.axes.assign(normalized->begin(), normalized->end());
  return spec;
}

static LogicalResult importSlice(NodeContext &node) {
  Tensor &input = node.getInput(0);
  FailureOr<SliceSpec> spec = getSliceSpec(node);
  if (failed(spec))
    return failure();
  int64_t rank = input.getRank();
  SmallVector<int64_t> offsets(rank, 0), strides(rank, 1);
  Shape shape = input.shape;
  for (size_t i = 0; i != spec->axes.size(); ++i) {
    int64_t axis = spec->axes[i];
    int64_t start = spec->starts[i], step = spec->steps[i];
    Extent end = spec->ends[i], extent = input.shape[axis];
    constexpr int64_t far = std::numeric_limits<int32_t>::max();
    if (step == 0)
      return node.error("a step is 0");
    if (!extent.isStatic()) {
      bool whole =
          start == 0 && step == 1 &&
          (end == extent || (end.isStatic() && end.offset >= far) ||
           (node.getExportedBatch() && multiply(extent, 1) == Extent(1, 0) &&
            end.is(*node.getExportedBatch())));
      if (!whole)
        return node.error("dimension " + llvm::Twine(axis) +
                          " depends on the batch and can only be taken whole");
      continue;
    }
    if (!end.isStatic())
      return node.error("the end " + end.str() +
                        " depends on the batch, which is not supported");
    int64_t size = extent.offset, stop = end.offset;
    int64_t low = step > 0 ? 0 : -1, high = step > 0 ? size : size - 1;
    auto clamp = [&](int64_t place) {
      return std::clamp(place < 0 ? place + size : place, low, high);
    };
    // The far negative end of a descending slice is before the first element.
    start = clamp(start);
    stop = stop < -size ? low : clamp(stop);
    int64_t count = 0;
    if (step > 0 && stop > start)
      count = (stop - start - 1) / step + 1;
    if (step < 0 && stop < start)
      count = (start - stop - 1) / -std::max(step, -far) + 1;
    offsets[axis] = count == 0 ? 0 : start;
    strides[axis] = count <= 1 ? 1 : step;
    shape[axis] = count;
  }
  node.setOutput(
      0, createSlice(node.getBuilder(), input, offsets, strides, shape));
  return success();
}

/// The sizes of the parts of a Split.
static FailureOr<std::vector<int64_t>> getSplitSizes(NodeContext &node,
                                                     int64_t extent) {
  auto sizes = node.getIntsFromAttributeOrInput("split", 1);
  if (failed(sizes))
    return failure();
  int64_t parts = node.getNumOutputs();
  if (*sizes) {
    if (static_cast<int64_t>((*sizes)->size()) != parts ||
        llvm::any_of(**sizes, [&](int64_t s) { return s < 0 || s > extent; }) ||
        std::accumulate((*sizes)->begin(), (*sizes)->end(), int64_t(0)) !=
            extent)
      return node.error("the sizes do not make " + llvm::Twine(parts) +
                        " parts of an extent of " + llvm::Twine(extent));
    return **sizes;
  }
  parts = node.getInt("num_outputs", parts);
  if (parts != node.getNumOutputs() || parts < 1)
    return node.error("num_outputs is not the number of outputs");
  int64_t size = (extent + parts - 1) / parts;
  if (extent % parts != 0 && !node.hasAttribute("num_outputs"))
    return node.error("an extent of " + llvm::Twine(extent) +
                      " does not fall into " + llvm::Twine(parts) +
                      " equal parts");
  std::vector<int64_t> equal(parts, size);
  equal.back() = extent - size * (parts - 1);
  if (equal.back() < 0)
    return node.error("an extent of " + llvm::Twine(extent) +
                      " does not fall into " + llvm::Twine(parts) + " parts");
  return equal;
}

static LogicalResult importSplit(NodeContext &node) {
  Tensor input = node.getInput(0);
  int64_t rank = input.getRank();
  auto axis = node.normalizeAxis(node.getInt("axis", 0), rank);
  if (failed(axis))
    return failure();
  if (!input.shape[*axis].isStatic())
    return node.error("dimension " + llvm::Twine(*axis) +
                      " depends on the batch and cannot be split");
  auto sizes = getSplitSizes(node, input.shape[*axis].offset);
  if (failed(sizes))
    return failure();
  int64_t place = 0;
  for (auto [i, size] : llvm::enumerate(*sizes)) {
    SmallVector<int64_t> offsets(rank, 0), strides(rank, 1);
    Shape shape = input.shape;
    offsets[*axis] = place;
    shape[*axis] = size;
    if (node.isUsed(i))
      node.setOutput(
          i, createSlice(node.getBuilder(), input, offsets, strides, shape));
    place += size;
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Gather
//===----------------------------------------------------------------------===//

static LogicalResult importGather(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  Tensor input = node.getInput(0), indices = node.getInput(1);
  auto axis = node.normalizeAxis(node.getInt("axis", 0), input.getRank());
  if (failed(axis))
    return failure();
  if (!indices.isInteger())
    return node.error("the indices must be integers");
  Extent extent = input.shape[*axis];
  Shape shape(input.shape.begin(), input.shape.begin() + *axis);
  llvm::append_range(shape, indices.shape);
  shape.append(input.shape.begin() + *axis + 1, input.shape.end());

  std::optional<std::vector<int64_t>> known = getStaticIntegers(indices);
  if (known && extent.isStatic()) {
    for (int64_t &index : *known) {
      if (index < -extent.offset || index >= extent.offset)
        return node.error("index " + llvm::Twine(index) +
                          " is outside of an extent of " + extent.str());
      index = index < 0 ? index + extent.offset : index;
    }
    if (input.getRank() == 1)
      if (std::optional<Tensor> folded = foldPick(
              b, input, shape, [&](int64_t i) { return (*known)[i]; })) {
        node.setOutput(0, *folded);
        return success();
      }
    // One index is a slice, whose gradient is simpler.
    if (known->size() == 1) {
      SmallVector<int64_t> offsets(input.getRank(), 0),
          strides(input.getRank(), 1);
      Shape sliced = input.shape;
      offsets[*axis] = known->front();
      sliced[*axis] = 1;
      node.setOutput(
          0, b.reshape(b.slice(input, offsets, strides, sliced), shape));
      return success();
    }
  }
  Value value = b.getValue(input), places = b.getValue(indices);
  node.setOutput(
      0, b.wrap(nn::GatherOp::create(b.getBuilder(), b.getLoc(),
                                     b.getType(input.elementType, shape), value,
                                     places, *axis),
                shape));
  return success();
}

//===----------------------------------------------------------------------===//
// Concat, Pad, Trilu
//===----------------------------------------------------------------------===//

/// Joins vectors of integers at import, if all are known.
static std::optional<Tensor> foldConcat(NodeContext &node) {
  std::vector<Extent> elements;
  for (int64_t i = 0; i != node.getNumInputs(); ++i) {
    std::optional<std::vector<Extent>> part = getIntegers(node.getInput(i));
    if (!part || node.getInput(i).getRank() != 1)
      return std::nullopt;
    llvm::append_range(elements, *part);
  }
  Extent count(elements.size());
  if (count.offset > maxFoldedElements)
    return std::nullopt;
  return node.getBuilder().integers(std::move(elements), {count},
                                    node.getInput(0).elementType);
}

/// Joins vectors of constant floats at import, such as scales.
static std::optional<Tensor> foldFloatConcat(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  SmallVector<float> elements;
  for (int64_t i = 0; i != node.getNumInputs(); ++i) {
    const Tensor &input = node.getInput(i);
    if (!input.isFloat() || !input.constant || input.getRank() != 1)
      return std::nullopt;
    llvm::append_range(elements, *getFloats(input));
  }
  if (static_cast<int64_t>(elements.size()) > maxFoldedElements)
    return std::nullopt;
  return b.constant(
      DenseElementsAttr::get(b.getType(b.f32(), {Extent(elements.size())}),
                             ArrayRef<float>(elements)));
}

static LogicalResult importConcat(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  for (int64_t i = 0; i != node.getNumInputs(); ++i)
    if (!node.hasInput(i) ||
        node.getInput(i).elementType != node.getInput(0).elementType ||
        node.getInput(i).getRank() != node.getInput(0).getRank())
      return node.error("the inputs differ in rank or element type");
  Shape shape = node.getInput(0).shape;
  auto axis = node.normalizeAxis(node.getInt("axis", 1), shape.size());
  if (failed(axis))
    return failure();
  std::optional<Tensor> folded = foldConcat(node);
  if (!folded)
    folded = foldFloatConcat(node);
  if (folded) {
    node.setOutput(0, *folded);
    return success();
  }
  // Where the model was exported with a number for the batch, a constant that
  // was repeated as often stands for one a sample.
  std::optional<int64_t> exported = node.getExportedBatch();
  Extent batch = shape.empty() ? Extent(0) : shape[0];
  for (int64_t i = 0; i != node.getNumInputs(); ++i)
    if (exported && *axis != 0 && !node.getInput(i).shape[0].isStatic())
      batch = node.getInput(i).shape[0];
  if (*axis != 0)
    shape[0] = batch;
  std::optional<Extent> joined = Extent(0);
  for (int64_t i = 0; i != node.getNumInputs(); ++i) {
    Extent own = node.getInput(i).shape[*axis];
    joined = joined ? add(*joined, own) : std::nullopt;
  }
  if (!joined)
    return node.error("the joined extent is not possible");
  if (!joined->isStatic() && node.getNumInputs() != 1)
    return node.error("dimension " + llvm::Twine(*axis) +
                      " depends on the batch, tensors cannot be joined in it");
  SmallVector<Value> values;
  for (int64_t i = 0; i != node.getNumInputs(); ++i) {
    Tensor part = node.getInput(i);
    Shape own = shape;
    own[*axis] = part.shape[*axis];
    if (exported && part.shape != own) {
      if (part.shape[0].is(1) && *exported == 1)
        part = b.broadcast(part, own);
      else if (part.shape[0].is(*exported))
        part = b.repeatForBatch(part, batch).value_or(part);
    }
    if (part.shape != own)
      return node.error("a tensor of shape " + toString(part.shape) +
                        " does not join one of shape " +
                        toString(node.getInput(0).shape) + " in dimension " +
                        llvm::Twine(*axis));
    values.push_back(b.getValue(part));
  }
  shape[*axis] = *joined;
  node.setOutput(
      0, values.size() == 1
             ? node.getInput(0)
             : b.wrap(nn::ConcatOp::create(
                          b.getBuilder(), b.getLoc(),
                          b.getType(node.getInput(0).elementType, shape),
                          values, *axis),
                      shape));
  return success();
}

static LogicalResult importPad(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  Tensor input = node.getInput(0);
  int64_t rank = input.getRank();
  std::string mode = node.getString("mode", "constant");
  std::optional<nn::PadMode> kind = nn::symbolizePadMode(mode);
  if (!kind)
    return node.error("mode '" + mode + "' is not supported");
  auto pads = node.getIntsFromAttributeOrInput("pads", 1);
  if (failed(pads))
    return failure();
  if (!*pads)
    return node.error("the pads are missing");
  double value = node.getFloat("value", 0);
  if (node.hasInput(2)) {
    if (auto floats = getFloats(node.getInput(2));
        floats && floats->size() == 1)
      value = floats->front();
    else if (auto integers = getStaticIntegers(node.getInput(2));
             integers && integers->size() == 1)
      value = integers->front();
    else
      return node.error("the padding value must be a constant number");
  }
  SmallVector<int64_t> axes;
  if (node.hasInput(3)) {
    FailureOr<std::vector<int64_t>> stated =
        node.getConstantInput(3, "the axes");
    if (failed(stated))
      return failure();
    auto normalized = node.normalizeAxes(*stated, rank);
    if (failed(normalized))
      return failure();
    axes = *normalized;
  } else {
    for (int64_t i = 0; i != rank; ++i)
      axes.push_back(i);
  }
  if ((*pads)->size() != 2 * axes.size())
    return node.error("there are " + llvm::Twine((*pads)->size()) +
                      " pads for " + llvm::Twine(axes.size()) + " dimensions");
  SmallVector<int64_t> low(rank, 0), high(rank, 0);
  Shape shape = input.shape;
  bool changes = false;
  for (auto [i, axis] : llvm::enumerate(axes)) {
    int64_t begin = (**pads)[i], end = (**pads)[axes.size() + i];
    if (begin == 0 && end == 0)
      continue;
    changes = true;
    constexpr int64_t far = std::numeric_limits<int32_t>::max();
    if (!shape[axis].isStatic())
      return node.error("dimension " + llvm::Twine(axis) +
                        " depends on the batch and cannot be padded");
    int64_t extent = shape[axis].offset;
    if (std::abs(begin) > far || std::abs(end) > far ||
        extent + begin + end < 0 || extent + std::min(begin, end) < 0)
      return node.error("pads of " + llvm::Twine(begin) + " and " +
                        llvm::Twine(end) + " are not possible for an extent " +
                        "of " + llvm::Twine(extent));
    if ((*kind == nn::PadMode::reflect && std::max(begin, end) >= extent) ||
        (*kind == nn::PadMode::edge && extent == 0))
      return node.error("an extent of " + llvm::Twine(extent) +
                        " is too small for this padding");
    low[axis] = begin;
    high[axis] = end;
    shape[axis] = extent + begin + end;
  }
  if (!changes) {
    node.setOutput(0, input);
    return success();
  }
  Value tensor = b.getValue(input);
  node.setOutput(
      0, b.wrap(nn::PadOp::create(b.getBuilder(), b.getLoc(),
                                  b.getType(input.elementType, shape), *kind,
                                  tensor, low, high, llvm::APFloat(value)),
                shape));
  return success();
}

static LogicalResult importTrilu(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  Tensor input = node.getInput(0);
  int64_t rank = input.getRank();
  bool upper = node.getInt("upper", 1) != 0;
  int64_t diagonal = 0;
  if (node.hasInput(1)) {
    FailureOr<std::vector<int64_t>> k = node.getConstantInput(1, "k");
    if (failed(k) || k->size() != 1)
      return node.error("k must be a constant number");
    constexpr int64_t far = std::numeric_limits<int32_t>::max();
    diagonal = std::clamp(k->front(), -far, far);
  }
  if (rank < 2 || !input.shape[rank - 1].isStatic() ||
      !input.shape[rank - 2].isStatic())
    return node.error("the input has shape " + toString(input.shape) +
                      ", its last two dimensions must be static");
  int64_t rows = input.shape[rank - 2].offset,
          columns = input.shape[rank - 1].offset;
  constexpr int64_t maxMask = int64_t(1) << 26;
  if (rows != 0 && columns > maxMask / rows)
    return node.error("the matrix is too large");
  SmallVector<bool> kept;
  for (int64_t i = 0; i != rows; ++i)
    for (int64_t j = 0; j != columns; ++j)
      kept.push_back(upper ? j - i >= diagonal : j - i <= diagonal);
  Tensor mask = b.broadcast(
      b.constant(DenseElementsAttr::get(b.getType(b.i1(), {rows, columns}),
                                        ArrayRef<bool>(kept))),
      input.shape);
  Tensor zero = b.splat(0, input.elementType, input.shape);
  Value flags = b.getValue(mask), value = b.getValue(input),
        none = b.getValue(zero);
  node.setOutput(0, b.wrap(arith::SelectOp::create(b.getBuilder(), b.getLoc(),
                                                   flags, value, none),
                           input.shape));
  return success();
}

llvm::ArrayRef<Operator> frac::frontend::getIndexingOperators() {
  static const Operator table[] = {
      {"Concat", minOpset, maxOpset, 1, variadic, 0, "axis", importConcat,
       "inputs...", ""},
      {"Gather", minOpset, maxOpset, 2, 2, 0, "axis", importGather, "data",
       "an index beyond the extent at run time is clamped"},
      {"Pad", minOpset, maxOpset, 1, 4, 0, "mode pads value", importPad, "data",
       "constant pads and value; modes constant, edge and reflect; not along "
       "the batch"},
      {"Slice", minOpset, maxOpset, 1, 5, 0, "axes ends starts", importSlice,
       "data", "constant bounds; not along the batch"},
      {"Split", minOpset, maxOpset, 1, 2, 0, "axis num_outputs split",
       importSplit, "input", "constant sizes; not along the batch"},
      {"Trilu", 14, maxOpset, 1, 2, 0, "upper", importTrilu, "input",
       "constant k"},
  };
  return table;
}

//===- ShapeOps.cpp - Changes of shape -----------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/Folding.h"
#include "frontends/onnx/NodeContext.h"
#include "frontends/onnx/Operators.h"

using namespace mlir;
using namespace frac;
using namespace frac::frontend;

//===----------------------------------------------------------------------===//
// Reshape
//===----------------------------------------------------------------------===//

/// Fills in the extent marked by `open` (none if negative) such that `shape`
/// has `elements` elements. Returns whether that is possible.
static bool completeShape(Shape &shape, int64_t open, Extent elements) {
  if (open >= 0)
    shape[open] = 1;
  std::optional<Extent> known = getNumElements(shape);
  if (!known)
    return false;
  if (open < 0)
    return *known == elements;
  std::optional<Extent> rest = divideExactly(elements, *known);
  if (!rest)
    return false;
  shape[open] = *rest;
  return true;
}

/// Whether at most one extent depends on the batch.
static bool isRepresentable(ArrayRef<Extent> shape) {
  return llvm::count_if(shape,
                        [](Extent extent) { return !extent.isStatic(); }) <= 1;
}

/// Takes a target shape that holds the batch size the model was exported with
/// for one that holds the batch: the extent at `index`, if it is a multiple of
/// that size. Succeeds only where the number of elements comes out right for
/// every size of the batch.
static bool completeWithBatch(Shape &shape, int64_t open, Extent elements,
                              int64_t index, int64_t exportedBatch) {
  Shape attempt = shape;
  Extent &extent = attempt[index];
  if (index == open || !extent.isStatic() || extent.offset < exportedBatch ||
      extent.offset % exportedBatch != 0)
    return false;
  extent = Extent(extent.offset / exportedBatch, 0);
  if (!completeShape(attempt, open, elements) || !isRepresentable(attempt))
    return false;
  shape = attempt;
  return true;
}

/// Number of elements before and after the dimension that depends on the batch,
/// which there must be.
static std::pair<std::optional<Extent>, std::optional<Extent>>
getElementsAroundBatch(ArrayRef<Extent> shape) {
  size_t place = llvm::find_if(shape, [](Extent e) { return !e.isStatic(); }) -
                 shape.begin();
  return {getNumElements(shape.take_front(place)),
          getNumElements(shape.drop_front(place + 1))};
}

/// Finds the extents of a reshape whose target may hold the batch size that the
/// model was exported with. More than one dimension may be meant, above all
/// where that size is 1; the guesses go from what is surest to what is least
/// sure. A wrong one makes shapes that do not fit later.
static bool completeExported(Shape &shape, int64_t open, Extent elements,
                             ArrayRef<Extent> input, int64_t exportedBatch) {
  const auto around = getElementsAroundBatch(input);
  auto attempt = [&](auto accepts) {
    for (int64_t i = 0, e = shape.size(); i != e; ++i) {
      Shape completed = shape;
      if (!completeWithBatch(completed, open, elements, i, exportedBatch) ||
          completed[i].isStatic())
        continue;
      auto [before, after] = getElementsAroundBatch(completed);
      if (!accepts(i, before, after))
        continue;
      shape = completed;
      return true;
    }
    return false;
  };
  // Taken literally, if that leaves the batch as it is.
  Shape literal = shape;
  bool isLiteral = completeShape(literal, open, elements);
  if (isLiteral && getElementsAroundBatch(literal) == around) {
    shape = literal;
    return true;
  }
  using Count = std::optional<Extent>;
  int64_t last = static_cast<int64_t>(shape.size()) - 1;
  // The batch size itself.
  if (attempt(
          [&](int64_t i, Count, Count) { return shape[i].is(exportedBatch); }))
    return true;
  // Dimensions are merged and split in place: the batch comes where as many
  // elements lie before it as in the input, or as many behind it. The last
  // dimension, that of features, seldom takes the batch in.
  if (attempt([&](int64_t i, Count before, Count after) {
        return before == around.first && (i != last || after == around.second);
      }) ||
      attempt(
          [&](int64_t, Count, Count after) { return after == around.second; }))
    return true;
  if (isLiteral) {
    shape = literal;
    return true;
  }
  return attempt([](int64_t, Count, Count) { return true; });
}

static LogicalResult importReshape(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  Tensor &input = node.getInput(0);
  std::optional<std::vector<Extent>> target = getIntegers(node.getInput(1));
  if (!target)
    return node.error("the target shape must be constant or computed from "
                      "shapes; export the model with constant shapes");
  bool allowZero = node.getInt("allowzero", 0) != 0;
  Shape shape;
  int64_t open = -1;
  for (auto [i, extent] : llvm::enumerate(*target)) {
    if (extent.is(0) && !allowZero) {
      if (static_cast<int64_t>(i) >= input.getRank())
        return node.error("the target shape " + toString(*target) +
                          " copies a dimension that the input lacks");
      shape.push_back(input.shape[i]);
      continue;
    }
    if (extent.is(-1)) {
      if (open >= 0)
        return node.error("the target shape " + toString(*target) +
                          " leaves two dimensions open");
      open = i;
    }
    shape.push_back(extent);
  }
  std::optional<Extent> elements = getNumElements(input.shape);
  if (!elements)
    return node.error("the shape " + toString(input.shape) +
                      " is not supported");

  std::optional<int64_t> batch = node.getExportedBatch();
  bool done =
      batch && !elements->isStatic()
          ? completeExported(shape, open, *elements, input.shape, *batch)
          : completeShape(shape, open, *elements);
  if (!done)
    return node.error("a tensor of shape " + toString(input.shape) +
                      " cannot take the shape " + toString(*target) +
                      "; where n, the batch, is meant, export the model with "
                      "a dynamic batch");
  node.setOutput(0, b.reshape(input, shape));
  return success();
}

static LogicalResult importFlatten(NodeContext &node) {
  Tensor &input = node.getInput(0);
  int64_t axis = node.getInt("axis", 1), rank = input.getRank();
  if (axis < -rank || axis > rank)
    return node.error("axis " + llvm::Twine(axis) + " is outside of the " +
                      llvm::Twine(rank) + " dimensions");
  axis = axis < 0 ? axis + rank : axis;
  ArrayRef<Extent> shape = input.shape;
  std::optional<Extent> rows = getNumElements(shape.take_front(axis)),
                        columns = getNumElements(shape.drop_front(axis));
  if (!rows || !columns)
    return node.error("the shape " + toString(shape) + " is not supported");
  node.setOutput(0, node.getBuilder().reshape(input, {*rows, *columns}));
  return success();
}

static LogicalResult importSqueeze(NodeContext &node) {
  Tensor &input = node.getInput(0);
  auto axes = node.getIntsFromAttributeOrInput("axes", 1);
  if (failed(axes))
    return failure();
  SmallVector<int64_t> dropped;
  if (*axes) {
    auto normalized = node.normalizeAxes(**axes, input.getRank());
    if (failed(normalized))
      return failure();
    dropped = *normalized;
  }
  Shape shape;
  for (auto [i, extent] : llvm::enumerate(input.shape)) {
    bool drop = *axes ? llvm::is_contained(dropped, static_cast<int64_t>(i))
                      : extent.is(1);
    if (drop && !extent.is(1))
      return node.error("dimension " + llvm::Twine(i) + " has extent " +
                        extent.str() + " and cannot be squeezed");
    if (!drop)
      shape.push_back(extent);
  }
  node.setOutput(0, node.getBuilder().reshape(input, shape));
  return success();
}

static LogicalResult importUnsqueeze(NodeContext &node) {
  Tensor &input = node.getInput(0);
  auto axes = node.getIntsFromAttributeOrInput("axes", 1);
  if (failed(axes))
    return failure();
  if (!*axes)
    return node.error("the axes are missing");
  int64_t rank = input.getRank() + (*axes)->size();
  auto normalized = node.normalizeAxes(**axes, rank);
  if (failed(normalized))
    return failure();
  Shape shape;
  size_t next = 0;
  for (int64_t i = 0; i != rank; ++i)
    shape.push_back(llvm::is_contained(*normalized, i) ? Extent(1)
                                                       : input.shape[next++]);
  node.setOutput(0, node.getBuilder().reshape(input, shape));
  return success();
}

//===----------------------------------------------------------------------===//
// Order and repetition
//===----------------------------------------------------------------------===//

static LogicalResult importTranspose(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  Tensor &input = node.getInput(0);
  int64_t rank = input.getRank();
  SmallVector<int64_t> permutation;
  if (auto stated = node.getInts("perm")) {
    auto normalized = node.normalizeAxes(*stated, rank);
    if (failed(normalized))
      return failure();
    if (static_cast<int64_t>(normalized->size()) != rank)
      return node.error("attribute 'perm' does not name each of the " +
                        llvm::Twine(rank) + " dimensions once");
    permutation = *normalized;
  } else {
    for (int64_t i = rank; i-- != 0;)
      permutation.push_back(i);
  }
  std::optional<Tensor> folded = foldTranspose(b, input, permutation);
  node.setOutput(0, folded ? *folded : b.transpose(input, permutation));
  return success();
}

static LogicalResult importExpand(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  Tensor &input = node.getInput(0);
  std::optional<std::vector<Extent>> target = getIntegers(node.getInput(1));
  if (!target)
    return node.error("the target shape must be constant or computed from "
                      "shapes; export the model with constant shapes");
  // A batch size that the exporter wrote down stands for the batch.
  std::optional<int64_t> batch = node.getExportedBatch();
  if (batch && !target->empty() &&
      static_cast<int64_t>(target->size()) == input.getRank() &&
      input.shape[0] == Extent(1, 0) && target->front().is(*batch))
    target->front() = Extent(1, 0);
  std::optional<Shape> shape =
      TensorBuilder::broadcastShapes(input.shape, *target);
  if (!shape)
    return node.error("a tensor of shape " + toString(input.shape) +
                      " does not broadcast to " + toString(*target));
  std::optional<Tensor> folded = foldBroadcast(b, input, *shape);
  node.setOutput(0, folded ? *folded : b.broadcast(input, *shape));
  return success();
}

static LogicalResult importTile(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  Tensor &input = node.getInput(0);
  std::optional<std::vector<Extent>> repeats = getIntegers(node.getInput(1));
  if (!repeats)
    return node.error("the repeats must be constant or computed from shapes");
  if (static_cast<int64_t>(repeats->size()) != input.getRank())
    return node.error("there are " + llvm::Twine(repeats->size()) +
                      " repeats for " + llvm::Twine(input.getRank()) +
                      " dimensions");
  // [a, b] by [2, 3]: [1, a, 1, b] repeated to [2, a, 3, b], then collapsed.
  Shape split, repeated, collapsed;
  for (auto [extent, repeat] : llvm::zip_equal(input.shape, *repeats)) {
    std::optional<Extent> product = multiply(extent, repeat);
    if (!product || (repeat.isStatic() && repeat.offset < 0))
      return node.error("repeats of " + toString(*repeats) +
                        " are not possible for " + toString(input.shape));
    split.append({Extent(1), extent});
    repeated.append({repeat, extent});
    collapsed.push_back(*product);
  }
  Tensor result = b.broadcast(b.reshape(input, split), repeated);
  node.setOutput(0, b.reshape(result, collapsed));
  return success();
}

/// The block size and the four static extents but the batch, for operators that
/// move blocks of pixels to channels and back.
static LogicalResult checkBlocks(NodeContext &node, int64_t &block) {
  Tensor &input = node.getInput(0);
  block = node.getInt("blocksize", 0);
  bool isImage = input.getRank() == 4;
  for (int64_t i = 1; isImage && i != 4; ++i)
    isImage = input.shape[i].isStatic();
  if (!isImage || block < 1 || block > 1024)
    return node.error("an input of shape " + toString(input.shape) +
                      " has no blocks of size " + llvm::Twine(block));
  return success();
}

static LogicalResult importDepthToSpace(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  Tensor &input = node.getInput(0);
  int64_t block;
  if (failed(checkBlocks(node, block)))
    return failure();
  std::string mode = node.getString("mode", "DCR");
  int64_t c = input.shape[1].offset, h = input.shape[2].offset,
          w = input.shape[3].offset;
  if (c % (block * block) != 0 || (mode != "DCR" && mode != "CRD"))
    return node.error(llvm::Twine(c) + " channels in mode '" + mode +
                      "' do not fall into blocks of size " +
                      llvm::Twine(block));
  Extent n = input.shape[0];
  int64_t depth = c / (block * block);
  Tensor result =
      mode == "DCR"
          ? b.transpose(b.reshape(input, {n, block, block, depth, h, w}),
                        {0, 3, 4, 1, 5, 2})
          : b.transpose(b.reshape(input, {n, depth, block, block, h, w}),
                        {0, 1, 4, 2, 5, 3});
  node.setOutput(0, b.reshape(result, {n, depth, h * block, w * block}));
  return success();
}

static LogicalResult importSpaceToDepth(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  Tensor &input = node.getInput(0);
  int64_t block;
  if (failed(checkBlocks(node, block)))
    return failure();
  int64_t c = input.shape[1].offset, h = input.shape[2].offset,
          w = input.shape[3].offset;
  if (h % block != 0 || w % block != 0)
    return node.error("an image of shape " + toString(input.shape) +
                      " does not fall into blocks of size " +
                      llvm::Twine(block));
  Extent n = input.shape[0];
  Tensor split = b.reshape(input, {n, c, h / block, block, w / block, block});
  Tensor result = b.transpose(split, {0, 3, 5, 1, 2, 4});
  node.setOutput(
      0, b.reshape(result, {n, c * block * block, h / block, w / block}));
  return success();
}

llvm::ArrayRef<Operator> frac::frontend::getShapeOperators() {
  constexpr const char *known = "the target must be known at import";
  static const Operator table[] = {
      {"DepthToSpace", minOpset, maxOpset, 1, 1, 0, "blocksize mode",
       importDepthToSpace, "input", ""},
      {"Expand", 8, maxOpset, 2, 2, 0, "", importExpand, "input", known},
      {"Flatten", minOpset, maxOpset, 1, 1, 0, "axis", importFlatten, "input",
       ""},
      {"Reshape", minOpset, maxOpset, 2, 2, 0, "allowzero", importReshape,
       "data", known},
      {"SpaceToDepth", minOpset, maxOpset, 1, 1, 0, "blocksize",
       importSpaceToDepth, "input", ""},
      {"Squeeze", minOpset, maxOpset, 1, 2, 0, "axes", importSqueeze, "data",
       "the axes must be known at import"},
      {"Tile", minOpset, maxOpset, 2, 2, 0, "", importTile, "input",
       "the repeats must be known at import"},
      {"Transpose", minOpset, maxOpset, 1, 1, 0, "perm", importTranspose,
       "data", ""},
      {"Unsqueeze", minOpset, maxOpset, 1, 2, 0, "axes", importUnsqueeze,
       "data", "the axes must be known at import"},
  };
  return table;
}

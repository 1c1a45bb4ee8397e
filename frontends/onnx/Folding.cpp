//===- Folding.cpp - Integer tensors computed at import ------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/Folding.h"

#include "mlir/IR/Block.h"

using namespace mlir;
using namespace frac::frontend;

/// Whether a tensor comes in at run time. What is computed from it then stays a
/// computation, even where a test tells its value.
static bool isArgument(const Tensor &tensor) {
  return tensor.value && isa<BlockArgument>(tensor.value);
}

/// The number of elements of a small static shape.
static std::optional<int64_t> getFoldedElements(ArrayRef<Extent> shape) {
  std::optional<Extent> elements = getNumElements(shape);
  if (!elements || !elements->isStatic() || elements->offset < 0 ||
      elements->offset > maxFoldedElements)
    return std::nullopt;
  return elements->offset;
}

/// The place in a tensor of shape `from` whose element a broadcast to `to`
/// puts at `index`.
static int64_t getSourceIndex(ArrayRef<Extent> from, ArrayRef<Extent> to,
                              int64_t index) {
  int64_t source = 0, step = 1;
  for (size_t i = 0; i != to.size(); ++i) {
    int64_t extent = to[to.size() - 1 - i].offset;
    int64_t place = index % extent;
    index /= extent;
    if (i >= from.size())
      continue;
    int64_t own = from[from.size() - 1 - i].offset;
    source += own == 1 ? 0 : place * step;
    step *= own;
  }
  return source;
}

std::optional<Tensor>
frac::frontend::foldPick(TensorBuilder &b, const Tensor &input,
                         ArrayRef<Extent> shape,
                         llvm::function_ref<int64_t(int64_t)> place) {
  std::optional<std::vector<Extent>> elements = getIntegers(input);
  std::optional<int64_t> count = getFoldedElements(shape);
  if (!elements || !count || isArgument(input))
    return std::nullopt;
  std::vector<Extent> picked;
  for (int64_t i = 0; i != *count; ++i) {
    int64_t index = place(i);
    if (index < 0 || index >= static_cast<int64_t>(elements->size()))
      return std::nullopt;
    picked.push_back((*elements)[index]);
  }
  return b.integers(std::move(picked), shape, input.elementType);
}

std::optional<Tensor> frac::frontend::foldSlice(TensorBuilder &b,
                                                const Tensor &input,
                                                ArrayRef<int64_t> offsets,
                                                ArrayRef<int64_t> strides,
                                                ArrayRef<Extent> shape) {
  return foldPick(b, input, shape, [&](int64_t index) {
    int64_t place = 0, step = 1;
    for (size_t i = shape.size(); i-- != 0;) {
      place += (offsets[i] + index % shape[i].offset * strides[i]) * step;
      index /= shape[i].offset;
      step *= input.shape[i].offset;
    }
    return place;
  });
}

std::optional<Tensor>
frac::frontend::foldTranspose(TensorBuilder &b, const Tensor &input,
                              ArrayRef<int64_t> permutation) {
  SmallVector<int64_t> steps(input.getRank(), 1);
  for (int64_t i = input.getRank() - 1; i > 0; --i)
    steps[i - 1] = steps[i] * input.shape[i].offset;
  Shape shape;
  for (int64_t dimension : permutation)
    shape.push_back(input.shape[dimension]);
  return foldPick(b, input, shape, [&](int64_t index) {
    int64_t place = 0;
    for (size_t i = shape.size(); i-- != 0;) {
      place += index % shape[i].offset * steps[permutation[i]];
      index /= shape[i].offset;
    }
    return place;
  });
}

std::optional<Tensor> frac::frontend::foldBroadcast(TensorBuilder &b,
                                                    const Tensor &tensor,
                                                    ArrayRef<Extent> shape) {
  return foldPick(b, tensor, shape, [&](int64_t i) {
    return getSourceIndex(tensor.shape, shape, i);
  });
}

std::optional<Tensor> frac::frontend::foldUnary(
    TensorBuilder &b, const Tensor &input,
    llvm::function_ref<std::optional<Extent>(Extent)> function,
    Type elementType) {
  std::optional<std::vector<Extent>> elements = getIntegers(input);
  if (!elements || isArgument(input))
    return std::nullopt;
  for (Extent &element : *elements) {
    std::optional<Extent> result = function(element);
    if (!result)
      return std::nullopt;
    element = *result;
  }
  return b.integers(std::move(*elements), input.shape, elementType);
}

std::optional<Tensor> frac::frontend::foldBinary(
    TensorBuilder &b, const Tensor &lhs, const Tensor &rhs,
    llvm::function_ref<std::optional<Extent>(Extent, Extent)> function,
    Type elementType) {
  std::optional<std::vector<Extent>> left = getIntegers(lhs),
                                     right = getIntegers(rhs);
  if (!left || !right || isArgument(lhs) || isArgument(rhs))
    return std::nullopt;
  std::optional<Shape> shape =
      TensorBuilder::broadcastShapes(lhs.shape, rhs.shape);
  if (!shape)
    return std::nullopt;
  std::optional<int64_t> count = getFoldedElements(*shape);
  if (!count)
    return std::nullopt;
  std::vector<Extent> elements;
  for (int64_t i = 0; i != *count; ++i) {
    std::optional<Extent> result =
        function((*left)[getSourceIndex(lhs.shape, *shape, i)],
                 (*right)[getSourceIndex(rhs.shape, *shape, i)]);
    if (!result)
      return std::nullopt;
    elements.push_back(*result);
  }
  return b.integers(std::move(elements), *shape, elementType);
}

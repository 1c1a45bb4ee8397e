//===- Folding.h - Integer tensors computed at import --------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Evaluates what exporters compute on shapes, so that it leaves no operations.
/// Every function returns nothing where an operand is not known or the result
/// is no linear function of the batch.
///
//===----------------------------------------------------------------------===//

#ifndef FRAC_FRONTENDS_ONNX_FOLDING_H
#define FRAC_FRONTENDS_ONNX_FOLDING_H

#include "frontends/onnx/TensorBuilder.h"

namespace frac::frontend {

/// A tensor of integers or bools, elementwise from two that broadcast.
std::optional<Tensor>
foldBinary(TensorBuilder &b, const Tensor &lhs, const Tensor &rhs,
           llvm::function_ref<std::optional<Extent>(Extent, Extent)> function,
           mlir::Type elementType);

/// A tensor of integers or bools, elementwise from one.
std::optional<Tensor>
foldUnary(TensorBuilder &b, const Tensor &input,
          llvm::function_ref<std::optional<Extent>(Extent)> function,
          mlir::Type elementType);

/// A tensor of integers of `shape`, element i of which is element
/// `place(i)` of the input, both counted in row-major order.
std::optional<Tensor> foldPick(TensorBuilder &b, const Tensor &input,
                               llvm::ArrayRef<Extent> shape,
                               llvm::function_ref<int64_t(int64_t)> place);

/// A slice, as TensorBuilder::slice.
std::optional<Tensor> foldSlice(TensorBuilder &b, const Tensor &input,
                                llvm::ArrayRef<int64_t> offsets,
                                llvm::ArrayRef<int64_t> strides,
                                llvm::ArrayRef<Extent> shape);

/// A permutation, as TensorBuilder::transpose.
std::optional<Tensor> foldTranspose(TensorBuilder &b, const Tensor &input,
                                    llvm::ArrayRef<int64_t> permutation);

/// `tensor` repeated to `shape`, as TensorBuilder::broadcast.
std::optional<Tensor> foldBroadcast(TensorBuilder &b, const Tensor &tensor,
                                    llvm::ArrayRef<Extent> shape);

/// A function of two static integers as one of extents.
template <typename Function>
auto onStatic(Function function) {
  return [function](Extent a, Extent b) -> std::optional<Extent> {
    if (!a.isStatic() || !b.isStatic())
      return std::nullopt;
    return function(a.offset, b.offset);
  };
}

} // namespace frac::frontend

#endif // FRAC_FRONTENDS_ONNX_FOLDING_H

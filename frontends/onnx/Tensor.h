//===- Tensor.h - A tensor of the graph being imported -------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_FRONTENDS_ONNX_TENSOR_H
#define FRAC_FRONTENDS_ONNX_TENSOR_H

#include "frontends/onnx/Extent.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Value.h"

#include <memory>
#include <vector>

namespace onnx {
class TensorProto;
} // namespace onnx

namespace frac::frontend {

/// An initializer of the graph, and what the module holds of it so far.
struct Initializer {
  const onnx::TensorProto *proto = nullptr;
  /// "parameter", "frozen" or "state".
  llvm::StringRef role;
  /// The load of its global; null before the first use.
  mlir::Value load;
};

/// What an ONNX value name stands for. Everything known at import is kept as
/// such and becomes an operation only when a node needs it as a tensor.
struct Tensor {
  /// Null until it is needed.
  mlir::Value value;
  /// f32, i64, i32 or i1; of a constant that only a Cast can use, another
  /// float.
  mlir::Type elementType;
  Shape shape;
  /// The elements of an integer or bool tensor, where they are known: shapes
  /// and what is computed from them.
  std::shared_ptr<const std::vector<Extent>> integers;
  /// The elements of a constant of any type, null if it is none.
  mlir::DenseElementsAttr constant;
  /// The initializer it is, null if it is none.
  Initializer *initializer = nullptr;

  int64_t getRank() const { return shape.size(); }
  bool isFloat() const { return elementType.isF32(); }
  bool isBool() const { return elementType.isInteger(1); }
  bool isInteger() const {
    return elementType.isInteger(64) || elementType.isInteger(32);
  }
};

} // namespace frac::frontend

#endif // FRAC_FRONTENDS_ONNX_TENSOR_H

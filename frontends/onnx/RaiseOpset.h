//===- RaiseOpset.h - Older models in a newer opset -------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_FRONTENDS_ONNX_RAISEOPSET_H
#define FRAC_FRONTENDS_ONNX_RAISEOPSET_H

#include <string>

namespace onnx {
class ModelProto;
} // namespace onnx

namespace frac::frontend {

/// The first opset whose DequantizeLinear has a scale for each channel.
constexpr int quantizedOpset = 13;

/// Declares a model of `opset`, which is in evaluation form, to be one of
/// `quantizedOpset`, unless it is that or newer. This is valid where every
/// operator means the same in both (the operators' versions in ONNX's
/// Changelog.md differ in types and in what used to be an error). Returns the
/// first operator that does not, and leaves the model as it is then; else
/// empty.
std::string raiseToQuantizedOpset(onnx::ModelProto &model, int opset);

} // namespace frac::frontend

#endif // FRAC_FRONTENDS_ONNX_RAISEOPSET_H

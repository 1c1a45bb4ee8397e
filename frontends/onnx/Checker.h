//===- Checker.h - ONNX's own checker ------------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_FRONTENDS_ONNX_CHECKER_H
#define FRAC_FRONTENDS_ONNX_CHECKER_H

#include <string>

namespace onnx {
class ModelProto;
} // namespace onnx

namespace frac::frontend {

/// Newest operator set and IR version that the ONNX library we build with
/// (1.12) knows; its checker refuses newer models.
constexpr int maxCheckedOpset = 17, maxCheckedIrVersion = 8;

/// Runs onnx::checker over `model`, whose tensors must not be external.
/// Returns its complaint in one line; empty if it has none.
std::string checkModel(const onnx::ModelProto &model);

} // namespace frac::frontend

#endif // FRAC_FRONTENDS_ONNX_CHECKER_H

//===- InlineFunctions.h - Inlining of a model's own functions -----------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_FRONTENDS_ONNX_INLINEFUNCTIONS_H
#define FRAC_FRONTENDS_ONNX_INLINEFUNCTIONS_H

#include "frontends/onnx/Diagnostics.h"

namespace onnx {
class ModelProto;
} // namespace onnx

namespace frac::frontend {

/// Replaces each node that calls a function of the model (ONNX IR version 8) by
/// the nodes of the function's body, until no call is left, and removes the
/// functions. Values and nodes of a body get the name of the call and a slash
/// as a prefix. `opset` is that of the model's ONNX domain.
void inlineFunctions(onnx::ModelProto &model, int opset,
                     Diagnostics &diagnostics);

} // namespace frac::frontend

#endif // FRAC_FRONTENDS_ONNX_INLINEFUNCTIONS_H

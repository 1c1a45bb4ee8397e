//===- EvaluationForm.h - A graph as evaluation runs it --------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_FRONTENDS_ONNX_EVALUATIONFORM_H
#define FRAC_FRONTENDS_ONNX_EVALUATIONFORM_H

namespace onnx {
class GraphProto;
} // namespace onnx

namespace frac::frontend {

/// Takes out of a graph what says that it is for training:
/// BatchNormalization normalizes by its running statistics and gives no new
/// ones, Dropout drops nothing. The graph is one that `importModel` accepts.
void putIntoEvaluationForm(onnx::GraphProto &graph);

} // namespace frac::frontend

#endif // FRAC_FRONTENDS_ONNX_EVALUATIONFORM_H

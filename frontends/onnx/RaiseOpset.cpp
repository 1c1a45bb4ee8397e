//===- RaiseOpset.cpp - Older models in a newer opset ---------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/RaiseOpset.h"

#include "frontends/onnx/Model.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

#include <onnx/onnx_pb.h>

using namespace frac::frontend;

namespace {

/// Operators that mean the same from opset `since` to `quantizedOpset`.
struct SteadyOperators {
  int since;
  llvm::StringRef names;
};

} // namespace

static constexpr SteadyOperators steadyOperators[] = {
    {minOpset,
     "Abs Ceil Concat Constant Conv ConvTranspose DepthToSpace Elu Exp Flatten "
     "Floor Gather GlobalAveragePool GlobalMaxPool HardSigmoid Identity "
     "InstanceNormalization LeakyRelu Log LpNormalization MatMul MaxPool Neg "
     "Not Reciprocal ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean "
     "ReduceMin ReduceProd ReduceSumSquare Relu Reshape Selu Shape Sigmoid "
     "Size "
     "Softplus Softsign SpaceToDepth Sqrt Tanh Tile Transpose"},
    {7, "Acos Add And Asin Atan AveragePool Cos Div Dropout Equal Gemm Greater "
        "Less Mul Or PRelu Pow Sin Sub Tan Xor"},
    {8, "Expand Max Mean Min Sum"},
    {9, "Acosh Atanh BatchNormalization Cast ConstantOfShape Cosh Erf IsNaN "
        "Sinh Where"},
    {10, "Mod Slice"},
    {11, "Clip Pad Range Round"},
    {12, "ArgMax ArgMin Celu GreaterOrEqual LessOrEqual"},
};

static bool isSteady(llvm::StringRef op, int opset) {
  return llvm::any_of(steadyOperators, [&](const SteadyOperators &operators) {
    llvm::SmallVector<llvm::StringRef> names;
    operators.names.split(names, ' ');
    return opset >= operators.since && llvm::is_contained(names, op);
  });
}

std::string frac::frontend::raiseToQuantizedOpset(onnx::ModelProto &model,
                                                  int opset) {
  if (opset >= quantizedOpset)
    return "";
  for (const onnx::NodeProto &node : model.graph().node())
    if (!isSteady(node.op_type(), opset))
      return node.op_type();
  for (onnx::OperatorSetIdProto &import : *model.mutable_opset_import())
    if (import.domain().empty() || import.domain() == "ai.onnx")
      import.set_version(quantizedOpset);
  return "";
}

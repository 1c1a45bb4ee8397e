//===- NNElementwiseOps.td - Activations ----------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_NN_NNELEMENTWISEOPS_TD
#define FRAC_NN_NNELEMENTWISEOPS_TD

include "dialects/nn/NNBase.td"

// Functions that `arith` and `math` have are not here, and neither are those
// that are products and sums of others (HardSwish, SiLU, GELU).

def NN_ReluOp : NN_UnaryOp<"relu"> {
  let summary = "max(x, 0), NaN for NaN (ONNX Relu); derivative 0 at 0";
}

def NN_ClipOp : NN_UnaryOp<"clip"> {
  let summary = "min(max(x, minimum), maximum) (ONNX Clip)";
  let description = [{
    The derivative is 1 at the bounds, as of torch.clamp; but with the bounds 0
    and 6 it is 0 there, as of torch.nn.ReLU6, which is exported so.
  }];
  let arguments = (ins FloatLike:$input, F32Attr:$minimum, F32Attr:$maximum);
}

def NN_LeakyReluOp : NN_UnaryOp<"leaky_relu"> {
  let summary = "x where x > 0, else alpha x (ONNX LeakyRelu)";
  let arguments = (ins FloatLike:$input, F32Attr:$alpha);
}

def NN_EluOp : NN_UnaryOp<"elu"> {
  let summary = "x where x > 0, else alpha (exp(x) - 1) (ONNX Elu)";
  let arguments = (ins FloatLike:$input, F32Attr:$alpha);
}

def NN_SigmoidOp : NN_UnaryOp<"sigmoid"> {
  let summary = "1 / (1 + exp(-x)), without overflow (ONNX Sigmoid)";
}

def NN_SoftplusOp : NN_UnaryOp<"softplus"> {
  let summary = "log(1 + exp(x)), without overflow (ONNX Softplus)";
}

def NN_HardSigmoidOp : NN_UnaryOp<"hard_sigmoid"> {
  let summary = "min(max(alpha x + beta, 0), 1) (ONNX HardSigmoid)";
  let description = "The derivative is alpha strictly between the bounds, else 0.";
  let arguments = (ins FloatLike:$input, F32Attr:$alpha, F32Attr:$beta);
}

def NN_DropoutOp : NN_Op<"dropout", [SameOperandsAndResultType]> {
  let summary = "Sets elements to 0 at random in training (ONNX Dropout)";
  let description = [{
    Before a program is built it stands for both forms: the evaluated program
    has the identity in its place, the training step a product with
    `nn.dropout_mask` of the same `ratio` and `stream`. `training` tells
    whether the model asks for the training form when it is merely run.
  }];
  let arguments = (ins AnyRankedTensor:$input, F32Attr:$ratio, I64Attr:$stream,
                       UnitAttr:$training);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($result)";
}

def NN_DropoutMaskOp : NN_Op<"dropout_mask"> {
  let summary = "Independent 0 with probability ratio, else 1 / (1 - ratio)";
  let description = [{
    The value of an element is a function of `counter` (seed and iteration), of
    `stream` and of the element's place in row-major order alone: the same for
    any number of threads and whenever it is computed anew.
  }];
  let arguments = (ins RankedTensorOf<[I64]>:$counter,
                       Variadic<Index>:$dynamic_sizes, F32Attr:$ratio,
                       I64Attr:$stream);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = [{
    $counter `[` $dynamic_sizes `]` attr-dict `:` type($counter) `->` type($result)
  }];
}

#endif // FRAC_NN_NNELEMENTWISEOPS_TD

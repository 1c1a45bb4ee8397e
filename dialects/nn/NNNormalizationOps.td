//===- NNNormalizationOps.td - Normalization and softmax ------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_NN_NNNORMALIZATIONOPS_TD
#define FRAC_NN_NNNORMALIZATIONOPS_TD

include "dialects/nn/NNBase.td"

def NN_BatchNormOp : NN_Op<"batch_norm", [
    AllTypesMatch<["input", "result"]>,
    AllTypesMatch<["scale", "bias", "mean", "variance", "batch_mean",
                   "batch_variance"]>,
    DeclareOpInterfaceMethods<ChannelsLastOpInterface,
                              ["isImageOperand", "isImageResult"]>]> {
  let summary = "Normalizes each channel (ONNX BatchNormalization)";
  let description = [{
    result = scale (input - m) / sqrt(v + epsilon) + bias. With `training`, m
    and v are the mean and the biased variance of the batch, which are also the
    second and third result; else they are `mean` and `variance`, and these are
    passed through. `momentum` is ONNX's: the training program keeps
    running = momentum running + (1 - momentum) batch. Other operands are (C).
    The input has rank 2 or more; its channels are dimension 1, or the last
    with `channels_last`.

    With `training`, `samples` has a 1 for each sample that the batch's mean and
    variance are taken of, and a 0 for each that is normalized by them alone;
    where there is no 1, `mean` and `variance` stand for them. Without it they
    are taken of all.
  }];
  let arguments = (ins AnyRankedTensor:$input, AnyRankedTensor:$scale,
                       AnyRankedTensor:$bias, AnyRankedTensor:$mean,
                       AnyRankedTensor:$variance,
                       Optional<1DTensorOf<[F32]>>:$samples,
                       F32Attr:$epsilon,
                       F32Attr:$momentum, UnitAttr:$training,
                       UnitAttr:$channels_last);
  let results = (outs AnyRankedTensor:$result, AnyRankedTensor:$batch_mean,
                      AnyRankedTensor:$batch_variance);
  let assemblyFormat = [{
    $input `,` $scale `,` $bias `,` $mean `,` $variance
    (`samples` $samples^)? attr-dict `:`
    type($input) `,` type($scale) (`,` type($samples)^)?
  }];
  let extraClassDeclaration = [{
    /// Dimension of the input that holds the channels.
    int64_t getChannelDimension() {
      return getChannelsLast() ? getInput().getType().getRank() - 1 : 1;
    }
  }];
  let hasVerifier = 1;
}

def NN_BatchNormGradOp : NN_Op<"batch_norm_grad", [
    AllTypesMatch<["error", "input", "input_grad"]>,
    AllTypesMatch<["scale", "batch_mean", "batch_variance", "scale_grad",
                   "bias_grad"]>,
    DeclareOpInterfaceMethods<ChannelsLastOpInterface,
                              ["isImageOperand", "isImageResult"]>]> {
  let summary = "Gradients of a training nn.batch_norm";
  let description = [{
    From the gradient of the result, the input, the scale and the batch's mean
    and variance: the gradients of input, scale and bias (Ioffe and Szegedy
    2015, section 3). The error must be 0 for samples that are 0 in `samples`;
    so is the gradient of their inputs.
  }];
  let arguments = (ins AnyRankedTensor:$error, AnyRankedTensor:$input,
                       AnyRankedTensor:$scale, AnyRankedTensor:$batch_mean,
                       AnyRankedTensor:$batch_variance,
                       Optional<1DTensorOf<[F32]>>:$samples,
                       F32Attr:$epsilon, UnitAttr:$channels_last);
  let results = (outs AnyRankedTensor:$input_grad, AnyRankedTensor:$scale_grad,
                      AnyRankedTensor:$bias_grad);
  let assemblyFormat = [{
    $error `,` $input `,` $scale `,` $batch_mean `,` $batch_variance
    (`samples` $samples^)? attr-dict `:` type($input) `,` type($scale)
    (`,` type($samples)^)?
  }];
  let extraClassDeclaration = [{
    /// Dimension of the input that holds the channels.
    int64_t getChannelDimension() {
      return getChannelsLast() ? getInput().getType().getRank() - 1 : 1;
    }
  }];
  let hasVerifier = 1;
}

def NN_SoftmaxOp : NN_Op<"softmax", [SameOperandsAndResultType]> {
  let summary = "exp(x) over its sum along a dimension, without overflow (ONNX Softmax)";
  let arguments = (ins AnyRankedTensor:$input, I64Attr:$dimension);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$input `dimension` `=` $dimension attr-dict `:` type($result)";
  let hasVerifier = 1;
}

def NN_LogSoftmaxOp : NN_Op<"log_softmax", [SameOperandsAndResultType]> {
  let summary = "Logarithm of nn.softmax (ONNX LogSoftmax)";
  let arguments = (ins AnyRankedTensor:$input, I64Attr:$dimension);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$input `dimension` `=` $dimension attr-dict `:` type($result)";
  let hasVerifier = 1;
}

def NN_PickOp : NN_Op<"pick"> {
  let summary = "One element a row: result[n] = input[n, labels[n]]";
  let description = "A label outside of 0 to C - 1 gives 0.";
  let arguments = (ins AnyRankedTensor:$input, RankedTensorOf<[I64]>:$labels);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = [{
    $input `,` $labels attr-dict `:` type($input) `,` type($labels) `->`
    type($result)
  }];
  let hasVerifier = 1;
}

def NN_UnpickOp : NN_Op<"unpick"> {
  let summary = "Zeros but for one element a row: the adjoint of nn.pick";
  let arguments = (ins AnyRankedTensor:$input, RankedTensorOf<[I64]>:$labels);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = [{
    $input `,` $labels attr-dict `:` type($input) `,` type($labels) `->`
    type($result)
  }];
  let hasVerifier = 1;
}

#endif // FRAC_NN_NNNORMALIZATIONOPS_TD

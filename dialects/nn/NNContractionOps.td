//===- NNContractionOps.td - Convolutions and matrix products -------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_NN_NNCONTRACTIONOPS_TD
#define FRAC_NN_NNCONTRACTIONOPS_TD

include "dialects/nn/NNBase.td"

def NN_MatmulOp : NN_Op<"matmul", [
    DeclareOpInterfaceMethods<ContractionOpInterface,
                              ["getGeometry", "getRightChannelDimension"]>]> {
  let summary = "Matrix product of two matrices or of two stacks of matrices";
  let description = [{
    Operands are (M, K) and (K, N), or (B, M, K) and (B, K, N) with equal B;
    with `transpose_lhs` the first is (K, M), with `transpose_rhs` the second
    is (N, K).
  }];
  let arguments = (ins RankedTensorOf<[AnyFloat]>:$lhs,
                       RankedTensorOf<[AnyFloat]>:$rhs,
                       UnitAttr:$transpose_lhs, UnitAttr:$transpose_rhs);
  let results = (outs RankedTensorOf<[AnyFloat]>:$result);
  let assemblyFormat = [{
    $lhs `,` $rhs attr-dict `:` type($lhs) `,` type($rhs) `->` type($result)
  }];
  let hasVerifier = 1;
}

class NN_ConvolutionOp<string mnemonic>
    : NN_Op<mnemonic, [
        DeclareOpInterfaceMethods<
            ContractionOpInterface,
            ["getGeometry", "getRightChannelDimension", "isDepthwise",
             "isPointwise"]>,
        DeclareOpInterfaceMethods<ChannelsLastOpInterface,
                                  ["isImageOperand", "isImageResult"]>]> {
  dag geometry = (ins DenseI64ArrayAttr:$strides, DenseI64ArrayAttr:$dilations,
                      DenseI64ArrayAttr:$pads_begin,
                      DenseI64ArrayAttr:$pads_end, I64Attr:$groups,
                      UnitAttr:$channels_last);
  let hasVerifier = 1;
}

def NN_ConvOp : NN_ConvolutionOp<"conv"> {
  let summary = "Convolution (ONNX Conv without bias)";
  let description = [{
    The input is an image (N, I, spatial...), the weights are
    (O, I / groups, kernel...), the result is (N, O, spatial...). Padding is
    with zeros. Weights keep this order with `channels_last` too.
  }];
  let arguments = !con((ins AnyRankedTensor:$input, AnyRankedTensor:$weights),
                       geometry);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = [{
    $input `,` $weights attr-dict `:` type($input) `,` type($weights) `->`
    type($result)
  }];
}

def NN_ConvInputGradOp : NN_ConvolutionOp<"conv_input_grad"> {
  let summary = "Gradient of nn.conv by its input; ONNX ConvTranspose";
  let description = [{
    `error` has the shape of the convolution's result, the result that of its
    input. The attributes are those of the convolution.
  }];
  let arguments = !con((ins AnyRankedTensor:$error, AnyRankedTensor:$weights),
                       geometry);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = [{
    $error `,` $weights attr-dict `:` type($error) `,` type($weights) `->`
    type($result)
  }];
}

def NN_ConvWeightGradOp : NN_ConvolutionOp<"conv_weight_grad"> {
  let summary = "Gradient of nn.conv by its weights, summed over the batch";
  let arguments = !con((ins AnyRankedTensor:$input, AnyRankedTensor:$error),
                       geometry);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = [{
    $input `,` $error attr-dict `:` type($input) `,` type($error) `->`
    type($result)
  }];
}

#endif // FRAC_NN_NNCONTRACTIONOPS_TD

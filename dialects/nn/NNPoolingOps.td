//===- NNPoolingOps.td - Pools --------------------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_NN_NNPOOLINGOPS_TD
#define FRAC_NN_NNPOOLINGOPS_TD

include "dialects/nn/NNBase.td"

class NN_PoolOp<string mnemonic>
    : NN_Op<mnemonic, [DeclareOpInterfaceMethods<
                          ChannelsLastOpInterface,
                          ["isImageOperand", "isImageResult"]>]> {
  dag window = (ins DenseI64ArrayAttr:$kernel, DenseI64ArrayAttr:$strides,
                    DenseI64ArrayAttr:$dilations,
                    DenseI64ArrayAttr:$pads_begin, DenseI64ArrayAttr:$pads_end,
                    UnitAttr:$channels_last);
  let hasVerifier = 1;
}

def NN_MaxPoolOp : NN_PoolOp<"max_pool"> {
  let summary = "Largest element of each window (ONNX MaxPool)";
  let description = [{
    Padding never wins. Rounding of the output extent (ONNX `ceil_mode`) is in
    the result's type; windows may reach beyond the padding.
  }];
  let arguments = !con((ins AnyRankedTensor:$input), window);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}

def NN_MaxPoolGradOp : NN_PoolOp<"max_pool_grad"> {
  let summary = "Gradient of nn.max_pool by its input";
  let description = [{
    A window's gradient goes to its first largest element in row-major order.
  }];
  let arguments = !con((ins AnyRankedTensor:$input, AnyRankedTensor:$error),
                       window);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = [{
    $input `,` $error attr-dict `:` type($input) `,` type($error) `->`
    type($result)
  }];
}

def NN_AvgPoolOp : NN_PoolOp<"avg_pool"> {
  let summary = "Mean of each window (ONNX AveragePool)";
  let description = [{
    The sum is divided by the number of elements in the window: with
    `count_include_pad` those in the padding count too, those beyond it never.
  }];
  let arguments = !con((ins AnyRankedTensor:$input), window,
                       (ins UnitAttr:$count_include_pad));
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}

def NN_AvgPoolGradOp : NN_PoolOp<"avg_pool_grad"> {
  let summary = "Gradient of nn.avg_pool by its input";
  let arguments = !con((ins AnyRankedTensor:$error), window,
                       (ins UnitAttr:$count_include_pad));
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$error attr-dict `:` type($error) `->` type($result)";
}

#endif // FRAC_NN_NNPOOLINGOPS_TD

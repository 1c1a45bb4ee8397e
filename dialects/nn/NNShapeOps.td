//===- NNShapeOps.td - Changes of shape and reductions --------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_NN_NNSHAPEOPS_TD
#define FRAC_NN_NNSHAPEOPS_TD

include "dialects/nn/NNBase.td"

def NN_BroadcastOp : NN_Op<"broadcast"> {
  let summary = "Repeats a tensor along new or unit dimensions";
  let description = [{
    Dimension i of the input becomes dimension `dimensions[i]` of the result;
    `dimensions` ascends strictly. An input extent of 1 is stretched to the
    result's. `dynamic_sizes` gives the dynamic extents of the result in order.

    ```mlir
    %r = nn.broadcast %bias[%n] dimensions = [1]
       : tensor<16xf32> -> tensor<?x16x32x32xf32>
    ```
  }];
  let arguments = (ins AnyRankedTensor:$input, Variadic<Index>:$dynamic_sizes,
                       DenseI64ArrayAttr:$dimensions);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = [{
    $input `[` $dynamic_sizes `]` `dimensions` `=` $dimensions attr-dict `:`
    type($input) `->` type($result)
  }];
  let hasVerifier = 1;
  let hasFolder = 1;
}

def NN_ReduceKind : I32EnumAttr<"ReduceKind", "how elements are combined", [
      I32EnumAttrCase<"sum", 0>, I32EnumAttrCase<"mean", 1>,
      I32EnumAttrCase<"max", 2>, I32EnumAttrCase<"min", 3>,
      I32EnumAttrCase<"prod", 4>]> {
  let cppNamespace = "::frac::nn";
  let genSpecializedAttr = 0;
}
def NN_ReduceKindAttr : EnumAttr<NN_Dialect, NN_ReduceKind, "reduce_kind">;

def NN_ReduceOp : NN_Op<"reduce"> {
  let summary = "Combines the elements along some dimensions";
  let description = [{
    `dimensions` ascends strictly; they are gone in the result. Of an empty
    range the sum is 0, the product 1, the mean NaN, the maximum -inf. The
    derivative of a maximum or minimum goes in equal parts to the elements that
    attain it (as torch.amax).

    ```mlir
    %s = nn.reduce sum %x dimensions = [0, 2, 3]
       : tensor<?x16x32x32xf32> -> tensor<16xf32>
    ```
  }];
  let arguments = (ins NN_ReduceKindAttr:$kind, AnyRankedTensor:$input,
                       DenseI64ArrayAttr:$dimensions);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = [{
    $kind $input `dimensions` `=` $dimensions attr-dict `:` type($input) `->`
    type($result)
  }];
  let hasVerifier = 1;
  let hasFolder = 1;
}

def NN_KeepOp : NN_Op<"keep", [SameOperandsAndResultType]> {
  let summary = "The same tensor, which lies in memory from here on";
  let description = [{
    What reads the result reads memory: the loop that computes the operand is
    not repeated there.
  }];
  let arguments = (ins AnyRankedTensor:$input);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($result)";
}

def NN_ReshapeOp : NN_Op<"reshape", [KeepsElements]> {
  let summary = "The same elements in row-major order under another shape";
  let description = [{
    At most one extent of the result is dynamic; it follows from the number of
    elements.
  }];
  let arguments = (ins AnyRankedTensor:$input);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def NN_TransposeOp : NN_Op<"transpose"> {
  let summary = "Permutes dimensions: result dimension i is permutation[i] of the input";
  let arguments = (ins AnyRankedTensor:$input, DenseI64ArrayAttr:$permutation);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = [{
    $input `permutation` `=` $permutation attr-dict `:` type($input) `->`
    type($result)
  }];
  let hasVerifier = 1;
  let hasFolder = 1;
}

def NN_ConcatOp : NN_Op<"concat"> {
  let summary = "Joins tensors along one dimension (ONNX Concat)";
  let arguments = (ins Variadic<AnyRankedTensor>:$inputs, I64Attr:$dimension);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = [{
    $inputs `dimension` `=` $dimension attr-dict `:` type($inputs) `->`
    type($result)
  }];
  let hasVerifier = 1;
}

def NN_SliceOp : NN_Op<"slice"> {
  let summary = "Every `strides`-th element from `offsets` on (ONNX Slice)";
  let description = [{
    A stride may be negative: elements then go down from the offset. A dynamic
    dimension is taken whole, with offset 0 and stride 1.
  }];
  let arguments = (ins AnyRankedTensor:$input, DenseI64ArrayAttr:$offsets,
                       DenseI64ArrayAttr:$strides);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = [{
    $input `offsets` `=` $offsets `strides` `=` $strides attr-dict `:`
    type($input) `->` type($result)
  }];
  let hasVerifier = 1;
}

def NN_UnsliceOp : NN_Op<"unslice"> {
  let summary = "Zeros but for a slice: the adjoint of nn.slice";
  let arguments = (ins AnyRankedTensor:$input, Variadic<Index>:$dynamic_sizes,
                       DenseI64ArrayAttr:$offsets, DenseI64ArrayAttr:$strides);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = [{
    $input `[` $dynamic_sizes `]` `offsets` `=` $offsets `strides` `=` $strides
    attr-dict `:` type($input) `->` type($result)
  }];
  let hasVerifier = 1;
}

def NN_PadMode : I32EnumAttr<"PadMode", "what padding holds", [
      I32EnumAttrCase<"constant", 0>, I32EnumAttrCase<"edge", 1>,
      I32EnumAttrCase<"reflect", 2>]> {
  let cppNamespace = "::frac::nn";
  let genSpecializedAttr = 0;
}
def NN_PadModeAttr : EnumAttr<NN_Dialect, NN_PadMode, "pad_mode">;

def NN_PadOp : NN_Op<"pad"> {
  let summary = "Adds elements at the ends of dimensions (ONNX Pad)";
  let description = "Negative amounts cut off. A dynamic dimension is not padded.";
  let arguments = (ins NN_PadModeAttr:$mode, AnyRankedTensor:$input,
                       DenseI64ArrayAttr:$low, DenseI64ArrayAttr:$high,
                       DefaultValuedAttr<F64Attr, "0.0">:$value);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = [{
    $mode $input `low` `=` $low `high` `=` $high attr-dict `:` type($input)
    `->` type($result)
  }];
  let hasVerifier = 1;
}

def NN_GatherOp : NN_Op<"gather"> {
  let summary = "Picks slices along a dimension by index (ONNX Gather)";
  let description = [{
    The shape of `indices` replaces `dimension` of the input. Negative indices
    count from the end; one beyond the extent is clamped.
  }];
  let arguments = (ins AnyRankedTensor:$input,
                       RankedTensorOf<[I32, I64]>:$indices, I64Attr:$dimension);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = [{
    $input `,` $indices `dimension` `=` $dimension attr-dict `:` type($input)
    `,` type($indices) `->` type($result)
  }];
  let hasVerifier = 1;
}

def NN_ScatterAddOp : NN_Op<"scatter_add"> {
  let summary = "Adds slices into zeros by index: the adjoint of nn.gather";
  let arguments = (ins AnyRankedTensor:$updates,
                       RankedTensorOf<[I32, I64]>:$indices,
                       Variadic<Index>:$dynamic_sizes, I64Attr:$dimension);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = [{
    $updates `,` $indices `[` $dynamic_sizes `]` `dimension` `=` $dimension
    attr-dict `:` type($updates) `,` type($indices) `->` type($result)
  }];
  let hasVerifier = 1;
}

def NN_ArgMaxOp : NN_Op<"argmax"> {
  let summary = "Place of the first largest element along a dimension (ONNX ArgMax)";
  let arguments = (ins AnyRankedTensor:$input, I64Attr:$dimension);
  let results = (outs RankedTensorOf<[I64]>:$result);
  let assemblyFormat = [{
    $input `dimension` `=` $dimension attr-dict `:` type($input) `->`
    type($result)
  }];
  let hasVerifier = 1;
}

#endif // FRAC_NN_NNSHAPEOPS_TD

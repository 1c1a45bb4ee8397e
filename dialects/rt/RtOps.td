//===- RtOps.td - Calls of the runtime -----------------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RT_RTOPS_TD
#define FRAC_RT_RTOPS_TD

include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Rt_Dialect : Dialect {
  let name = "rt";
  let cppNamespace = "::frac::rt";
  let summary = "Calls of the runtime, on buffers";
  let description = [{
    What is left of a program once tensors have places in memory: each operation
    is one call of a function of runtime/frac_runtime.h. Buffers are dense and
    row-major; an operation sees the address alone, so that a view of another
    rank may stand for a buffer.
  }];
}

class Rt_Op<string mnemonic, list<Trait> traits = []>
    : Op<Rt_Dialect, mnemonic, traits>;

def Rt_ConvKind : I32EnumAttr<"ConvKind", "which product of a convolution", [
      I32EnumAttrCase<"forward", 0>, I32EnumAttrCase<"input_grad", 1>,
      I32EnumAttrCase<"weight_grad", 2>]> {
  let cppNamespace = "::frac::rt";
}

def Rt_ConvOp : Rt_Op<"conv"> {
  let summary = "A convolution, or its gradient by the input or the weights";
  let description = [{
    With `forward`, `lhs` is the input, `rhs` the weights and `dst` the output;
    with `input_grad` they are the gradient at the output, the weights and the
    gradient at the input; with `weight_grad` the input, the gradient at the
    output and the gradient of the weights. Images are channels-last, weights
    (O, I / groups, kernel...). `dst` is overwritten and must not overlap the
    others.
  }];
  let arguments = (ins Rt_ConvKind:$kind,
                       Arg<AnyStridedMemRef, "", [MemRead]>:$lhs,
                       Arg<AnyStridedMemRef, "", [MemRead]>:$rhs,
                       Arg<AnyStridedMemRef, "", [MemWrite]>:$dst,
                       DenseI64ArrayAttr:$strides, DenseI64ArrayAttr:$dilations,
                       DenseI64ArrayAttr:$pads_begin,
                       DenseI64ArrayAttr:$pads_end, I64Attr:$groups,
                       Optional<Index>:$batch);
  let assemblyFormat = [{
    $kind `(` $lhs `,` $rhs `)` `into` $dst (`batch` $batch^)? attr-dict `:`
    type($lhs) `,` type($rhs) `,` type($dst)
  }];
  let extraClassDeclaration = [{
    /// The operand that plays the part of the convolution's input, its output
    /// and its weights.
    ::mlir::Value getImageInput() {
      return getKind() == ConvKind::input_grad ? getDst() : getLhs();
    }
    ::mlir::Value getImageOutput() {
      return getKind() == ConvKind::forward      ? getDst()
             : getKind() == ConvKind::input_grad ? getLhs()
                                                 : getRhs();
    }
    ::mlir::Value getWeights() {
      return getKind() == ConvKind::weight_grad ? getDst() : getRhs();
    }
  }];
  let hasVerifier = 1;
}

/// An operation of rt on integers. `lhs_place` and `rhs_place` are the places of
/// the widths in the tables; `lhs_dimension` and `rhs_dimension` the dimensions
/// with a scale for each index, if there is more than one. A place of -1 says
/// that the table has a width for each sample.
class Rt_QuantizedOp<string mnemonic> : Rt_Op<mnemonic> {
  dag factors = (ins Arg<AnyStridedMemRef, "", [MemRead]>:$lhs,
                     Arg<AnyStridedMemRef, "", [MemRead]>:$lhs_scale,
                     Arg<AnyStridedMemRef, "", [MemRead]>:$lhs_zero,
                     Arg<AnyStridedMemRef, "", [MemRead]>:$lhs_table,
                     Arg<AnyStridedMemRef, "", [MemRead]>:$rhs,
                     Arg<AnyStridedMemRef, "", [MemRead]>:$rhs_scale,
                     Arg<AnyStridedMemRef, "", [MemRead]>:$rhs_zero,
                     Arg<AnyStridedMemRef, "", [MemRead]>:$rhs_table,
                     Arg<AnyStridedMemRef, "", [MemWrite]>:$dst,
                     I64Attr:$lhs_place, I64Attr:$rhs_place,
                     OptionalAttr<I64Attr>:$lhs_dimension,
                     OptionalAttr<I64Attr>:$rhs_dimension);
  let hasVerifier = 1;
}

def Rt_QuantizedConvOp : Rt_QuantizedOp<"quantized_conv"> {
  let summary = "rt.conv of integers that stand for numbers";
  let description = [{
    Factors and result are those of rt.conv, the result in float. See
    frac_quantized in runtime/frac_runtime.h.
  }];
  let arguments = !con((ins Rt_ConvKind:$kind), factors,
                       (ins DenseI64ArrayAttr:$strides, DenseI64ArrayAttr:$dilations,
                       DenseI64ArrayAttr:$pads_begin,
                       DenseI64ArrayAttr:$pads_end, I64Attr:$groups,
                       Optional<Index>:$batch));
  let assemblyFormat = [{
    $kind `(` $lhs `scale` $lhs_scale `zero` $lhs_zero `bits` $lhs_table `[`
    $lhs_place `]` `,` $rhs `scale` $rhs_scale `zero` $rhs_zero `bits`
    $rhs_table `[` $rhs_place `]` `)` `into` $dst (`batch` $batch^)? attr-dict
    `:` type($lhs) type($lhs_scale) type($lhs_zero) type($lhs_table) `,`
    type($rhs) type($rhs_scale) type($rhs_zero) type($rhs_table) `,` type($dst)
  }];
  let extraClassDeclaration = [{
    /// The operand that plays the part of the convolution's input, its output
    /// and its weights.
    ::mlir::Value getImageInput() {
      return getKind() == ConvKind::input_grad ? getDst() : getLhs();
    }
    ::mlir::Value getImageOutput() {
      return getKind() == ConvKind::forward      ? getDst()
             : getKind() == ConvKind::input_grad ? getLhs()
                                                 : getRhs();
    }
    ::mlir::Value getWeights() {
      return getKind() == ConvKind::weight_grad ? getDst() : getRhs();
    }
  }];
}

def Rt_QuantizedMatmulOp : Rt_QuantizedOp<"quantized_matmul"> {
  let summary = "rt.matmul of integers that stand for numbers";
  let arguments = !con(factors,
                       (ins Index:$batch, Index:$m, Index:$n, Index:$k,
                        UnitAttr:$transpose_lhs, UnitAttr:$transpose_rhs));
  let assemblyFormat = [{
    `(` $lhs `scale` $lhs_scale `zero` $lhs_zero `bits` $lhs_table `[`
    $lhs_place `]` `,` $rhs `scale` $rhs_scale `zero` $rhs_zero `bits`
    $rhs_table `[` $rhs_place `]` `)` `into` $dst `sizes` `(` $batch `,` $m `,`
    $n `,` $k `)` attr-dict `:` type($lhs) type($lhs_scale) type($lhs_zero)
    type($lhs_table) `,` type($rhs) type($rhs_scale) type($rhs_zero)
    type($rhs_table) `,` type($dst)
  }];
}

def Rt_MatmulOp : Rt_Op<"matmul"> {
  let summary = "dst[i] = op(lhs[i]) x op(rhs[i])";
  let description = [{
    Operands are as those of nn.matmul. `sizes` holds the batch, m, n and k.
    `dst` is overwritten and must not overlap the others.
  }];
  let arguments = (ins Arg<AnyStridedMemRef, "", [MemRead]>:$lhs,
                       Arg<AnyStridedMemRef, "", [MemRead]>:$rhs,
                       Arg<AnyStridedMemRef, "", [MemWrite]>:$dst,
                       Index:$batch, Index:$m, Index:$n, Index:$k,
                       UnitAttr:$transpose_lhs, UnitAttr:$transpose_rhs);
  let assemblyFormat = [{
    `(` $lhs `,` $rhs `)` `into` $dst `sizes` `(` $batch `,` $m `,` $n `,` $k
    `)` attr-dict `:` type($lhs) `,` type($rhs) `,` type($dst)
  }];
}

def Rt_LaunchOp : Rt_Op<"launch", [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "Runs a kernel over a range, on all threads";
  let description = [{
    The kernel is a function that takes the bounds of a part of [0, extent) and
    then `arguments`. Parts have at least `grain` iterations. Every buffer is
    passed once: the kernel may take its buffers not to overlap.
  }];
  let arguments = (ins FlatSymbolRefAttr:$kernel, Index:$extent, Index:$grain,
                       Variadic<AnyType>:$arguments);
  let assemblyFormat = [{
    $kernel `[` $extent `grain` $grain `]` `(` $arguments `)` attr-dict
    (`:` type($arguments)^)?
  }];
}

def Rt_ReshapeOp : Rt_Op<"reshape", [Pure]> {
  let summary = "The same buffer under another shape";
  let description = [{
    Both are dense and hold the same number of elements. `size` is the dynamic
    extent of the result, where it has one.
  }];
  let arguments = (ins AnyStridedMemRef:$source, Optional<Index>:$size);
  let results = (outs AnyStridedMemRef:$result);
  let assemblyFormat = [{
    $source (`[` $size^ `]`)? attr-dict `:` type($source) `->` type($result)
  }];
}

#endif // FRAC_RT_RTOPS_TD

//===- FracOps.td - Bit-widths and quantized tensors ----------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_FRAC_FRACOPS_TD
#define FRAC_FRAC_FRACOPS_TD

include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Frac_Dialect : Dialect {
  let name = "frac";
  let cppNamespace = "::frac::precision";
  let summary = "Bit-widths that are values, and tensors of integers";
  let description = [{
    A bit-width is a value of type `!frac.bits`, which `frac.resolve` takes from
    the table that the runtime gives to every call of an entry. A tensor x of
    numbers becomes one of integers q by `frac.quantize` and stands for numbers
    again by `frac.dequantize`:

      levels = 2^bits - 1
      scale  = max((high - low) / levels, 1e-8)
      q      = round_half_even(clip((x - low) / scale [+ noise], 0, levels))
      x'     = scale q + low

    The noise is uniform in [-1/2, 1/2) where rounding is stochastic. The zero
    point `low` is a real number. docs/rationale/frac.md says why.
  }];
  let useDefaultTypePrinterParser = 1;
  let useDefaultAttributePrinterParser = 1;
  let hasConstantMaterializer = 1;
}

class Frac_Op<string mnemonic, list<Trait> traits = []>
    : Op<Frac_Dialect, mnemonic, traits>;

//===----------------------------------------------------------------------===//
// Types and enums
//===----------------------------------------------------------------------===//

def Frac_BitsType : TypeDef<Frac_Dialect, "Bits"> {
  let mnemonic = "bits";
  let summary = "The width of the integers of a tensor, 2 to 16";
}

def Frac_Role : I32EnumAttr<"Role", "which factor of a product", [
      I32EnumAttrCase<"activation", 0>, I32EnumAttrCase<"weight", 1>,
      I32EnumAttrCase<"error", 2>]> {
  let cppNamespace = "::frac::precision";
  let genSpecializedAttr = 0;
}
def Frac_RoleAttr : EnumAttr<Frac_Dialect, Frac_Role, "role">;

def Frac_IntegerTensor
    : Type<And<[RankedTensorOf<[I8, I16]>.predicate]>,
           "tensor of integers without sign in 8 or 16 bits",
           "::mlir::RankedTensorType">;
def Frac_RealTensor : RankedTensorOf<[F32]>;
def Frac_ScaleTensor
    : Type<And<[RankedTensorOf<[F32]>.predicate, HasAnyRankOfPred<[0, 1]>]>,
           "tensor of rank 0 or 1 of 32-bit float",
           "::mlir::RankedTensorType">;

//===----------------------------------------------------------------------===//
// Widths
//===----------------------------------------------------------------------===//

def Frac_SymbolOp : Frac_Op<"symbol", [Symbol]> {
  let summary = "The name of a width that is chosen while the program runs";
  let description = [{
    `index` is its place in the table of widths. `max_bits` is what the storage
    of the tensor holds, 8 or 16. `fixed` is the width where the method leaves
    no choice. `layer` is the name of the node whose product it belongs to. `block`
    is the number of the gated block whose gate chooses the width for each
    sample; with `skips` it may be 0, for samples that skip the block.

    ```mlir
    frac.symbol @"conv1.activation" activation of "conv1" {index = 0, max_bits = 8}
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, Frac_RoleAttr:$role,
                       StrAttr:$layer, I64Attr:$index, I64Attr:$max_bits,
                       OptionalAttr<I64Attr>:$fixed,
                       OptionalAttr<I64Attr>:$block, UnitAttr:$skips);
  let assemblyFormat = "$sym_name $role `of` $layer attr-dict";
  let hasVerifier = 1;
}

def Frac_ResolveOp : Frac_Op<"resolve", [
    Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "The width that the table has for a symbol";
  let arguments = (ins FlatSymbolRefAttr:$symbol,
                       1DTensorOf<[I32]>:$table);
  let results = (outs Frac_BitsType:$bits);
  let assemblyFormat = "$symbol `from` $table attr-dict `:` type($table)";
}

def Frac_ConstantOp : Frac_Op<"constant", [Pure, ConstantLike]> {
  let summary = "A width that is known";
  let arguments = (ins I64Attr:$value);
  let results = (outs Frac_BitsType:$bits);
  let assemblyFormat = "$value attr-dict";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Frac_SampleBitsOp : Frac_Op<"sample_bits", [
    Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "A width for each sample, which a gate has chosen";
  let description = [{
    `widths` has one number for each index of dimension 0 of the tensors that
    are quantized to it, 2 to the storage's, or 0 for what no product needs.
    What is known of them before the program runs is that of `symbol`.
  }];
  let arguments = (ins FlatSymbolRefAttr:$symbol, 1DTensorOf<[I32]>:$widths);
  let results = (outs Frac_BitsType:$bits);
  let assemblyFormat = "$symbol `of` $widths attr-dict `:` type($widths)";
}

//===----------------------------------------------------------------------===//
// Gates
//===----------------------------------------------------------------------===//

def Frac_ChooseOp : Frac_Op<"choose", [
    Pure, AllTypesMatch<["scores", "choice"]>]> {
  let summary = "1 at the largest score of each row, 0 elsewhere";
  let description = [{
    Of equal scores the first wins: there is one winner in every row, but for
    scores that are no numbers. If `forced` is not negative it is the place of
    the winner whatever the scores are. The gradient of the choice passes to the
    scores unchanged (straight-through).
  }];
  let arguments = (ins 2DTensorOf<[F32]>:$scores, 0DTensorOf<[F32]>:$forced);
  let results = (outs 2DTensorOf<[F32]>:$choice);
  let assemblyFormat = "$scores `forced` $forced attr-dict `:` type($scores) `,` type($forced)";
}

def Frac_MixOp : Frac_Op<"mix", [Pure, AllTypesMatch<["input", "result"]>,
    AllTypesMatch<["widths", "error_widths"]>]> {
  let summary = "A factor of contractions whose width each sample has chosen";
  let description = [{
    The operand-level mixture of a tensor's quantizations,
    sum_k choice[n, k] Q(input[n]; candidates[k]), which with one winner in each
    row is the tensor quantized to `widths[n]` bits. Before quantizers are
    inserted it stands for its input. `error_widths` are the widths of the errors
    at the outputs of the contractions that read it.

    The gradient of the input is that of the result. That of `choice[n, k]` is
    the scalar product of the gradient of the result with Q(input[n];
    candidates[k]), as products are linear; `sampling` says for which n it is
    computed, see `frac.mix_grad`.

    With `rows` samples may have the width 0, which leaves them out of all
    products, and the range that widths divide is that of the samples that are
    not 0 in `rows`.
  }];
  let arguments = (ins Frac_RealTensor:$input, 2DTensorOf<[F32]>:$choice,
                       1DTensorOf<[I32]>:$widths,
                       1DTensorOf<[I32]>:$error_widths,
                       1DTensorOf<[F32]>:$candidates,
                       1DTensorOf<[F32]>:$sampling,
                       Optional<1DTensorOf<[F32]>>:$rows, I64Attr:$block);
  let results = (outs Frac_RealTensor:$result);
  let assemblyFormat = [{
    $input `by` $choice `widths` $widths `,` $error_widths `of` $candidates
    `sampling` $sampling (`rows` $rows^)? attr-dict `:` type($input) `,`
    type($choice) `,` type($widths) `,` type($candidates) `,` type($sampling)
    (`,` type($rows)^)?
  }];
  let hasVerifier = 1;
}

def Frac_MixGradOp : Frac_Op<"mix_grad", [
    Pure, AllTypesMatch<["error", "input"]>,
    AllTypesMatch<["low", "high"]>]> {
  let summary = "Gradient of frac.mix by the choice";
  let description = [{
    result[n, k] = <error[n], Q(input[n]; candidates[k])> for those n that leave
    the remainder r when divided by p, else 0, where `sampling` is (p, r). A
    candidate of less than 2 bits has no quantization and
    gets 0. `low` and `high` are the range of the input.
  }];
  let arguments = (ins Frac_RealTensor:$error, Frac_RealTensor:$input,
                       0DTensorOf<[F32]>:$low, 0DTensorOf<[F32]>:$high,
                       1DTensorOf<[F32]>:$candidates,
                       1DTensorOf<[F32]>:$sampling);
  let results = (outs 2DTensorOf<[F32]>:$result);
  let assemblyFormat = [{
    $error `,` $input `in` $low `to` $high `of` $candidates `sampling` $sampling
    attr-dict `:` type($input) `,` type($low) `,` type($candidates) `,`
    type($sampling) `->` type($result)
  }];
  let hasVerifier = 1;
}

def Frac_SampleGradientOp : Frac_Op<"sample_gradient", [
    Pure, AllTypesMatch<["input", "result"]>]> {
  let summary = "The input, whose gradient is that of a part of the samples";
  let description = [{
    The gradient of the input is `frac.sample_rows` of that of the result. If r of
    `sampling` (p, r) takes the values 0 to p - 1 in turn, its mean is the
    gradient.
  }];
  let arguments = (ins Frac_RealTensor:$input, 1DTensorOf<[F32]>:$sampling);
  let results = (outs Frac_RealTensor:$result);
  let assemblyFormat = [{
    $input `sampling` $sampling attr-dict `:` type($input) `,` type($sampling)
  }];
}

def Frac_SampleRowsOp : Frac_Op<"sample_rows", [
    Pure, AllTypesMatch<["input", "result"]>]> {
  let summary = "A part of the rows";
  let description = [{
    result[n] = p input[n] for those n that leave the remainder r when divided by
    p, else 0, where `sampling` is (p, r).
  }];
  let arguments = (ins Frac_RealTensor:$input, 1DTensorOf<[F32]>:$sampling);
  let results = (outs Frac_RealTensor:$result);
  let assemblyFormat = [{
    $input `sampling` $sampling attr-dict `:` type($input) `,` type($sampling)
  }];
}

def Frac_ScaleGradientOp : Frac_Op<"scale_gradient", [
    Pure, AllTypesMatch<["input", "result"]>]> {
  let summary = "The input, whose gradient is multiplied";
  let description = "The gradient of the input is `factor` times that of the result.";
  let arguments = (ins Frac_RealTensor:$input, 0DTensorOf<[F32]>:$factor);
  let results = (outs Frac_RealTensor:$result);
  let assemblyFormat = [{
    $input `by` $factor attr-dict `:` type($input) `,` type($factor)
  }];
}

//===----------------------------------------------------------------------===//
// Quantized tensors
//===----------------------------------------------------------------------===//

def Frac_RangeOp : Frac_Op<"range", [Pure]> {
  let summary = "The least and the greatest number of a tensor";
  let description = [{
    Of the whole tensor, as tensors of rank 0, or for each index of `dimension`,
    as tensors of rank 1. With `symmetric` the greatest magnitude m gives -m and
    m. With `rows` only those indices of dimension 0 count that are not 0 there;
    where none does, both numbers are 0.
  }];
  let arguments = (ins Frac_RealTensor:$input,
                       Optional<1DTensorOf<[F32]>>:$rows,
                       OptionalAttr<I64Attr>:$dimension, UnitAttr:$symmetric);
  let results = (outs Frac_ScaleTensor:$low, Frac_ScaleTensor:$high);
  let assemblyFormat = [{
    $input (`rows` $rows^)? attr-dict `:` type($input) (`,` type($rows)^)? `->`
    type($low) `,` type($high)
  }];
  let hasVerifier = 1;
}

def Frac_QuantizeOp : Frac_Op<"quantize", [Pure]> {
  let summary = "Numbers to integers of a width";
  let description = [{
    `low` and `high` have rank 0, or rank 1 with `dimension`; a width for each
    sample goes with dimension 0. Where the range
    comes from (the batch, running statistics, given numbers) is seen from what
    defines them. Rounding is to the nearest, ties to even; with a `counter`
    (seed and iteration) it is stochastic, by noise that is a function of the
    counter, `stream` and the place of the element.

    A gradient passes unchanged from the dequantized tensor to the input: in the
    range of the batch nothing is clipped, so that the two usual
    straight-through rules agree.
  }];
  let arguments = (ins Frac_RealTensor:$input, Frac_ScaleTensor:$low,
                       Frac_ScaleTensor:$high, Frac_BitsType:$bits,
                       Optional<TensorOf<[I64]>>:$counter,
                       OptionalAttr<I64Attr>:$dimension,
                       DefaultValuedAttr<I64Attr, "0">:$stream);
  let results = (outs Frac_IntegerTensor:$integers, Frac_ScaleTensor:$scale);
  let assemblyFormat = [{
    $input `in` $low `to` $high `bits` $bits (`noise` $counter^)? attr-dict `:`
    type($input) `,` type($low) `,` type($high)
    (`,` type($counter)^)? `->` type($integers) `,` type($scale)
  }];
  let hasVerifier = 1;
}

def Frac_DequantizeOp : Frac_Op<"dequantize", [Pure]> {
  let summary = "The numbers that integers stand for";
  let description = [{
    As the factor of a contraction it is no work: the product is computed from
    the integers. `bits` bounds them.
  }];
  let arguments = (ins Frac_IntegerTensor:$integers, Frac_ScaleTensor:$scale,
                       Frac_ScaleTensor:$zero, Frac_BitsType:$bits,
                       OptionalAttr<I64Attr>:$dimension);
  let results = (outs Frac_RealTensor:$result);
  let assemblyFormat = [{
    $integers `scale` $scale `zero` $zero `bits` $bits attr-dict `:`
    type($integers) `,` type($scale) `,` type($zero) `->` type($result)
  }];
  let hasVerifier = 1;
}

#endif // FRAC_FRAC_FRACOPS_TD

//===- Passes.td - Precision passes ---------------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_PRECISION_PASSES_TD
#define FRAC_PASSES_PRECISION_PASSES_TD

include "mlir/Pass/PassBase.td"

def InsertQuantize : Pass<"frac-insert-quantize", "::mlir::ModuleOp"> {
  let summary = "Quantize the factors of the contractions of a program";
  let description = [{
    Works on the entries `@step`, `@grad` and `@eval` as
    `frac-build-training-program` leaves them. Both factors of every contraction
    are quantized and dequantized, once each: an activation serves the forward
    product and the gradient of the weights, weights the forward and the error
    product, the error at a contraction's output both products of the backward
    pass and the gradient of a bias that is added there. As this comes after differentiation, gradients pass straight through.

    Every quantized tensor has a `frac.symbol` for its width, and the entries
    get one more input: the table of widths, tensor<Nxi32>. Weights have a range
    for each output channel, activations and errors one for the tensor. In an
    error product the output channels are what is summed over, so that integers
    of single bytes cannot carry their scales: kernels bring the weights to wider
    ones there. With `one-scale-for-errors` the weights of those products are
    quantized again, with one range for the tensor, which needs single bytes
    alone. In step
    and grad ranges are those of the batch; step keeps running ranges of
    activations in variables, run = momentum run + (1 - momentum) batch, which
    eval quantizes by (where none has been seen, by that of its batch).

    Layers that `keep-float` names stay in float in all three products. So does
    what a gate computes. Where a factor is a `frac.mix`, its width and that of
    the errors of the contraction are the ones that the gate chose for each
    sample, in the range of the whole tensor.

    A module of another front end has none of these entries. There every function
    (or those that `functions` names) is inference, and each contraction in it a
    forward product: of `linalg` named ones and `linalg.generic` that upstream
    classifies as one, of `tosa` convolutions and `matmul`. Factors that are
    computed from constants, variables and the arguments in `weight-arguments`
    alone are weights, all others activations. What is quantized already stays as
    it is. Ranges are those of the tensors at hand. `activation-bits` and `weight-bits` fix the widths; otherwise each
    tensor has a symbol, whose width lies in a table: the function's last
    argument, or the memory of a `memref.global` @frac_widths. A contraction that
    cannot be quantized is left as it was, with a remark that says why; with
    `strict` that is an error.

    ```mlir
    func.func @main(%x: tensor<4x8xf32>) -> tensor<4x2xf32> {
      %w = arith.constant dense<0.5> : tensor<8x2xf32>
      %init = arith.constant dense<0.0> : tensor<4x2xf32>
      %y = linalg.matmul ins(%x, %w : tensor<4x8xf32>, tensor<8x2xf32>)
          outs(%init : tensor<4x2xf32>) -> tensor<4x2xf32>
      return %y : tensor<4x2xf32>
    }
    ```
    With `activation-bits=4 weight-bits=4` the left factor becomes
    ```mlir
      %low, %high = frac.range %x : tensor<4x8xf32> -> tensor<f32>, tensor<f32>
      %bits = frac.constant 4
      %q, %scale = frac.quantize %x in %low to %high bits %bits
          : tensor<4x8xf32>, tensor<f32>, tensor<f32> -> tensor<4x8xi8>, tensor<f32>
      %a = frac.dequantize %q scale %scale zero %low bits %bits
          : tensor<4x8xi8>, tensor<f32>, tensor<f32> -> tensor<4x8xf32>
    ```
    and the right one the same with `{dimension = 1 : i64}`: a range for each
    output channel.
  }];
  let options = [
    ListOption<"keepFloat", "keep-float", "std::string",
               "Layers left in float: first, last, shortcut, depthwise, or "
               "/regex/ on node names">,
    Option<"stochastic", "stochastic", "bool", /*default=*/"true",
           "Whether errors are rounded at random">,
    Option<"momentum", "momentum", "double", /*default=*/"0.9",
           "Weight of the past in running ranges">,
    Option<"activationStorage", "activation-storage", "int64_t",
           /*default=*/"8", "Bits that activations are stored in: 8 or 16">,
    Option<"weightStorage", "weight-storage", "int64_t", /*default=*/"8",
           "Bits that weights are stored in: 8 or 16">,
    Option<"errorStorage", "error-storage", "int64_t", /*default=*/"8",
           "Bits that errors are stored in: 8 or 16">,
    Option<"fixDepthwise", "fix-depthwise", "bool", /*default=*/"true",
           "Whether depthwise products have activations and weights of 8 bits "
           "and errors of 16 whatever the policy says">,
    Option<"oneScaleForErrors", "one-scale-for-errors", "bool",
           /*default=*/"false",
           "Whether weights have one range for the tensor in error products">,
    ListOption<"functions", "functions", "std::string",
               "Functions of another front end to quantize; all of them if the "
               "module has no entries of a training program">,
    ListOption<"roles", "roles", "std::string",
               "Factors to quantize in these functions: activation, weight; "
               "both if empty">,
    ListOption<"weightArguments", "weight-arguments", "unsigned",
               "Numbers of the arguments of these functions that are weights">,
    Option<"activationBits", "activation-bits", "int64_t", /*default=*/"0",
           "Width of activations there, 2 to 16; 0 for symbols">,
    Option<"weightBits", "weight-bits", "int64_t", /*default=*/"0",
           "Width of weights there, 2 to 16; 0 for symbols">,
    Option<"weightGranularity", "weight-granularity", "std::string",
           /*default=*/"\"channel\"",
           "Ranges of weights there: one for each output channel (channel) or "
           "for the tensor (tensor)">,
    Option<"table", "table", "std::string", /*default=*/"\"argument\"",
           "Where the widths of symbols lie there: the last argument of the "
           "function (argument) or a memref.global @frac_widths (global)">,
    Option<"strict", "strict", "bool", /*default=*/"false",
           "Whether a contraction there that cannot be quantized is an error">
  ];
  let dependentDialects = [
    "::frac::precision::FracDialect", "::mlir::arith::ArithDialect",
    "::mlir::bufferization::BufferizationDialect",
    "::mlir::memref::MemRefDialect", "::mlir::ml_program::MLProgramDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

def ValidatePrecision : Pass<"frac-validate-precision", "::mlir::ModuleOp"> {
  let summary = "Annotate contractions with what is known of their widths";
  let description = [{
    Gives every contraction with quantized factors the attributes
    `frac.lhs_width` and `frac.rhs_width`: a number if the width is constant,
    else the interval [least, largest] of what the table may hold. Fails if

    1. the width of a factor is unknown;
    2. one factor of a contraction is quantized and the other is not;
    3. a width may be larger than what the integers are stored in: no kernel
       would be exact for it.
  }];
  let dependentDialects = ["::frac::precision::FracDialect"];
}

def LowerQuantize : Pass<"frac-lower-quantize"> {
  let summary = "Lower quantization to loops";
  let description = [{
    Ranges become reductions, quantization becomes an elementwise loop, and
    so does a dequantization where it is not the factor of a contraction. A width
    that the method fixes becomes a constant, and so does what depends on it;
    one that is chosen is read from the table. With `all` those of factors do
    too: what is left then is `arith`, `math`, `linalg` and `tensor`, which needs
    no runtime. Run on a module, this also erases the symbols that are left
    without a use.

    With `quant-types` a tensor whose width is constant goes through the
    `quant` dialect: `quant.qcast` to a type such as
    `!quant.uniform<u8<0:15>:f32, 1.0>`, and `quant.scast` to what stores it.
    Such a type has a constant scale and an integer for zero, while ours are
    computed and zero is a real number: the type carries width and storage,
    scale and offset stay arithmetic beside it, and the numbers are the same.
    Upstream folds `quant.dcast` of `quant.qcast` away, so that the way back
    starts from the stored integers.

    What is of unknown width is left as it was, with a remark; with `strict` that
    is an error.
  }];
  let options = [
    Option<"all", "all", "bool", /*default=*/"false",
           "Lower factors of contractions as well">,
    Option<"quantTypes", "quant-types", "bool", /*default=*/"false",
           "Express constant widths by types of the quant dialect; implies all">,
    Option<"strict", "strict", "bool", /*default=*/"false",
           "Whether what cannot be lowered is an error">
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::math::MathDialect", "::mlir::quant::QuantDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

#endif // FRAC_PASSES_PRECISION_PASSES_TD

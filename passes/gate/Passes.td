//===- Passes.td - Gates --------------------------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_GATE_PASSES_TD
#define FRAC_PASSES_GATE_PASSES_TD

include "mlir/Pass/PassBase.td"

def InsertGates : Pass<"frac-insert-gates", "::mlir::ModuleOp"> {
  let summary = "Let a gate choose the widths of each block for each sample";
  let description = [{
    Works on `@forward` before differentiation. Every block of the model
    (docs/gates.md says how they are found) gets a gate, made of ordinary
    operations: the means of the channels of its entry, layers of its own, an
    LSTM cell and a linear layer that all share. Its choice is one candidate,
    a pair of widths of activations and errors, for each sample; `frac.mix` on
    the block's activations carries it. What the gate computes stays in float.

    `@forward` gets an input of the kind "gates", tensor<(8 + 3K)xf32>: the
    numbers that `frac_gate` in runtime/frac_runtime.h names, the costs of the
    K candidates, and their widths for activations and errors. It returns, with
    the result attribute `frac.kind`,

    - "penalty", tensor<f32>: sign beta Cost / mean(F) with Cost the sum over
      blocks l and samples of F_l c_k of the chosen k, where F_l are the
      multiply-accumulates of a block, and the sign depends on where the mean
      cost of the batch lies, in percent of float;
    - "choices", tensor<LxKxf32>: how many samples chose each candidate.

    A candidate of 0 bits, activations and errors, lets a sample skip a block that
    begins and ends with the same shape: the addition has the block's entry alone,
    and contractions leave the sample out. Gates of other blocks are not offered
    it. "choices" is then tensor<2LxKxf32>: behind the choices, the samples that
    skip a block for which its forward pass is computed all the same to train its
    gate, by the candidate that they have in it.

    The module gets the attribute `frac.gated_blocks`, one dictionary a block, and
    `frac.candidates`, K.
  }];
  let options = [
    ListOption<"forward", "forward", "int64_t",
               "Widths of activations of the candidates">,
    ListOption<"backward", "backward", "int64_t",
               "Widths of errors of the candidates">,
    ListOption<"keepFloat", "keep-float", "std::string",
               "Layers left in float, as of frac-insert-quantize">,
    ListOption<"features", "features", "int64_t",
               "Outputs of a gate's own layers; none: 32, 16, or 64, 32 for a "
               "model with depthwise convolutions">,
    Option<"hidden", "hidden", "int64_t", /*default=*/"0",
           "State of the cell; 0: 16, or 32 for a model with depthwise "
           "convolutions">,
    Option<"granularity", "granularity", "::frac::GateGranularity",
           /*default=*/"::frac::GateGranularity::Block",
           "What a gate decides on",
           [{::llvm::cl::values(
             clEnumValN(::frac::GateGranularity::Block, "block",
                        "residual blocks, and what lies outside of them"),
             clEnumValN(::frac::GateGranularity::Layer, "layer",
                        "single contractions"))}]>
  ];
  let dependentDialects = [
    "::frac::nn::NNDialect", "::frac::precision::FracDialect",
    "::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
    "::mlir::ml_program::MLProgramDialect", "::mlir::tensor::TensorDialect"
  ];
}

#endif // FRAC_PASSES_GATE_PASSES_TD

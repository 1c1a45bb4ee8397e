//===- Passes.td - Cost passes --------------------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_COST_PASSES_TD
#define FRAC_PASSES_COST_PASSES_TD

include "mlir/Pass/PassBase.td"

def EstimateCost : Pass<"frac-estimate-cost", "::mlir::ModuleOp"> {
  let summary = "Annotate contractions with what they cost on an accelerator";
  let description = [{
    Gives every operation with the contraction interface the attribute
    `frac.cost`. While a width is a symbol of the table, the cost is an
    expression that waits for it: the model and the accelerator, the batch, and
    `left` and `right`, each a number or the symbol. Once both are numbers, by
    the program or by `widths`, it has the cycles, the bits that move and the
    energy in nanojoules of a whole batch, or `refused` with the reason. Numbers
    that are not as the model was published name what they go by in
    `extensions`.

    Widths of tensors that nobody quantizes are those of their elements; float
    has no cost on an array of integers. docs/cost-model.md has the model.
  }];
  let options = [
    Option<"accelerator", "accelerator", "std::string", /*default=*/"",
           "The hardware: a TOML file or a built-in name; default: e">,
    Option<"model", "model", "std::string", /*default=*/"\"bitfusion\"",
           "The cost model">,
    ListOption<"extensions", "extensions", "std::string",
               "What goes beyond the published model: NAME or NAME=VALUE">,
    Option<"batch", "batch", "int64_t", /*default=*/"128",
           "What stands for dynamic extents">,
    Option<"mapping", "mapping", "std::string", /*default=*/"\"best\"",
           "Products of the backward pass: best or reference">,
    ListOption<"widths", "widths", "std::string",
               "Bits of symbols, by role or by name: activation=8">,
    Option<"print", "print", "std::string", /*default=*/"",
           "Print the costs of each function as well, as a table or json; needs "
           "all widths">
  ];
  let dependentDialects = ["::frac::precision::FracDialect"];
}

#endif // FRAC_PASSES_COST_PASSES_TD

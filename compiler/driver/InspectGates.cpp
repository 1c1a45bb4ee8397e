//===- InspectGates.cpp - The blocks that would have gates ----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/driver/InspectGates.h"

#include "dialects/interfaces/NodeName.h"
#include "passes/gate/Blocks.h"
#include "passes/precision/LayerChoice.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace frac;

std::vector<BlockSummary> frac::summarizeBlocks(ModuleOp module,
                                                const Recipe &recipe) {
  std::vector<BlockSummary> summaries;
  std::vector<std::string> kept = {"first", "last"};
  if (recipe.getPrecision().isGated())
    kept = recipe.getStrings("precision.keep_float");
  llvm::Expected<LayerChoice> choice = LayerChoice::parse(kept);
  if (!choice) {
    llvm::consumeError(choice.takeError());
    return summaries;
  }
  auto forward = module.lookupSymbol<func::FuncOp>("forward");
  SmallVector<ContractionOpInterface> contractions(
      forward.getOps<ContractionOpInterface>());
  GateGranularity granularity =
      recipe.getString("precision.gate.granularity") == "layer"
          ? GateGranularity::Layer
          : GateGranularity::Block;
  for (GatedBlock &block :
       findGatedBlocks(forward, choice->select(contractions), granularity)) {
    BlockSummary summary = {
        std::move(block.name), block.isResidual, block.canSkip, {}, block.macs,
        block.depthwiseMacs};
    for (ContractionOpInterface op : block.contractions)
      summary.contractions.push_back(getNodeName(op->getLoc()).str());
    summaries.push_back(std::move(summary));
  }
  return summaries;
}

void frac::printBlocks(ArrayRef<BlockSummary> blocks, llvm::raw_ostream &os) {
  if (blocks.empty())
    return;
  os << "\n  blocks, whose widths a gate chooses with the policies dfq and "
        "fractrain\n";
  for (const BlockSummary &block : blocks)
    os << llvm::formatv("  {0,-40} {1,-8} {2,-8} {3,14} MACs  {4}\n",
                        block.name, block.isResidual ? "residual" : "single",
                        block.canSkip ? "can skip" : "", block.macs,
                        llvm::join(block.contractions, ", "));
}

llvm::json::Array frac::toJSON(ArrayRef<BlockSummary> blocks) {
  llvm::json::Array array;
  for (const BlockSummary &block : blocks) {
    llvm::json::Array contractions;
    for (const std::string &name : block.contractions)
      contractions.push_back(name);
    array.push_back(
        llvm::json::Object{{"name", block.name},
                           {"residual", block.isResidual},
                           {"can_skip", block.canSkip},
                           {"macs", block.macs},
                           {"depthwise_macs", block.depthwiseMacs},
                           {"contractions", std::move(contractions)}});
  }
  return array;
}

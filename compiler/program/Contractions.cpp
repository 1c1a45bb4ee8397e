//===- Contractions.cpp - The multiply-accumulate work of a program
//------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/program/Contractions.h"

#include "mlir/IR/SymbolTable.h"

using namespace mlir;
using namespace frac;

/// The place in the table of widths of what `factor` was quantized to.
static int64_t getWidthPlace(Value factor) {
  auto dequantize = factor.getDefiningOp<precision::DequantizeOp>();
  return dequantize ? precision::getTablePlace(dequantize) : -1;
}

std::vector<Contraction> frac::listContractions(ModuleOp module) {
  std::vector<Contraction> contractions;
  auto step = module.lookupSymbol<func::FuncOp>("step");
  if (!step)
    return contractions;
  for (CostedProduct &product : listCostedProducts(step, /*batch=*/1)) {
    ContractionOpInterface op = product.op;
    contractions.push_back({std::move(product.name), std::move(product.opName),
                            product.pass, product.macsPerSample, product.rows,
                            getWidthPlace(op->getOperand(op.getLeftFactor())),
                            getWidthPlace(op->getOperand(op.getRightFactor())),
                            product.pattern, std::move(product.problem)});
  }
  return contractions;
}

void frac::addRecomputed(ModuleOp module,
                         std::vector<Contraction> &contractions) {
  auto step = module.lookupSymbol<func::FuncOp>("step");
  auto list =
      step ? step->getAttrOfType<ArrayAttr>("frac.recomputed") : nullptr;
  if (!list)
    return;
  for (auto entry : list.getAsRange<DictionaryAttr>()) {
    auto integer = [&](StringRef key) {
      return cast<IntegerAttr>(entry.get(key)).getInt();
    };
    Contraction again = {cast<StringAttr>(entry.get("name")).str(),
                         cast<StringAttr>(entry.get("op")).str(),
                         Product::Forward,
                         integer("macs"),
                         1,
                         integer("lhs"),
                         integer("rhs")};
    // Widths that are fixed have become numbers by now, and reshapes loops; the
    // first time says whose they are.
    auto first = llvm::find_if(contractions, [&](const Contraction &c) {
      return c.name == again.name && c.product == again.product &&
             c.macsPerSample == c.rows * again.macsPerSample;
    });
    if (first != contractions.end()) {
      again.macsPerSample = first->macsPerSample;
      again.rows = first->rows;
      if (again.leftWidth < 0)
        again.leftWidth = first->leftWidth;
      if (again.rightWidth < 0)
        again.rightWidth = first->rightWidth;
    }
    again.name += " (again)";
    contractions.push_back(std::move(again));
  }
}

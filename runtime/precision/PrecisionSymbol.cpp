//===- PrecisionSymbol.cpp - The width of one quantized tensor ------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/precision/PrecisionSymbol.h"

namespace frac {

bool operator==(const RoleWidths &a, const RoleWidths &b) {
  return a.activation == b.activation && a.weight == b.weight &&
         a.error == b.error;
}

const char *symbolRoleName(SymbolRole role) {
  switch (role) {
  case SymbolRole::Activation:
    return "activation";
  case SymbolRole::Weight:
    return "weight";
  case SymbolRole::Error:
    return "error";
  }
  return "";
}

int widthOf(const RoleWidths &widths, SymbolRole role) {
  switch (role) {
  case SymbolRole::Activation:
    return widths.activation;
  case SymbolRole::Weight:
    return widths.weight;
  case SymbolRole::Error:
    return widths.error;
  }
  return 0;
}

std::vector<int32_t> symbolWidths(const std::vector<PrecisionSymbol> &symbols,
                                  const RoleWidths &widths) {
  std::vector<int32_t> out;
  out.reserve(symbols.size());
  for (const PrecisionSymbol &symbol : symbols)
    out.push_back(symbol.fixed ? symbol.fixed : widthOf(widths, symbol.role));
  return out;
}

bool widthsFit(const std::vector<PrecisionSymbol> &symbols,
               const RoleWidths &widths) {
  for (const PrecisionSymbol &symbol : symbols) {
    int bits = widthOf(widths, symbol.role);
    if (!symbol.fixed && (bits < minWidth || bits > symbol.maxBits))
      return false;
  }
  return true;
}

} // namespace frac

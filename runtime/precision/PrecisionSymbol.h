//===- PrecisionSymbol.h - The width of one quantized tensor ----*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_PRECISION_PRECISIONSYMBOL_H
#define FRAC_RUNTIME_PRECISION_PRECISIONSYMBOL_H

#include <cstdint>
#include <string>
#include <vector>

namespace frac {

/// The narrowest and the widest integers that operands are quantized to.
constexpr int minWidth = 2, maxWidth = 16;

/// The bits of operands that a policy decides, by their role.
struct RoleWidths {
  int activation = 0;
  int weight = 0;
  /// Of gradients at the outputs of contractions.
  int error = 0;
};

bool operator==(const RoleWidths &a, const RoleWidths &b);

/// What a quantized tensor is to its contraction.
enum class SymbolRole { Activation, Weight, Error };

/// The name of a role as the metadata spells it.
const char *symbolRoleName(SymbolRole role);

/// The width of a role.
int widthOf(const RoleWidths &widths, SymbolRole role);

/// The width of one quantized tensor of a program, which every step is given
/// (docs/program-metadata.md).
struct PrecisionSymbol {
  /// The layer's name, a dot and the role.
  std::string name;
  /// The ONNX node.
  std::string layer;
  SymbolRole role = SymbolRole::Activation;
  /// The largest width that the compiled storage holds.
  int maxBits = 8;
  /// The width, where the method fixes one whatever the policy says; else 0.
  int fixed = 0;
  /// The place in `Program::blocks` of the block whose gate chooses the width;
  /// -1: a policy does.
  int block = -1;
};

/// The input `widths` of an entry: one width a symbol, in their order.
std::vector<int32_t> symbolWidths(const std::vector<PrecisionSymbol> &symbols,
                                  const RoleWidths &widths);

/// Whether every symbol's storage holds its width, and it is one that operands
/// can have.
bool widthsFit(const std::vector<PrecisionSymbol> &symbols,
               const RoleWidths &widths);

} // namespace frac

#endif // FRAC_RUNTIME_PRECISION_PRECISIONSYMBOL_H

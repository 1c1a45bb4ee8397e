//===- LayerChoice.h - Which layers a recipe leaves in float --------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_PRECISION_LAYERCHOICE_H
#define FRAC_PASSES_PRECISION_LAYERCHOICE_H

#include "dialects/interfaces/ContractionOpInterface.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/Regex.h"

#include <memory>
#include <string>
#include <vector>

namespace frac {

/// The layers that stay in float: "first" and "last" in the order of the
/// forward pass, "shortcut" (a product of single pixels on the way around the
/// products of a residual block), "depthwise", or those whose node's name a
/// regular expression between slashes matches.
class LayerChoice {
public:
  /// Fails for a word that is none of these, and for an expression that is not
  /// valid.
  static llvm::Expected<LayerChoice> parse(llvm::ArrayRef<std::string> words);

  /// Those of the forward products, in order, that stay in float.
  llvm::DenseSet<mlir::Operation *>
  select(llvm::ArrayRef<ContractionOpInterface> forward) const;

private:
  bool first = false, last = false, shortcut = false, depthwise = false;
  std::vector<std::unique_ptr<llvm::Regex>> names;
};

} // namespace frac

#endif // FRAC_PASSES_PRECISION_LAYERCHOICE_H

//===- PrecisionSettings.h - The recipe's table of precision ----*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_PRECISION_PRECISIONSETTINGS_H
#define FRAC_RUNTIME_PRECISION_PRECISIONSETTINGS_H

#include "runtime/precision/GateSettings.h"
#include "runtime/precision/PrecisionSymbol.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace frac {

/// The table `precision` of a recipe, as far as it may change between runs of
/// one program. Both the compiler and the executable check it with
/// `checkPrecision`.
struct PrecisionSettings {
  /// The defaults: no policy, 8 bits, the policies' own keys at theirs.
  PrecisionSettings();

  std::string policy = "none";
  /// Bits of activations, of errors, and of weights where they differ from
  /// activations (else empty). What a list means is the policy's: one entry a
  /// stage, or the ends of a range. One entry holds throughout.
  std::vector<int> forward = {8};
  std::vector<int> backward = {8};
  std::vector<int> weight;
  /// Bits of activations and weights in evaluation; 0 leaves them to the
  /// policy.
  int eval = 0;
  /// Iterations between two observations of the training loss; 0: an epoch.
  int64_t interval = 0;
  GateSettings gate;
  /// The policies' own keys without "precision.", such as "pfq.epsilon".
  std::map<std::string, double> own;

  /// The value of a policy's own key, which one must have declared.
  double number(const std::string &key) const { return own.at(key); }
  int64_t integer(const std::string &key) const {
    return static_cast<int64_t>(own.at(key));
  }

  /// Whether gates choose the widths of activations and errors.
  bool isGated() const;

  /// The number of stages that the lists describe: the entries of the longest.
  size_t stages() const;

  /// The widths of a stage, below `stages()`.
  RoleWidths widthsOfStage(size_t stage) const;

  /// The widest of every role that any stage or candidate has, `eval` left
  /// out.
  RoleWidths widest() const;
};

/// Whether the values agree with each other and with the policy. Returns what
/// is wrong and what to do, without a subject, or an empty text.
std::string checkPrecision(const PrecisionSettings &settings);

/// The first symbol whose storage is too narrow for the settings, as a sentence
/// without a subject, or an empty text.
std::string checkStorage(const PrecisionSettings &settings,
                         const std::vector<PrecisionSymbol> &symbols);

/// "[3, 4, 6, 8]", or "8" of one entry, as a recipe has it.
std::string widthsText(const std::vector<int> &widths);

} // namespace frac

#endif // FRAC_RUNTIME_PRECISION_PRECISIONSETTINGS_H

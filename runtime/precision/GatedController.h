//===- GatedController.h - Where gates choose the widths --------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_PRECISION_GATEDCONTROLLER_H
#define FRAC_RUNTIME_PRECISION_GATEDCONTROLLER_H

#include "runtime/precision/PrecisionController.h"

namespace frac {

/// What the policies have in common that let gates choose the widths of
/// activations and errors: those of the whole run are the widest candidates,
/// weights keep theirs.
class GatedController : public PrecisionController {
public:
  explicit GatedController(const PrecisionSettings &settings)
      : settings(settings) {}

  RoleWidths widthsAt(int64_t, int64_t) const override {
    return settings.widest();
  }
  RoleWidths lastWidths() const override { return settings.widest(); }
  std::vector<int> candidates(SymbolRole role) const override;
  double target() const override { return aim()->target; }

protected:
  PrecisionSettings settings;
};

/// What is wrong with the settings of such a policy and what to do, or an empty
/// text.
std::string checkGated(const PrecisionSettings &settings);

} // namespace frac

#endif // FRAC_RUNTIME_PRECISION_GATEDCONTROLLER_H

//===- PrecisionController.cpp - Who chooses the widths of a run ----------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/precision/PrecisionController.h"

namespace frac {

PrecisionController::~PrecisionController() = default;

RoleWidths PrecisionController::evaluation(const RoleWidths &inForce) const {
  return inForce;
}

void PrecisionController::observe(double) {}

int64_t PrecisionController::stage() const { return 0; }

double PrecisionController::target() const {
  return std::numeric_limits<double>::quiet_NaN();
}

std::optional<GateAim> PrecisionController::aim() const { return std::nullopt; }

void PrecisionController::save(ByteWriter &) const {}

bool PrecisionController::restore(ByteReader &in) { return in.ok(); }

} // namespace frac

//===- PrecisionController.h - Who chooses the widths of a run --*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_PRECISION_PRECISIONCONTROLLER_H
#define FRAC_RUNTIME_PRECISION_PRECISIONCONTROLLER_H

#include "runtime/precision/PrecisionSettings.h"
#include "runtime/support/Bytes.h"

#include <cstdint>
#include <limits>
#include <optional>

namespace frac {

/// A policy at work in one run of training: scalars go in, widths come out. A
/// controller must be a function of what it has been told: two that were told
/// the same give the same widths, whether or not they were saved and restored
/// on the way.
class PrecisionController {
public:
  virtual ~PrecisionController();

  /// The widths of the step `iteration`, counted from 0, in a run of
  /// `runLength` steps.
  virtual RoleWidths widthsAt(int64_t iteration, int64_t runLength) const = 0;

  /// The widths of an evaluation during training, where the last step had
  /// `inForce` and the recipe names none. The errors' width has no meaning.
  virtual RoleWidths evaluation(const RoleWidths &inForce) const;

  /// The widths that training is to end with: those to evaluate a model at
  /// whose training is not known.
  virtual RoleWidths lastWidths() const = 0;

  /// Every width that a role may have, ascending.
  virtual std::vector<int> candidates(SymbolRole role) const = 0;

  /// Tells the mean training loss of an interval that has ended: an epoch, or
  /// `PrecisionSettings::interval` iterations.
  virtual void observe(double trainLoss);

  /// For the report: the stage, counted from 0, and the cost that is aimed at,
  /// in percent of float; not a number where the policy aims at none.
  virtual int64_t stage() const;
  virtual double target() const;

  /// What gates are told to aim at; nothing where there are none.
  virtual std::optional<GateAim> aim() const;

  /// Writes what `observe` has changed, and reads it back; false if the bytes
  /// are not what a controller with these settings writes.
  virtual void save(ByteWriter &out) const;
  virtual bool restore(ByteReader &in);
};

} // namespace frac

#endif // FRAC_RUNTIME_PRECISION_PRECISIONCONTROLLER_H

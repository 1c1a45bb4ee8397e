//===- Evaluation.h - Loss and accuracy of a split --------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_TRAINER_EVALUATION_H
#define FRAC_RUNTIME_TRAINER_EVALUATION_H

#include "runtime/data/BatchMaker.h"
#include "runtime/program/Runner.h"

#include <functional>
#include <optional>

namespace frac {

struct Evaluation {
  double loss = 0;
  /// A fraction; not a number if the loss has no classes.
  double accuracy = 0;
};

/// Evaluates all of `split`, in file order, in batches of `batch`; the last one
/// may be shorter. `proceed` is asked before every batch, with the samples done
/// so far; nothing is returned once it says no.
std::optional<Evaluation>
evaluateSplit(Runner &runner, BatchMaker &batches, const Split &split,
              int64_t batch, const std::function<bool(int64_t)> &proceed);

} // namespace frac

#endif // FRAC_RUNTIME_TRAINER_EVALUATION_H

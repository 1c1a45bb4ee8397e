//===- Schedule.cpp - Learning-rate schedules -----------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/program/Recipe.h"

#include <algorithm>
#include <cmath>

namespace frac {

double learningRate(double lr, const Schedule &schedule, int64_t iteration,
                    int64_t runLength) {
  constexpr double pi = 3.14159265358979323846;
  if (schedule.kind == ScheduleKind::Piecewise)
    for (int64_t milestone : schedule.milestones)
      if (iteration >= milestone)
        lr *= schedule.factor;
  if (iteration < schedule.warmup)
    return lr * static_cast<double>(iteration + 1) /
           static_cast<double>(schedule.warmup);

  int64_t total = schedule.total > 0 ? schedule.total : runLength;
  double span =
      static_cast<double>(std::max<int64_t>(1, total - schedule.warmup));
  double progress = std::clamp(
      static_cast<double>(iteration - schedule.warmup) / span, 0.0, 1.0);
  if (schedule.kind == ScheduleKind::Linear)
    return schedule.minRate + (lr - schedule.minRate) * (1 - progress);
  if (schedule.kind == ScheduleKind::Cosine)
    return schedule.minRate +
           (lr - schedule.minRate) * (1 + std::cos(pi * progress)) / 2;
  return lr;
}

} // namespace frac

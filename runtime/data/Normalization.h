//===- Normalization.h - Mean and standard deviation of inputs --*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_DATA_NORMALIZATION_H
#define FRAC_RUNTIME_DATA_NORMALIZATION_H

#include "runtime/data/Dataset.h"

#include <string>
#include <vector>

namespace frac {

/// value -> (value - mean) / std, for each channel of an image, or with one
/// mean and deviation for everything else. Bytes are scaled to [0, 1] before.
struct Normalization {
  /// One entry a channel of the source, or one for all; empty: no change.
  std::vector<float> mean, deviation;
};

/// Resolves a `--normalize` specification: `none`, `dataset` (over all values
/// of a channel in the training split) or `mean,...:std,...` with one number a
/// channel of the source or one for all. Throws UsageError for what it does not
/// understand.
Normalization resolveNormalization(const std::string &spec, const Field &train,
                                   int64_t count);

} // namespace frac

#endif // FRAC_RUNTIME_DATA_NORMALIZATION_H

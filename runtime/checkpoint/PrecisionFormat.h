//===- PrecisionFormat.h - Precision in a checkpoint ------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_CHECKPOINT_PRECISIONFORMAT_H
#define FRAC_RUNTIME_CHECKPOINT_PRECISIONFORMAT_H

#include "runtime/checkpoint/Checkpoint.h"
#include "runtime/support/Bytes.h"

namespace frac {

/// The widths of an epoch, written and read. False if what is read cannot be.
void writePrecisionRecord(ByteWriter &out, const PrecisionRecord &record);
bool readPrecisionRecord(ByteReader &in, PrecisionRecord &record);

/// Where a policy stands, written and read. False if what is read cannot be.
void writePrecisionProgress(ByteWriter &out, const PrecisionProgress &progress);
bool readPrecisionProgress(ByteReader &in, PrecisionProgress &progress);

} // namespace frac

#endif // FRAC_RUNTIME_CHECKPOINT_PRECISIONFORMAT_H

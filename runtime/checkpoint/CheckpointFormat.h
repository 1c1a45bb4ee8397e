//===- CheckpointFormat.h - The file format ---------------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_CHECKPOINT_CHECKPOINTFORMAT_H
#define FRAC_RUNTIME_CHECKPOINT_CHECKPOINTFORMAT_H

#include "runtime/checkpoint/Checkpoint.h"

#include <cstdint>

namespace frac {

constexpr unsigned char checkpointMagic[8] = {'F', 'R', 'A', 'C',
                                              'C', 'K', 'P', 'T'};

/// Raised at every change of the format; older files are refused.
constexpr uint32_t checkpointVersion = 4;

/// Magic, version, sizes of header and state.
constexpr uint64_t checkpointLeadBytes = 8 + 4 + 8 + 8;

} // namespace frac

#endif // FRAC_RUNTIME_CHECKPOINT_CHECKPOINTFORMAT_H

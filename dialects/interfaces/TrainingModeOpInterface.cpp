//===- TrainingModeOpInterface.cpp - Other behaviour in training ----------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/interfaces/TrainingModeOpInterface.h"

#include "dialects/interfaces/TrainingModeOpInterface.cpp.inc"

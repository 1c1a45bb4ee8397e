//===- PaddingOpInterface.cpp - What surrounds with zeros -----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/interfaces/PaddingOpInterface.h"

#include "dialects/interfaces/PaddingOpInterface.cpp.inc"

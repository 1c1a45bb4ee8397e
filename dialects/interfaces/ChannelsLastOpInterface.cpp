//===- ChannelsLastOpInterface.cpp - Choice of memory layout --------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/interfaces/ChannelsLastOpInterface.h"

#include "dialects/interfaces/ChannelsLastOpInterface.cpp.inc"

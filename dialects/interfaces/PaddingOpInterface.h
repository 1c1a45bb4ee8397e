//===- PaddingOpInterface.h - What surrounds with zeros --------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_INTERFACES_PADDINGOPINTERFACE_H
#define FRAC_INTERFACES_PADDINGOPINTERFACE_H

#include "mlir/IR/OpDefinition.h"

#include "dialects/interfaces/PaddingOpInterface.h.inc"

#endif // FRAC_INTERFACES_PADDINGOPINTERFACE_H

//===- ContractionOpInterface.h - Multiply-accumulate work ----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_INTERFACES_CONTRACTIONOPINTERFACE_H
#define FRAC_INTERFACES_CONTRACTIONOPINTERFACE_H

#include "dialects/interfaces/ContractionGeometry.h"
#include "mlir/IR/OpDefinition.h"
#include "llvm/ADT/SmallVector.h"

#include <optional>

#include "dialects/interfaces/ContractionOpInterface.h.inc"

#endif // FRAC_INTERFACES_CONTRACTIONOPINTERFACE_H

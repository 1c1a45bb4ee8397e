//===- FloatLocation.cpp - Work that stays in float -----------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/interfaces/FloatLocation.h"

#include "mlir/IR/BuiltinAttributes.h"

using namespace mlir;

static constexpr StringLiteral mark = "frac.float";

Location frac::createFloatLocation(Location location) {
  MLIRContext *context = location.getContext();
  return FusedLoc::get(context, {location}, StringAttr::get(context, mark));
}

bool frac::isFloatLocation(Location location) {
  auto fused = dyn_cast<FusedLoc>(location);
  if (!fused)
    return false;
  auto text = dyn_cast_if_present<StringAttr>(fused.getMetadata());
  if (text && text.getValue() == mark)
    return true;
  return llvm::any_of(fused.getLocations(), isFloatLocation);
}

//===- CostMemory.cpp - Costs that were asked for before ------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/cost/CostMemory.h"

namespace frac {

const CostResult &CostMemory::get(const ContractionShape &shape,
                                  OperandBits bits) {
  CostKey key{shape, bits};
  auto place = results.find(key);
  if (place == results.end())
    place = results.emplace(key, model->evaluate(shape, bits)).first;
  return place->second;
}

} // namespace frac

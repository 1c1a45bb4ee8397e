//===- KeepsElements.h - Another shape of the same elements -----*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_DIALECTS_INTERFACES_KEEPSELEMENTS_H
#define FRAC_DIALECTS_INTERFACES_KEEPSELEMENTS_H

#include "mlir/IR/OpDefinition.h"

namespace frac {

/// The result has the elements of the first operand, in row-major order of
/// both, under another shape.
template <typename ConcreteType>
class KeepsElements
    : public mlir::OpTrait::TraitBase<ConcreteType, KeepsElements> {};

} // namespace frac

#endif // FRAC_DIALECTS_INTERFACES_KEEPSELEMENTS_H

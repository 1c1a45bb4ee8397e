//===- KeepsElements.td - Another shape of the same elements --------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_INTERFACES_KEEPSELEMENTS_TD
#define FRAC_INTERFACES_KEEPSELEMENTS_TD

include "mlir/IR/OpBase.td"

/// The result has the elements of the first operand, in row-major order of
/// both, under another shape.
def KeepsElements : NativeOpTrait<"KeepsElements"> {
  let cppNamespace = "::frac";
}

#endif // FRAC_INTERFACES_KEEPSELEMENTS_TD

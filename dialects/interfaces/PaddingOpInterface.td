//===- PaddingOpInterface.td - What surrounds with zeros ------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_PADDINGOPINTERFACE_TD
#define FRAC_PADDINGOPINTERFACE_TD

include "mlir/IR/OpBase.td"

def PaddingOpInterface : OpInterface<"PaddingOpInterface"> {
  let cppNamespace = "::frac";
  let description = [{
    An operation that surrounds its first operand with a constant. A quantizer
    of the result belongs in front of it where that is zero: what is added at
    the border of an image is the number 0, which need not be on the grid of the
    tensor. Upstream operations get it through external models.
  }];
  let methods = [
    InterfaceMethod<"Whether what is added is known to be zero.",
      "bool", "addsZeros">
  ];
}

#endif // FRAC_PADDINGOPINTERFACE_TD

//===- DifferentiableOpInterface.td - Reverse-mode rules ------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_DIFFERENTIABLEOPINTERFACE_TD
#define FRAC_DIFFERENTIABLEOPINTERFACE_TD

include "mlir/IR/OpBase.td"

def DifferentiableOpInterface : OpInterface<"DifferentiableOpInterface"> {
  let cppNamespace = "::frac";
  let description = [{
    An operation that reverse-mode differentiation can go through. The driver
    (`frac-build-backward`) knows operations by this interface alone; upstream
    operations get it through external models.

    A rule is the vector-Jacobian product: given the gradients of the results,
    it builds the gradients of the operands, in the types of the operands.
    Behind the operands come the values that the regions of the operation take
    from outside, in the order of `getCaptures`.
    What a rule needs of the forward pass it takes as SSA values: operands and
    results of the operation. Whether such a value is kept or computed anew is
    not the rule's business but that of a later pass.
  }];
  let methods = [
    InterfaceMethod<[{
        Builds the gradients of the operands and captures whose bit is set in
        `wanted` and returns one value for each; null where it is not wanted or
        is zero everywhere. A rule without captures returns one for each operand
        alone. `resultGradients` has one value a result, null where no gradient
        reaches it; at least one is not null. `builder` stands behind everything
        the rule may use. At a kink the rule takes the derivative that PyTorch
        takes. Fails, after a diagnostic, where the operation has no derivative
        in this form.
      }],
      "::mlir::FailureOr<::llvm::SmallVector<::mlir::Value>>", "buildAdjoint",
      (ins "::mlir::OpBuilder &":$builder,
           "::mlir::ValueRange":$resultGradients,
           "const ::llvm::BitVector &":$wanted)>,
    InterfaceMethod<[{
        Whether a gradient can flow from the results to operand `index`. False
        for index, mask and label operands, whatever their type.
      }],
      "bool", "isDifferentiableOperand", (ins "unsigned":$index),
      /*methodBody=*/"",
      /*defaultImplementation=*/[{
        return ::mlir::isa<::mlir::FloatType>(::mlir::getElementTypeOrSelf(
            $_op->getOperand(index).getType()));
      }]>
  ];
}

#endif // FRAC_DIFFERENTIABLEOPINTERFACE_TD

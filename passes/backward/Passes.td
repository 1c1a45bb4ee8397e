//===- Passes.td - Reverse-mode differentiation ---------------------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_BACKWARD_PASSES_TD
#define FRAC_PASSES_BACKWARD_PASSES_TD

include "mlir/Pass/PassBase.td"

def BuildBackward : Pass<"frac-build-backward", "::mlir::ModuleOp"> {
  let summary = "Append the gradients of a result to a function's results";
  let description = [{
    Differentiates one result of a function in reverse mode and returns its
    gradients behind the other results: first those of arguments, then those of
    variables, each in the order in which they are asked for, or stand in the
    function. Of a result that is not a single number, the function gets an
    argument more, the gradient that arrives at the result. A gradient that is
    zero everywhere is returned as zeros.

    Operations are differentiated through DifferentiableOpInterface. An
    operation without it that lies between a result and something asked for is
    reported, all of them in one run, and the function is left as it was, with
    remarks that say why; with `strict` these are errors.

    With `into` the function stays as it is. A new one of that name returns the
    differentiated result, such as a loss, and the gradients alone. It may be
    made of `linalg` on tensors, named or generic, `arith`, `math` and
    `tensor`: what the body of a structured operation computes is differentiated
    by the same rules.

    ```mlir
    func.func @square(%x: tensor<4xf32>) -> tensor<4xf32> {
      %y = arith.mulf %x, %x : tensor<4xf32>
      return %y : tensor<4xf32>
    }
    ```
    becomes
    ```mlir
    func.func @square(%x: tensor<4xf32>, %g: tensor<4xf32>)
        -> (tensor<4xf32>, tensor<4xf32>) {
      %y = arith.mulf %x, %x : tensor<4xf32>
      %0 = arith.mulf %g, %x : tensor<4xf32>
      %1 = arith.mulf %g, %x : tensor<4xf32>
      %2 = arith.addf %0, %1 : tensor<4xf32>
      return %y, %2 : tensor<4xf32>, tensor<4xf32>
    }
    ```
  }];
  let options = [
    Option<"function", "function", "std::string", /*default=*/"",
           "The function to differentiate; all of them if empty">,
    Option<"result", "result", "unsigned", /*default=*/"0",
           "The number of the result to differentiate">,
    ListOption<"arguments", "arguments", "unsigned",
               "Numbers of the arguments whose gradients are wanted">,
    ListOption<"globals", "globals", "std::string",
               "Names of the variables whose gradients are wanted; with neither "
               "these nor arguments, everything that is made of floats">,
    Option<"into", "into", "std::string", /*default=*/"",
           "Name of a new function with the result and its gradients; the "
           "function itself changes if empty">,
    Option<"strict", "strict", "bool", /*default=*/"false",
           "Whether a function that cannot be differentiated is an error">
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::func::FuncDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
    "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"
  ];
}

#endif // FRAC_PASSES_BACKWARD_PASSES_TD

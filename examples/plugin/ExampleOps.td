//===- ExampleOps.td - A dialect outside the tree -------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_EXAMPLES_EXAMPLEOPS_TD
#define FRAC_EXAMPLES_EXAMPLEOPS_TD

include "dialects/interfaces/ContractionOpInterface.td"
include "dialects/interfaces/DifferentiableOpInterface.td"
include "mlir/IR/OpBase.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Example_Dialect : Dialect {
  let name = "example";
  let cppNamespace = "::example";
  let summary = "One operation that passes of fracc know by its interfaces";
}

def Example_OuterOp : Op<Example_Dialect, "outer", [
    Pure,
    DeclareOpInterfaceMethods<ContractionOpInterface, ["getChannelDimensions"]>,
    DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "Matrix of the products of a column's and a row's elements";
  let arguments = (ins 2DTensorOf<[F32]>:$column, 2DTensorOf<[F32]>:$row);
  let results = (outs 2DTensorOf<[F32]>:$result);
  let assemblyFormat = [{
    $column `,` $row attr-dict `:` type($column) `,` type($row) `->`
    type($result)
  }];
}

#endif // FRAC_EXAMPLES_EXAMPLEOPS_TD

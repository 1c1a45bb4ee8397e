//===- ToyOps.td - Operations that no pass knows --------------------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_TESTS_TOYOPS_TD
#define FRAC_TESTS_TOYOPS_TD

include "dialects/interfaces/DifferentiableOpInterface.td"
include "dialects/interfaces/KeepsElements.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Toy_Dialect : Dialect {
  let name = "toy";
  let cppNamespace = "::frac::toy";
  let summary = "Operations for tests of passes that speak interfaces";
}

class Toy_Op<string mnemonic, list<Trait> traits = []>
    : Op<Toy_Dialect, mnemonic, !listconcat([Pure], traits)>;

def Toy_TripleOp : Toy_Op<"triple", [
    DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "Three times a tensor";
  let arguments = (ins AnyRankedTensor:$input);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}

def Toy_SplitOp : Toy_Op<"split", [
    DeclareOpInterfaceMethods<DifferentiableOpInterface,
                              ["isDifferentiableOperand"]>]> {
  let summary = "Two results from a tensor and a mask without a derivative";
  let arguments = (ins AnyRankedTensor:$input, AnyRankedTensor:$mask);
  let results = (outs AnyRankedTensor:$first, AnyRankedTensor:$second);
  let assemblyFormat = [{
    $input `,` $mask attr-dict `:` type($input) `,` type($mask) `->`
    type($first) `,` type($second)
  }];
}

def Toy_JoinOp : Toy_Op<"join", [
    DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "Gradient of toy.split from those of its results";
  let description = "Fails to be differentiated, with a diagnostic.";
  let arguments = (ins Variadic<AnyRankedTensor>:$inputs);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$inputs attr-dict `:` type($inputs) `->` type($result)";
}

def Toy_RegroupOp : Toy_Op<"regroup", [KeepsElements]> {
  let summary = "The elements of a tensor under another shape";
  let arguments = (ins AnyRankedTensor:$input);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}

def Toy_OpaqueOp : Toy_Op<"opaque", [NoTerminator]> {
  let summary = "An operation without a derivative, maybe with a body";
  let arguments = (ins Variadic<AnyType>:$inputs);
  let results = (outs Variadic<AnyType>:$outputs);
  let regions = (region VariadicRegion<AnyRegion>:$bodies);
}

#endif // FRAC_TESTS_TOYOPS_TD

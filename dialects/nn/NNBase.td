//===- NNBase.td - Dialect and common classes -----------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_NN_NNBASE_TD
#define FRAC_NN_NNBASE_TD

include "dialects/interfaces/ChannelsLastOpInterface.td"
include "dialects/interfaces/ContractionOpInterface.td"
include "dialects/interfaces/KeepsElements.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def NN_Dialect : Dialect {
  let name = "nn";
  let cppNamespace = "::frac::nn";
  let summary = "Differentiable operations on tensors, and their gradients";
  let description = [{
    What a neural network is made of beyond `arith` and `math`: contractions,
    pools, normalization, reductions and changes of shape. Operations are pure
    and work on ranked tensors. Broadcasting is explicit, element types are
    equal, and at most one dimension of a tensor is dynamic: the one that the
    batch is part of.

    Images are (N, C, spatial...) with 1 to 3 spatial dimensions, or
    (N, spatial..., C) on an operation with the `channels_last` attribute.
    Spatial attributes have one entry a spatial dimension.
  }];
  let useDefaultAttributePrinterParser = 1;
  let dependentDialects = ["::mlir::arith::ArithDialect"];
  let hasConstantMaterializer = 1;
}

class NN_Op<string mnemonic, list<Trait> traits = []>
    : Op<NN_Dialect, mnemonic, !listconcat([Pure], traits)>;

/// A function of one number, on tensors or, in the body of a loop, on scalars.
class NN_UnaryOp<string mnemonic, list<Trait> traits = []>
    : NN_Op<mnemonic, !listconcat([SameOperandsAndResultType],
                                  ElementwiseMappable.traits, traits)> {
  let arguments = (ins FloatLike:$input);
  let results = (outs FloatLike:$result);
  let assemblyFormat = "$input attr-dict `:` type($result)";
}

#endif // FRAC_NN_NNBASE_TD

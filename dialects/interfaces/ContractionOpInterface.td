//===- ContractionOpInterface.td - Multiply-accumulate work ---------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_CONTRACTIONOPINTERFACE_TD
#define FRAC_CONTRACTIONOPINTERFACE_TD

include "mlir/IR/OpBase.td"

def ContractionOpInterface : OpInterface<"ContractionOpInterface"> {
  let cppNamespace = "::frac";
  let description = [{
    An operation whose work is multiply-accumulates between two operands:
    convolutions, matrix products and the products of their backward pass.
    Counting, quantization and the cost model see operations through this
    interface. Upstream operations get it through external models. An operation
    that may be something else as well, as `linalg.generic`, answers for each
    instance, and `isa` heeds the answer.
  }];
  let extraClassOf = [{ return $_op.isContraction(); }];
  let methods = [
    InterfaceMethod<"Whether this instance is a contraction.",
      "bool", "isContraction", (ins), "", "return true;">,
    InterfaceMethod<[{
        Multiply-accumulates for one sample that has one place along the dynamic
        dimension (see SampleLayout): the work of the whole operation where that
        has extent 1. Padding counts as work, as in the published counts.
      }],
      "int64_t", "getMacsPerSample">,
    InterfaceMethod<[{
        The extents of the product, for models of what it costs; nothing where
        it has no such shape.
      }],
      "::std::optional<::frac::ContractionGeometry>", "getGeometry", (ins), "",
      "return ::std::nullopt;">,
    InterfaceMethod<[{
        Number of the operand that plays the part of the left factor: the
        activation in a forward product, the error in an error product.
      }],
      "unsigned", "getLeftFactor", (ins), "", "return 0;">,
    InterfaceMethod<[{
        Number of the operand that plays the part of the right factor: usually
        the weights; the error in a weight-gradient product.
      }],
      "unsigned", "getRightFactor", (ins), "", "return 1;">,
    InterfaceMethod<[{
        Dimension of the right factor that counts the channels of a forward
        product's output, where weights may have one scale each; -1 if there
        is none.
      }],
      "int64_t", "getRightChannelDimension", (ins), "", "return -1;">,
    InterfaceMethod<[{
        Dimensions of operand `index`, a factor, that together count the
        channels of a forward product's output, ascending; empty if it has none.
        They are those of the right factor unless the operation can take its
        weights from either side.
      }],
      "::llvm::SmallVector<int64_t>", "getChannelDimensions",
      (ins "unsigned":$index), "", [{
        auto self =
            ::llvm::cast<::frac::ContractionOpInterface>($_op.getOperation());
        int64_t right = self.getRightChannelDimension();
        if (index != self.getRightFactor() || right < 0)
          return ::llvm::SmallVector<int64_t>();
        return ::llvm::SmallVector<int64_t>{right};
      }]>,
    InterfaceMethod<[{
        Whether every channel is filtered on its own, as in a depthwise
        convolution.
      }],
      "bool", "isDepthwise", (ins), "", "return false;">,
    InterfaceMethod<[{
        Whether it combines the channels of one pixel alone, as a convolution
        of 1x1 does.
      }],
      "bool", "isPointwise", (ins), "", "return false;">
  ];
}

#endif // FRAC_CONTRACTIONOPINTERFACE_TD

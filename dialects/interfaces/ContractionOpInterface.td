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
    interface.
  }];
  let methods = [
    InterfaceMethod<[{
        Multiply-accumulates for one sample: the work of the whole operation
        where the dynamic dimension has extent 1. Padding counts as work, as in
        the published counts.
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

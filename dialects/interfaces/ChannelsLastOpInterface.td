//===- ChannelsLastOpInterface.td - Choice of memory layout ---------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_CHANNELSLASTOPINTERFACE_TD
#define FRAC_CHANNELSLASTOPINTERFACE_TD

include "mlir/IR/OpBase.td"

def ChannelsLastOpInterface : OpInterface<"ChannelsLastOpInterface"> {
  let cppNamespace = "::frac";
  let description = [{
    An operation on images that can take them as (N, C, spatial...), as ONNX
    has it, or channels-last as (N, spatial..., C). `frac-assign-layout` picks
    one layout for the whole graph.
  }];
  let methods = [
    InterfaceMethod<"Whether operand `index` is an image.",
      "bool", "isImageOperand", (ins "unsigned":$index)>,
    InterfaceMethod<"Whether result `index` is an image.",
      "bool", "isImageResult", (ins "unsigned":$index)>,
    InterfaceMethod<"Whether images are channels-last.",
      "bool", "isChannelsLast", (ins), "",
      [{ return $_op.getChannelsLast(); }]>,
    InterfaceMethod<[{
        Sets the layout attribute; the caller changes the types of image
        operands and results.
      }],
      "void", "setImagesChannelsLast", (ins "bool":$value), "",
      [{ $_op.setChannelsLast(value); }]>
  ];
}

#endif // FRAC_CHANNELSLASTOPINTERFACE_TD

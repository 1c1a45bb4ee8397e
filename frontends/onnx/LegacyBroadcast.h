//===- LegacyBroadcast.h - Broadcasting of opset 6 -----------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_FRONTENDS_ONNX_LEGACYBROADCAST_H
#define FRAC_FRONTENDS_ONNX_LEGACYBROADCAST_H

#include "frontends/onnx/NodeContext.h"

namespace frac::frontend {

/// The second operand of an elementwise operator. Until opset 6 it broadcasts
/// only where the attribute `broadcast` says so, and its dimensions are those
/// of the first operand from `axis` on; it comes out reshaped such that the
/// rules of today do the same. Fails with an error where it does not fit.
mlir::LogicalResult getSecondOperand(NodeContext &node, Tensor &operand);

} // namespace frac::frontend

#endif // FRAC_FRONTENDS_ONNX_LEGACYBROADCAST_H

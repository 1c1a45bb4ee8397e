//===- NodeName.h - The ONNX node behind an operation -------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_DIALECTS_INTERFACES_NODENAME_H
#define FRAC_DIALECTS_INTERFACES_NODENAME_H

#include "mlir/IR/Location.h"

namespace frac {

/// The name that the importer gave a location, or nothing. Where several were
/// fused it is that of the first.
llvm::StringRef getNodeName(mlir::Location location);

} // namespace frac

#endif // FRAC_DIALECTS_INTERFACES_NODENAME_H

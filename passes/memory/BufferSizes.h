//===- BufferSizes.h - Extents of dense buffers ---------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_MEMORY_BUFFERSIZES_H
#define FRAC_PASSES_MEMORY_BUFFERSIZES_H

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Value.h"

namespace frac {

/// The buffer that `buffer` is a view of, through any number of rt.reshape.
mlir::Value getRootBuffer(mlir::Value buffer);

/// The extent of the one dynamic dimension of a buffer in an entry, null if it
/// has none: the operand of its allocation or view, or the batch if the buffer
/// is an argument.
mlir::Value getDynamicExtent(mlir::Value buffer);

/// The product of the static extents of `type`.
int64_t getStaticElements(mlir::MemRefType type);

} // namespace frac

#endif // FRAC_PASSES_MEMORY_BUFFERSIZES_H

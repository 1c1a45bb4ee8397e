//===- FracDialect.h - Bit-widths and quantized tensors ---------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_DIALECTS_FRAC_FRACDIALECT_H
#define FRAC_DIALECTS_FRAC_FRACDIALECT_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialects/frac/FracDialect.h.inc"

#include "dialects/frac/FracEnums.h.inc"

#define GET_TYPEDEF_CLASSES
#include "dialects/frac/FracTypes.h.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/frac/FracAttributes.h.inc"

#define GET_OP_CLASSES
#include "dialects/frac/FracOps.h.inc"

namespace frac::precision {

/// Widths that a tensor of integers may have.
constexpr int64_t minBits = 2;
constexpr int64_t maxBits = 16;

/// The symbol of a width that is not constant; null for one that is, or of
/// unknown origin.
SymbolOp getSymbol(mlir::Value bits);

/// The symbol of a width that is not constant; null for one that is, or of
/// unknown origin.
SymbolOp getSymbol(mlir::Value bits);

/// The place in the table of widths of what `op` dequantizes; -1 if its width
/// is a constant.
int64_t getTablePlace(DequantizeOp op);

} // namespace frac::precision

#endif // FRAC_DIALECTS_FRAC_FRACDIALECT_H

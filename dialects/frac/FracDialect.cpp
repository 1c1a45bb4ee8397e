//===- FracDialect.cpp - Bit-widths and quantized tensors -----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/frac/FracDialect.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace frac::precision;

#include "dialects/frac/FracDialect.cpp.inc"

#include "dialects/frac/FracEnums.cpp.inc"

#define GET_TYPEDEF_CLASSES
#include "dialects/frac/FracTypes.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/frac/FracAttributes.cpp.inc"

#define GET_OP_CLASSES
#include "dialects/frac/FracOps.cpp.inc"

void FracDialect::initialize() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialects/frac/FracTypes.cpp.inc"
      >();
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/frac/FracAttributes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialects/frac/FracOps.cpp.inc"
      >();
}

Operation *FracDialect::materializeConstant(OpBuilder &builder, Attribute value,
                                            Type type, Location loc) {
  auto width = dyn_cast<IntegerAttr>(value);
  if (!width || !isa<BitsType>(type))
    return nullptr;
  return ConstantOp::create(builder, loc, type, width);
}

//===----------------------------------------------------------------------===//
// Widths
//===----------------------------------------------------------------------===//

LogicalResult SymbolOp::verify() {
  // symbol_c1: integers lie in 8 or 16 bits.
  int64_t storage = static_cast<int64_t>(getMaxBits());
  if (storage != 8 && storage != 16)
    return emitOpError() << "stores integers of 8 or 16 bits, not " << storage;
  // symbol_c2: a fixed width is one that the storage holds.
  if (auto fixed = getFixed()) {
    auto width = static_cast<int64_t>(*fixed);
    if (width < minBits || width > storage)
      return emitOpError() << "has the fixed width " << width
                           << ", which is not in " << minBits << " to "
                           << storage;
  }
  // symbol_c3: places in the table are counted from 0.
  if (static_cast<int64_t>(getIndex()) < 0)
    return emitOpError() << "has the negative index "
                         << static_cast<int64_t>(getIndex());
  // symbol_c4: a width is fixed or chosen by a gate, not both.
  if (getFixed() && getBlock())
    return emitOpError() << "is fixed and chosen by a gate";
  // symbol_c5: only what a gate chooses may be left out.
  if (getSkips() && !getBlock())
    return emitOpError() << "skips, but no gate chooses it";
  return success();
}

LogicalResult ResolveOp::verifySymbolUses(SymbolTableCollection &symbols) {
  // resolve_c1: the symbol is one of a width.
  auto symbol =
      symbols.lookupNearestSymbolFrom<SymbolOp>(*this, getSymbolAttr());
  if (!symbol)
    return emitOpError() << "names the unknown width " << getSymbolAttr();
  // resolve_c2: the table has an entry for it.
  int64_t extent = getTable().getType().getDimSize(0);
  auto index = static_cast<int64_t>(symbol.getIndex());
  if (!ShapedType::isDynamic(extent) && index >= extent)
    return emitOpError() << "takes entry " << index << " of a table of "
                         << extent;
  return success();
}

LogicalResult ConstantOp::verify() {
  // constant_c1: the width is one that integers may have.
  auto width = static_cast<int64_t>(getValue());
  if (width < minBits || width > maxBits)
    return emitOpError() << "has the width " << width << ", which is not in "
                         << minBits << " to " << maxBits;
  return success();
}

OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValueAttr(); }

LogicalResult SampleBitsOp::verifySymbolUses(SymbolTableCollection &symbols) {
  // sample_bits_c1: the symbol is one of a width that a gate chooses.
  auto symbol =
      symbols.lookupNearestSymbolFrom<SymbolOp>(*this, getSymbolAttr());
  if (!symbol || !symbol.getBlock())
    return emitOpError() << "names " << getSymbolAttr()
                         << ", which is no width that a gate chooses";
  return success();
}

//===----------------------------------------------------------------------===//
// Gates
//===----------------------------------------------------------------------===//

/// Checks that `choice` has a row for each sample of `tensor` and a column for
/// each candidate.
static LogicalResult verifyChoice(Operation *op, Type tensor, Type choice,
                                  Type candidates) {
  auto samples = cast<RankedTensorType>(tensor);
  auto rows = cast<RankedTensorType>(choice);
  if (samples.getRank() == 0 || samples.getDimSize(0) != rows.getDimSize(0))
    return op->emitOpError() << "needs a choice for each sample of " << tensor
                             << ", not " << choice;
  if (rows.getDimSize(1) != cast<RankedTensorType>(candidates).getDimSize(0))
    return op->emitOpError() << "chooses among " << rows.getDimSize(1)
                             << " candidates of " << candidates;
  return success();
}

/// Checks that `rows`, if there are any, has a number for each index of
/// dimension 0 of `tensor`.
static LogicalResult verifyRows(Operation *op, Type tensor, Value rows) {
  if (!rows)
    return success();
  auto type = cast<RankedTensorType>(tensor);
  if (type.getRank() == 0 ||
      cast<RankedTensorType>(rows.getType()).getDimSize(0) !=
          type.getDimSize(0))
    return op->emitOpError() << "needs a row for each index of dimension 0 of "
                             << tensor << ", not " << rows.getType();
  return success();
}

LogicalResult MixOp::verify() {
  // mix_c1: a choice for each sample, of each candidate.
  if (failed(verifyChoice(*this, getInput().getType(), getChoice().getType(),
                          getCandidates().getType())))
    return failure();
  // mix_c2: a row for each sample.
  return verifyRows(*this, getInput().getType(), getRows());
}

LogicalResult MixGradOp::verify() {
  // mix_grad_c1: a gradient for each sample and candidate.
  return verifyChoice(*this, getInput().getType(), getResult().getType(),
                      getCandidates().getType());
}

//===----------------------------------------------------------------------===//
// Quantized tensors
//===----------------------------------------------------------------------===//

/// Checks that `scales`, named `what`, has one number, or one for each index of
/// `dimension` of `tensor`.
static LogicalResult verifyScales(Operation *op, StringRef what, Type scales,
                                  Type tensor,
                                  std::optional<uint64_t> dimension) {
  auto type = cast<RankedTensorType>(scales);
  auto shape = cast<RankedTensorType>(tensor);
  if (!dimension) {
    if (type.getRank() != 0)
      return op->emitOpError()
             << what << " must have rank 0 without a dimension, not "
             << type.getRank();
    return success();
  }
  if (*dimension >= static_cast<uint64_t>(shape.getRank()))
    return op->emitOpError()
           << "dimension " << *dimension << " is not one of a tensor of rank "
           << shape.getRank();
  if (type.getRank() != 1 ||
      type.getDimSize(0) != shape.getDimSize(static_cast<unsigned>(*dimension)))
    return op->emitOpError()
           << what << " must have one number for each index "
           << "of dimension " << *dimension << ", not " << type;
  return success();
}

LogicalResult RangeOp::verify() {
  // range_c1: one pair for the tensor or for each index of the dimension.
  if (failed(verifyScales(*this, "the lower end", getLow().getType(),
                          getInput().getType(), getDimension())) ||
      failed(verifyScales(*this, "the upper end", getHigh().getType(),
                          getInput().getType(), getDimension())))
    return failure();
  // range_c2: a row for each index of the first dimension, for one pair.
  if (getRows() && getDimension())
    return emitOpError() << "has rows and a dimension";
  return verifyRows(*this, getInput().getType(), getRows());
}

LogicalResult QuantizeOp::verify() {
  // quantize_c1: integers have the shape of the numbers.
  if (getIntegers().getType().getShape() != getInput().getType().getShape())
    return emitOpError() << "makes integers of another shape: "
                         << getIntegers().getType();
  // quantize_c2: range and scale are one for the tensor or for each index of
  // the dimension.
  for (auto [what, value] :
       {std::pair<StringRef, Value>("the lower end", getLow()),
        std::pair<StringRef, Value>("the upper end", getHigh()),
        std::pair<StringRef, Value>("the scale", getScale())})
    if (failed(verifyScales(*this, what, value.getType(), getInput().getType(),
                            getDimension())))
      return failure();
  // quantize_c3: the counter is a seed and an iteration.
  if (Value counter = getCounter()) {
    auto type = dyn_cast<RankedTensorType>(counter.getType());
    if (!type || type.getRank() != 1 || type.getDimSize(0) != 2)
      return emitOpError() << "needs a counter of two numbers, not "
                           << counter.getType();
  }
  return success();
}

LogicalResult DequantizeOp::verify() {
  // dequantize_c1: numbers have the shape of the integers.
  if (getIntegers().getType().getShape() != getResult().getType().getShape())
    return emitOpError() << "makes numbers of another shape: "
                         << getResult().getType();
  // dequantize_c2: scale and zero are one for the tensor or for each index of
  // the dimension.
  if (failed(verifyScales(*this, "the scale", getScale().getType(),
                          getIntegers().getType(), getDimension())) ||
      failed(verifyScales(*this, "the zero", getZero().getType(),
                          getIntegers().getType(), getDimension())))
    return failure();
  return success();
}

SymbolOp frac::precision::getSymbol(Value bits) {
  Operation *op = bits.getDefiningOp();
  FlatSymbolRefAttr name;
  if (auto resolve = dyn_cast_if_present<ResolveOp>(op))
    name = resolve.getSymbolAttr();
  else if (auto sample = dyn_cast_if_present<SampleBitsOp>(op))
    name = sample.getSymbolAttr();
  return name ? SymbolTable::lookupNearestSymbolFrom<SymbolOp>(op, name)
              : SymbolOp();
}

int64_t frac::precision::getTablePlace(DequantizeOp op) {
  SymbolOp symbol = getSymbol(op.getBits());
  return symbol ? static_cast<int64_t>(symbol.getIndex()) : -1;
}

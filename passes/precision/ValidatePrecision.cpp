//===- ValidatePrecision.cpp - What is known of widths --------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/interfaces/ContractionOpInterface.h"
#include "mlir/IR/SymbolTable.h"
#include "passes/precision/Passes.h"
#include "passes/precision/QuantizedFactor.h"

namespace frac {
#define GEN_PASS_DEF_VALIDATEPRECISION
#include "passes/precision/Passes.h.inc"
} // namespace frac

using namespace mlir;
using namespace frac;

namespace {

/// The least and the largest that a width may be.
struct WidthInterval {
  int64_t least, largest;
};

struct ValidatePrecision
    : frac::impl::ValidatePrecisionBase<ValidatePrecision> {
  void runOnOperation() override;

private:
  /// Nothing if the value is defined by no operation that is known.
  std::optional<WidthInterval> getInterval(Value bits) const;
  LogicalResult checkFactor(ContractionOpInterface op, StringRef attribute,
                            precision::DequantizeOp factor) const;

  std::optional<SymbolTable> symbols;
};

} // namespace

std::optional<WidthInterval> ValidatePrecision::getInterval(Value bits) const {
  if (auto constant = bits.getDefiningOp<precision::ConstantOp>()) {
    auto width = static_cast<int64_t>(constant.getValue());
    return WidthInterval{width, width};
  }
  precision::SymbolOp symbol = precision::getSymbol(bits);
  if (!symbol)
    return std::nullopt;
  if (auto fixed = symbol.getFixed())
    return WidthInterval{static_cast<int64_t>(*fixed),
                         static_cast<int64_t>(*fixed)};
  return WidthInterval{symbol.getSkips() ? 0 : precision::minBits,
                       static_cast<int64_t>(symbol.getMaxBits())};
}

LogicalResult
ValidatePrecision::checkFactor(ContractionOpInterface op, StringRef attribute,
                               precision::DequantizeOp factor) const {
  std::optional<WidthInterval> interval = getInterval(factor.getBits());
  // validate_c1: the width of a factor is known.
  if (!interval)
    return op->emitOpError() << "has a factor of unknown width";
  // validate_c3: the integers' storage holds the width.
  unsigned storage =
      factor.getIntegers().getType().getElementType().getIntOrFloatBitWidth();
  if (interval->largest > static_cast<int64_t>(storage))
    return op->emitOpError() << "has a factor of up to " << interval->largest
                             << " bits that is stored in " << storage;
  OpBuilder builder(op);
  if (interval->least == interval->largest)
    op->setAttr(attribute, builder.getI64IntegerAttr(interval->least));
  else
    op->setAttr(attribute, builder.getDenseI64ArrayAttr(
                               {interval->least, interval->largest}));
  return success();
}

void ValidatePrecision::runOnOperation() {
  symbols.emplace(getOperation());
  bool valid = true;
  getOperation().walk([&](ContractionOpInterface op) {
    precision::DequantizeOp left =
        getDequantization(op->getOperand(op.getLeftFactor()));
    precision::DequantizeOp right =
        getDequantization(op->getOperand(op.getRightFactor()));
    if (!left && !right)
      return;
    // validate_c2: both factors are quantized, or none.
    if (!left || !right) {
      op->emitOpError() << "has one quantized factor and one in float";
      valid = false;
      return;
    }
    if (failed(checkFactor(op, "frac.lhs_width", left)) ||
        failed(checkFactor(op, "frac.rhs_width", right)))
      valid = false;
  });
  if (!valid)
    signalPassFailure();
}

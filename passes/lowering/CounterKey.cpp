//===- CounterKey.cpp - Keys of random numbers ----------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/lowering/CounterKey.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "passes/lowering/LoweringUtils.h"

using namespace mlir;
using namespace frac;

Value Words64::word(uint64_t value) const {
  return arith::ConstantOp::create(
      b, loc, b.getIntegerAttr(b.getI64Type(), static_cast<int64_t>(value)));
}

Value Words64::add(Value x, Value y) const {
  return arith::AddIOp::create(b, loc, x, y);
}

Value Words64::mul(Value x, uint64_t factor) const {
  return arith::MulIOp::create(b, loc, x, word(factor));
}

Value Words64::xorShift(Value x, uint64_t bits) const {
  Value shifted = arith::ShRUIOp::create(b, loc, x, word(bits));
  return arith::XOrIOp::create(b, loc, x, shifted);
}

Value Words64::mix(Value x) const {
  x = mul(xorShift(x, 30), 0xbf58476d1ce4e5b9u);
  x = mul(xorShift(x, 27), 0x94d049bb133111ebu);
  return xorShift(x, 31);
}

Value frac::createCounterKey(OpBuilder &builder, Location loc, Value counter,
                             uint64_t stream) {
  Words64 words{builder, loc};
  auto entry = [&](int64_t place) -> Value {
    return tensor::ExtractOp::create(builder, loc, counter,
                                     createIndex(builder, loc, place));
  };
  Value key = words.mix(words.add(entry(0), words.word(Words64::step)));
  key = words.mix(
      words.add(key, words.add(entry(1), words.word(2 * Words64::step))));
  return words.mix(words.add(key, words.word(stream + 3 * Words64::step)));
}

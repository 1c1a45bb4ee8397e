//===- RoundingNoise.cpp - Noise that rounds at random --------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/precision/RoundingNoise.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "passes/lowering/CounterKey.h"
#include "passes/lowering/LoweringUtils.h"

using namespace mlir;
using namespace frac;

namespace {

/// Arithmetic on 32-bit words without sign.
struct Words32 {
  OpBuilder &b;
  Location loc;

  Value word(uint32_t value) const {
    return arith::ConstantOp::create(
        b, loc, b.getIntegerAttr(b.getI32Type(), static_cast<int32_t>(value)));
  }
  Value mul(Value x, uint32_t factor) const {
    return arith::MulIOp::create(b, loc, x, word(factor));
  }
  Value xorShift(Value x, uint32_t bits) const {
    Value shifted = arith::ShRUIOp::create(b, loc, x, word(bits));
    return arith::XOrIOp::create(b, loc, x, shifted);
  }
};

} // namespace

RoundingNoise::RoundingNoise(OpBuilder &builder, Location loc, Value counter,
                             uint64_t stream, Value like) {
  Value wide = createCounterKey(builder, loc, counter, stream);
  key = arith::TruncIOp::create(builder, loc, builder.getI32Type(), wide);
  auto type = cast<RankedTensorType>(like.getType());
  for (int64_t dim = 0; dim < type.getRank(); ++dim)
    extents.push_back(createDim(builder, loc, like, dim));
}

Value RoundingNoise::create(OpBuilder &builder, Location loc) const {
  Words32 words{builder, loc};
  Value place = createRowMajorPlace(builder, loc, extents);
  Value x =
      arith::IndexCastOp::create(builder, loc, builder.getI32Type(), place);
  x = arith::AddIOp::create(builder, loc, x, key);
  x = words.mul(words.xorShift(x, 16), 0x7feb352du);
  x = words.mul(words.xorShift(x, 15), 0x846ca68bu);
  x = words.xorShift(x, 16);
  // 24 bits with sign are exact in f32.
  x = arith::ShRSIOp::create(builder, loc, x, words.word(8));
  Type number = builder.getF32Type();
  Value noise = arith::SIToFPOp::create(builder, loc, number, x);
  return arith::MulFOp::create(builder, loc, noise,
                               createNumber(builder, loc, number, 0x1p-24));
}

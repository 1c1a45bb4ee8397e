//===- LowerRandom.cpp - Counter-based random numbers ---------------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/NNDialect.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "passes/lowering/CounterKey.h"
#include "passes/lowering/LoweringUtils.h"
#include "passes/lowering/Patterns.h"

#include <cmath>

using namespace mlir;
using namespace frac;

namespace {

/// The element at place i of a tensor is kept if the i-th number of a
/// SplitMix64 generator, started by seed, iteration and stream, reaches
/// `ratio` of its range.
struct LowerDropoutMask : OpRewritePattern<nn::DropoutMaskOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::DropoutMaskOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = cast<RankedTensorType>(op.getType());
    double ratio = op.getRatio().convertToDouble();
    Value start = createCounterKey(rewriter, loc, op.getCounter(),
                                   static_cast<uint64_t>(op.getStream()));

    SmallVector<Value> extents;
    unsigned nextSize = 0;
    for (int64_t dim = 0; dim < type.getRank(); ++dim)
      extents.push_back(type.isDynamicDim(dim)
                            ? op.getDynamicSizes()[nextSize++]
                            : createIndex(rewriter, loc, type.getDimSize(dim)));
    // The upper 32 bits decide; a ratio of 1 drops all of them.
    auto threshold = static_cast<uint64_t>(std::llround(ratio * 4294967296.0));
    double keptValue = ratio < 1 ? 1 / (1 - ratio) : 0;
    Value result = createMap(
        rewriter, loc, type, op.getDynamicSizes(), {},
        [&](OpBuilder &b, Location l, ValueRange) {
          Words64 inner{b, l};
          Value place = createRowMajorPlace(b, l, extents);
          Value number =
              arith::IndexCastOp::create(b, l, b.getI64Type(), place);
          Value random =
              inner.mix(inner.add(start, inner.mul(number, Words64::step)));
          Value upper = arith::ShRUIOp::create(b, l, random, inner.word(32));
          Value kept = arith::CmpIOp::create(b, l, arith::CmpIPredicate::uge,
                                             upper, inner.word(threshold));
          Type numberType = type.getElementType();
          return SmallVector<Value>{arith::SelectOp::create(
              b, l, kept, createNumber(b, l, numberType, keptValue),
              createNumber(b, l, numberType, 0))};
        });
    rewriter.replaceOp(op, result);
    return success();
  }
};

} // namespace

void frac::populateRandomLowering(RewritePatternSet &patterns) {
  patterns.add<LowerDropoutMask>(patterns.getContext());
}

//===- RoundingNoise.h - Noise that rounds at random ------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_PRECISION_ROUNDINGNOISE_H
#define FRAC_PASSES_PRECISION_ROUNDINGNOISE_H

#include "mlir/IR/Builders.h"
#include "llvm/ADT/SmallVector.h"

namespace frac {

/// Uniform numbers in [-1/2, 1/2), one for each element of a tensor, as a
/// function of the counter (seed and iteration), the stream and the element's
/// place alone: the same for any number of threads.
///
/// The key of a tensor comes from SplitMix64 (Steele, Lea and Flood 2014) over
/// seed, iteration and stream; an element's number from a bijection of 32 bits,
/// two rounds of multiplication and shift, over place and key.
class RoundingNoise {
public:
  /// Builds the key. `counter` is a tensor of two i64, `like` has the shape of
  /// the tensor.
  RoundingNoise(mlir::OpBuilder &builder, mlir::Location loc,
                mlir::Value counter, uint64_t stream, mlir::Value like);

  /// The number of the current element, in the body of a loop nest over the
  /// tensor.
  mlir::Value create(mlir::OpBuilder &builder, mlir::Location loc) const;

private:
  mlir::Value key;
  llvm::SmallVector<mlir::Value> extents;
};

} // namespace frac

#endif // FRAC_PASSES_PRECISION_ROUNDINGNOISE_H

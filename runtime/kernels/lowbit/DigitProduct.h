//===- DigitProduct.h - Sums with weights of two digits ---------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_LOWBIT_DIGITPRODUCT_H
#define FRAC_RUNTIME_KERNELS_LOWBIT_DIGITPRODUCT_H

#include "runtime/kernels/ScratchLayout.h"
#include "runtime/kernels/lowbit/DotKernels.h"
#include "runtime/kernels/lowbit/GatherGeometry.h"
#include "runtime/kernels/lowbit/PackedWeights.h"

#include <cstddef>
#include <cstdint>

namespace frac::runtime {

/// The sums of a gathered product with weights of 24 bits where bytes are
/// multiplied in 16 bits anyway: two digits (see WeightDigits) in place of
/// three bytes.
class DigitProduct {
public:
  /// Whether the kernel has such loops and 32 bits hold the sums.
  static bool fits(const GatherGeometry &geometry, const PackedWeights &packed,
                   const DotKernel &kernel);

  /// Takes a place in `shared` for the weights. The arguments outlive this.
  DigitProduct(const GatherGeometry &geometry, const PackedWeights &packed,
               const DotKernel &kernel, ScratchLayout &shared);

  /// Makes digits of the weights that are packed in the same memory.
  void pack(std::byte *shared, int32_t threads) const;

  /// Computes some rows of a phase. `operands` and `result` are what they would
  /// be for bytes; `zero` is what the inputs' zero is.
  void convert(DotOperands operands, int32_t zero, DotResult result,
               std::byte *shared) const;

private:
  void packBlock(std::byte *shared, int64_t group, int64_t block) const;
  int8_t *digitsOf(const int8_t *bytes, std::byte *shared) const;

  const GatherGeometry &geometry;
  const PackedWeights &packed;
  const DotKernel &kernel;
  ScratchArray<int8_t> digits;
};

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_DIGITPRODUCT_H

//===- Accelerator.h - The hardware that a cost model assumes ---*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_COST_ACCELERATOR_H
#define FRAC_RUNTIME_COST_ACCELERATOR_H

#include "runtime/cost/CostExtensions.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace frac {

/// A memory on the chip, made of equal banks, of which one half is filled while
/// the other is in use.
struct AcceleratorBuffer {
  int64_t bytes = 0;
  double readPicojoulesPerBit = 0;
  double writePicojoulesPerBit = 0;
  /// Of all banks; absent where unknown.
  std::optional<double> leakageMilliwatts;
  std::optional<double> areaSquareMillimetres;
  /// Where the numbers come from.
  std::string provenance;

  /// Bits of one half.
  int64_t usableBits() const { return bytes * 4; }
};

/// An array of units that multiply operands of few bits side by side and of
/// many bits together, three buffers and a memory beside the chip.
struct Accelerator {
  std::string name;
  /// What the description as a whole is taken from.
  std::string source;

  /// Rows of the array: operands of a sum that enter at once.
  int64_t inputLanes = 0;
  /// Columns: sums at once.
  int64_t outputLanes = 0;
  /// The widest and the narrowest operands that units are made for.
  int64_t maxBits = 0;
  int64_t minBits = 0;
  double megahertz = 0;
  /// Of the whole array, whatever it does.
  double picojoulesPerCycle = 0;
  std::optional<double> arrayLeakageMilliwatts;
  std::optional<double> arrayAreaSquareMillimetres;
  std::string arrayProvenance;

  /// Reads and writes share the interface.
  int64_t dramBitsPerCycle = 0;
  double dramPicojoulesPerBit = 0;
  std::string dramProvenance;

  /// Of left operands, right operands, and outputs.
  AcceleratorBuffer inputBuffer, weightBuffer, outputBuffer;

  CostExtensions extensions;

  /// Banks of each buffer and bits of their words, by the rule of BitFusion.
  int64_t wordBits() const { return maxBits * maxBits / minBits; }

  /// Sums over the array and the buffers; absent where a part is unknown.
  std::optional<double> leakageMilliwatts() const;
  std::optional<double> areaSquareMillimetres() const;
};

/// Bits of accumulators and of words of the output buffer.
constexpr int64_t accumulatorBits = 32;

/// What makes a description impossible, each as "KEY what is wrong", where KEY
/// is the place in an accelerator's file; empty if it is sound.
std::vector<std::string> checkAccelerator(const Accelerator &accelerator);

/// The accelerators that need no file: "e" (the default), "e16h", "conf16".
const std::vector<Accelerator> &builtinAccelerators();

/// The one of that name, or null.
const Accelerator *findBuiltinAccelerator(const std::string &name);

} // namespace frac

#endif // FRAC_RUNTIME_COST_ACCELERATOR_H

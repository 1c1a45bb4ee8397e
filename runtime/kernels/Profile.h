//===- Profile.h - What kernels a runtime has run -------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_PROFILE_H
#define FRAC_RUNTIME_KERNELS_PROFILE_H

#include "runtime/frac_runtime.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace frac::runtime {

/// One contraction that a runtime has run, at one shape and batch.
struct KernelRecord {
  /// The name of the C function without `frac_`, e.g. conv_weight_grad.
  std::string product;
  /// The geometry, for people.
  std::string shape;
  int64_t batch;
  /// Which code runs, e.g. "onednn brgconv:avx512_core".
  std::string implementation;
  uint64_t calls;
  /// Multiply-accumulates of one call.
  double macs;
  /// Seconds in all calls made while profiling was on.
  double seconds;
};

/// Turns the timing of kernels on or off; off at first.
void setKernelProfiling(frac_runtime &runtime, bool enabled);

/// Everything that has run, in the order of the first calls.
std::vector<KernelRecord> kernelRecords(const frac_runtime &runtime);

/// The contractions of the C interface.
enum class ContractionKind {
  ConvForward,
  ConvInputGrad,
  ConvWeightGrad,
  Matmul,
  QConvForward,
  QConvInputGrad,
  QConvWeightGrad,
  QMatmul,
};
constexpr std::size_t contractionKinds = 8;

/// Large enough for any sum of counts.
__extension__ typedef unsigned __int128 ExactSum;

/// Work done by all calls of one kind, counted as if padding took part, as
/// `ConvProblem::macs` does. The sums are exact.
struct ContractionWork {
  uint64_t calls = 0;
  /// Multiply-accumulates.
  ExactSum macs = 0;
  /// The sum over all of them of the product of the operands' widths in bits,
  /// sample by sample where widths differ by sample. A float has 32.
  ExactSum bitProducts = 0;

  /// Multiply-accumulates as if they were of 32 bits: each counts
  /// bitsA/32 x bitsB/32.
  double bitMacs() const { return double(bitProducts) / (32 * 32); }
};

/// Indexed by ContractionKind.
using WorkByKind = std::array<ContractionWork, contractionKinds>;

/// What the runtime has been given to compute since it was made or since the
/// last reset; always counted. Not to be called while an entry runs.
WorkByKind contractionWork(const frac_runtime &runtime);

/// Sets all of it to zero.
void resetContractionWork(frac_runtime &runtime);

/// The kernel library with its version and instruction set, for people.
std::string kernelLibraryDescription();

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_PROFILE_H

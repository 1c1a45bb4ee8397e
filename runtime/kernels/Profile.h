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

/// The kernel library with its version and instruction set, for people.
std::string kernelLibraryDescription();

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_PROFILE_H

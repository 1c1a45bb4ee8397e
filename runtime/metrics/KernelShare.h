//===- KernelShare.h - What a kernel took of a run --------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_METRICS_KERNELSHARE_H
#define FRAC_RUNTIME_METRICS_KERNELSHARE_H

#include <cstdint>
#include <string>

namespace frac {

/// A contraction that a run has called, at one shape and batch.
struct KernelShare {
  /// The name of the C function without `frac_`, its geometry, and the code
  /// that ran.
  std::string product, shape, implementation;
  int64_t batch = 0;
  uint64_t calls = 0;
  /// Multiply-accumulates of one call.
  double macs = 0;
  /// Seconds in all calls, and their fraction of the run.
  double seconds = 0;
  double share = 0;
};

/// What all calls of a C function of contractions have computed together.
struct KernelWork {
  /// The name of the function without `frac_`.
  std::string product;
  uint64_t calls = 0;
  /// Multiply-accumulates, and the same weighed by the widths of the operands
  /// that the kernels were given, (bits / 32) (bits / 32).
  double macs = 0, bitmacs = 0;
};

} // namespace frac

#endif // FRAC_RUNTIME_METRICS_KERNELSHARE_H

//===- KernelList.h - Tables of inner loops -------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_LOWBIT_KERNELLIST_H
#define FRAC_RUNTIME_KERNELS_LOWBIT_KERNELLIST_H

#include "runtime/core/CpuIsa.h"

#include <cstddef>

namespace frac::runtime {

/// All kernels of a kind that are compiled in, from the most to the least
/// preferred. The last one runs on any processor.
template <typename Kernel>
struct KernelList {
  const Kernel *const *begin;
  std::size_t size;

  /// The preferred kernel that this processor and FRAC_MAX_CPU_ISA allow.
  /// Throws as `cpuIsaCap` does.
  const Kernel &choose() const {
    const CpuIsa isa = usableCpuIsa();
    std::size_t i = 0;
    while (begin[i]->isa > isa)
      ++i;
    return *begin[i];
  }
};

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_KERNELLIST_H

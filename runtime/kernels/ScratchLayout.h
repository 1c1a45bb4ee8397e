//===- ScratchLayout.h - Arrays in scratch memory -------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_SCRATCHLAYOUT_H
#define FRAC_RUNTIME_KERNELS_SCRATCHLAYOUT_H

#include "runtime/frac_runtime.h"

#include <cstddef>
#include <cstdint>

namespace frac::runtime {

/// An array's place in scratch memory.
template <typename Element>
struct ScratchArray {
  std::size_t offset = 0;

  Element *in(std::byte *scratch) const {
    return reinterpret_cast<Element *>(scratch + offset);
  }
};

/// Gives arrays their places, one after the other, each aligned to
/// FRAC_ALIGNMENT.
class ScratchLayout {
public:
  template <typename Element>
  ScratchArray<Element> add(int64_t count) {
    const ScratchArray<Element> array{bytes};
    constexpr std::size_t alignment = FRAC_ALIGNMENT;
    bytes += (count * sizeof(Element) + alignment - 1) / alignment * alignment;
    return array;
  }

  /// Bytes of all arrays.
  std::size_t size() const { return bytes; }

private:
  std::size_t bytes = 0;
};

/// The memory of a loop that threads work on (see `parallelWork`): what all of
/// them read, and behind it a part for each worker.
struct WorkerScratch {
  ScratchLayout shared, own;

  std::size_t size(int64_t workers) const {
    return shared.size() + workers * own.size();
  }

  /// The part of a worker, where the arrays of `own` lie.
  std::byte *ownOf(std::byte *scratch, int64_t worker) const {
    return scratch + shared.size() + worker * own.size();
  }
};

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_SCRATCHLAYOUT_H

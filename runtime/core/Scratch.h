//===- Scratch.h - Reusable temporary memory ------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_CORE_SCRATCH_H
#define FRAC_RUNTIME_CORE_SCRATCH_H

#include <cstddef>

namespace frac::runtime {

/// A buffer that grows to the largest size asked for and is kept, so that a
/// training step allocates nothing after the first one.
class Scratch {
public:
  Scratch() = default;
  ~Scratch();

  Scratch(const Scratch &) = delete;
  Scratch &operator=(const Scratch &) = delete;

  /// At least `bytes` bytes, aligned to FRAC_ALIGNMENT, of unspecified
  /// contents, valid until the next call. Throws std::bad_alloc.
  std::byte *get(std::size_t bytes);

  /// The size of the buffer.
  std::size_t size() const { return capacity; }

private:
  std::byte *data = nullptr;
  std::size_t capacity = 0;
};

} // namespace frac::runtime

#endif // FRAC_RUNTIME_CORE_SCRATCH_H

//===- Scratch.cpp - Reusable temporary memory ----------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/Scratch.h"

#include "runtime/frac_runtime.h"

#include <cstdlib>
#include <limits>
#include <new>

using namespace frac::runtime;

Scratch::~Scratch() { std::free(data); }

std::byte *Scratch::get(std::size_t bytes) {
  if (bytes <= capacity && data)
    return data;
  // Whole pages; at least one, so that there always is an address to give out.
  constexpr std::size_t page = 4096;
  if (bytes > std::numeric_limits<std::ptrdiff_t>::max() - page)
    throw std::bad_alloc();
  std::size_t rounded = bytes / page * page + page;
  // The old contents are not kept, so free first: the peak is the new size.
  std::free(data);
  capacity = 0;
  data = static_cast<std::byte *>(std::aligned_alloc(FRAC_ALIGNMENT, rounded));
  if (!data)
    throw std::bad_alloc();
  capacity = rounded;
  return data;
}

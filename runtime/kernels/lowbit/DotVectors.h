//===- DotVectors.h - Vectors that inner loops work on --------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

///
/// \file
/// For the files that are compiled for one instruction set each: everything
/// here is local to the file that includes it, since a function compiled there
/// must not end up in code for older processors.
///
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_LOWBIT_DOTVECTORS_H
#define FRAC_RUNTIME_KERNELS_LOWBIT_DOTVECTORS_H

#include "runtime/kernels/lowbit/DotKernels.h"

/// Before a loop over a tile: its sums stay in registers only if nothing is
/// left of the loop.
#ifdef __clang__
#define FRAC_UNROLL _Pragma("clang loop unroll(full)")
#define FRAC_UNROLL_TWICE _Pragma("clang loop unroll_count(2)")
#define FRAC_NO_UNROLL _Pragma("clang loop unroll(disable)")
#else
#define FRAC_UNROLL _Pragma("GCC unroll 16")
#define FRAC_UNROLL_TWICE _Pragma("GCC unroll 2")
#define FRAC_NO_UNROLL _Pragma("GCC unroll 1")
#endif

namespace {

/// A block's sums or results, in one vector or more, whatever the processor
/// has.
typedef int32_t Sums __attribute__((vector_size(64)));
typedef float Reals __attribute__((vector_size(64)));

/// As many bytes and numbers of 16 bits.
typedef uint8_t Bytes __attribute__((vector_size(16)));
typedef uint16_t Words __attribute__((vector_size(32)));

/// The bytes of a step, as such and as numbers of 16 bits.
typedef uint8_t StepBytes __attribute__((vector_size(64)));
typedef uint8_t HalfStepBytes __attribute__((vector_size(32)));
typedef int16_t StepWords __attribute__((vector_size(64)));

template <typename Vector, typename Element>
[[gnu::always_inline]] inline Vector loadVector(const Element *data) {
  Vector value;
  __builtin_memcpy(&value, data, sizeof(Vector));
  return value;
}

template <typename Vector, typename Element>
[[gnu::always_inline]] inline void storeVector(Element *data, Vector value) {
  __builtin_memcpy(data, &value, sizeof(Vector));
}

/// Four pixels of 16 channels, (pixel, channel).
[[gnu::always_inline]] inline Sums loadPixels(const uint8_t *pixels,
                                              int64_t stride) {
  uint8_t bytes[4 * frac::runtime::dotBlock];
  FRAC_UNROLL
  for (int i = 0; i < 4; ++i)
    storeVector(bytes + i * frac::runtime::dotBlock,
                loadVector<Bytes>(pixels + i * stride));
  return loadVector<Sums>(bytes);
}

/// Whether any element of a comparison's result is true.
[[gnu::always_inline]] inline bool isAny(StepWords compared) {
  int64_t parts[sizeof(compared) / sizeof(int64_t)], any = 0;
  __builtin_memcpy(parts, &compared, sizeof(compared));
  for (int64_t part : parts)
    any |= part;
  return any != 0;
}

/// Writes the first `count` elements of a block.
[[gnu::always_inline]] inline void storeResults(float *data, Reals value,
                                                int64_t count) {
  if (count >= frac::runtime::dotBlock) {
    storeVector(data, value);
    return;
  }
  float elements[frac::runtime::dotBlock];
  storeVector(elements, value);
  for (int64_t i = 0; i < count; ++i)
    data[i] = elements[i];
}

/// Tiles of about the same size, `most` at most, that `pixels` neighbours are
/// cut into.
class PixelTiles {
public:
  PixelTiles(int64_t pixels, int64_t most)
      : tiles((pixels + most - 1) / most), size(tiles ? pixels / tiles : 0),
        larger(tiles ? pixels % tiles : 0) {}

  /// Calls `body(first, count)` for each.
  template <typename Body>
  [[gnu::always_inline]] void forEach(const Body &body) const {
    int64_t pixel = 0;
    for (int64_t tile = 0; tile < tiles; ++tile) {
      const int64_t count = size + (tile < larger);
      body(pixel, count);
      pixel += count;
    }
  }

private:
  const int64_t tiles;
  /// The first ones have one pixel more.
  const int64_t size, larger;
};

/// Sums over taps of `width` pixels from `pixel` of a row on.
template <int width, typename Number>
[[gnu::always_inline]] inline void
addPixelTaps(const frac::runtime::TapSums<Number> &taps, int64_t row,
             int64_t pixel, Number *result) {
  typedef Number Vector __attribute__((vector_size(width * sizeof(Number))));
  const Number *numbers = taps.numbers + row * taps.rowStride + pixel;
  Vector sum = Vector{} + taps.first;
  for (int64_t t = 0; t < taps.taps; ++t)
    sum += loadVector<Vector>(numbers + taps.offsets[t]);
  storeVector(result + row * taps.pixels + pixel, sum);
}

/// Sums over taps, a vector of pixels at a time.
template <typename Number>
void addTaps(const frac::runtime::TapSums<Number> &taps, Number *result) {
  constexpr int most = frac::runtime::dotBlock;
  for (int64_t row = 0; row < taps.rows; ++row) {
    int64_t p = 0;
    if (taps.pixelStride == 1) {
      for (; p + most <= taps.pixels; p += most)
        addPixelTaps<most>(taps, row, p, result);
      for (; p + most / 2 <= taps.pixels; p += most / 2)
        addPixelTaps<most / 2>(taps, row, p, result);
    }
    const Number *numbers = taps.numbers + row * taps.rowStride;
    for (; p < taps.pixels; ++p) {
      Number sum = taps.first;
      for (int64_t t = 0; t < taps.taps; ++t)
        sum += numbers[p * taps.pixelStride + taps.offsets[t]];
      result[row * taps.pixels + p] = sum;
    }
  }
}

/// Four neighbouring bytes, or two numbers of 16 bits, as one number.
[[gnu::always_inline]] inline int32_t loadQuad(const void *data) {
  int32_t value;
  __builtin_memcpy(&value, data, sizeof(value));
  return value;
}

} // namespace

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_DOTVECTORS_H

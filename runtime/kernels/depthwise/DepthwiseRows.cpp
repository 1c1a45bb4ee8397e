//===- DepthwiseRows.cpp - Inner loops of depthwise convolutions ----------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

///
/// \file
/// Compiled once for each instruction set, which gives the table its name
/// (FRAC_TABLE) and the number of floats in a vector (FRAC_LANES). Everything
/// else is local to the file and no other header is included: an inline
/// function compiled here must not end up in code for older processors.
///
//===----------------------------------------------------------------------===//

#include "runtime/kernels/depthwise/DepthwiseRows.h"

using namespace frac::runtime;

namespace {

template <int lanes>
struct VectorOf {
  typedef float Type __attribute__((vector_size(lanes * sizeof(float))));
};
template <>
struct VectorOf<1> {
  typedef float Type;
};

/// Reads a vector from any address.
template <typename Vector>
[[gnu::always_inline]] inline Vector load(const float *data) {
  Vector value;
  __builtin_memcpy(&value, data, sizeof(Vector));
  return value;
}

template <typename Vector>
[[gnu::always_inline]] inline void store(float *data, Vector value) {
  __builtin_memcpy(data, &value, sizeof(Vector));
}

/// Neighbouring output pixels share input pixels and weights, so they are
/// computed together, this many at a time.
constexpr int tileOutputs = 4;

/// Computes `tile` output pixels.
template <int width, int stride, int tile>
struct Convolve {
  template <typename Vector>
  [[gnu::always_inline]] static void run(const DepthwiseRow &row,
                                         int64_t firstOutput, int64_t channel,
                                         float *result) {
    constexpr int columns = (tile - 1) * stride + width;
    const int64_t channels = row.channels;
    const int64_t offset = firstOutput * stride * channels + channel;
    Vector sums[tile];
    for (int i = 0; i < tile; ++i)
      sums[i] = Vector();
    for (int64_t y = 0; y < row.height; ++y) {
      const float *input = row.rows[y] + offset;
      const float *taps = row.taps[y] + channel;
      Vector pixels[columns];
      for (int x = 0; x < columns; ++x)
        pixels[x] = load<Vector>(input + x * channels);
      for (int x = 0; x < width; ++x) {
        const Vector tap = load<Vector>(taps + x * channels);
        for (int i = 0; i < tile; ++i)
          sums[i] += pixels[i * stride + x] * tap;
      }
    }
    float *output = result + firstOutput * channels + channel;
    for (int i = 0; i < tile; ++i)
      store(output + i * channels, sums[i]);
  }
};

/// Adds the part of the weights' gradients that `tile` output pixels bring.
template <int width, int stride, int tile>
struct Correlate {
  template <typename Vector>
  [[gnu::always_inline]] static void run(const DepthwiseRow &row,
                                         int64_t firstOutput, int64_t channel,
                                         const float *errors) {
    constexpr int columns = (tile - 1) * stride + width;
    const int64_t channels = row.channels;
    const int64_t offset = firstOutput * stride * channels + channel;
    Vector tileErrors[tile];
    for (int i = 0; i < tile; ++i)
      tileErrors[i] =
          load<Vector>(errors + (firstOutput + i) * channels + channel);
    for (int64_t y = 0; y < row.height; ++y) {
      const float *input = row.rows[y] + offset;
      float *taps = row.taps[y] + channel;
      Vector pixels[columns];
      for (int x = 0; x < columns; ++x)
        pixels[x] = load<Vector>(input + x * channels);
      for (int x = 0; x < width; ++x) {
        Vector sum = load<Vector>(taps + x * channels);
        for (int i = 0; i < tile; ++i)
          sum += pixels[i * stride + x] * tileErrors[i];
        store(taps + x * channels, sum);
      }
    }
  }
};

/// Runs `Tile` for channels from `channel` on: as wide vectors as fit, then
/// narrower ones.
template <typename Tile, int lanes, typename Data>
void forEachVector(const DepthwiseRow &row, int64_t firstOutput,
                   int64_t channel, Data *data) {
  for (; channel + lanes <= row.channels; channel += lanes)
    Tile::template run<typename VectorOf<lanes>::Type>(row, firstOutput,
                                                       channel, data);
  if constexpr (lanes > 1)
    if (channel < row.channels)
      forEachVector<Tile, (lanes > 4 ? lanes / 2 : 1)>(row, firstOutput,
                                                       channel, data);
}

/// Runs a tile's loops over all outputs and channels of a row.
template <template <int width, int stride, int tile> typename Tile, int width,
          int stride, typename Data>
void forEachTile(const DepthwiseRow &row, Data *data) {
  int64_t x = 0;
  for (; x + tileOutputs <= row.outputs; x += tileOutputs)
    forEachVector<Tile<width, stride, tileOutputs>, FRAC_LANES>(row, x, 0,
                                                                data);
  for (; x < row.outputs; ++x)
    forEachVector<Tile<width, stride, 1>, FRAC_LANES>(row, x, 0, data);
}

template <int width, int stride>
constexpr DepthwiseLoops loops = {
    width, stride, forEachTile<Convolve, width, stride, float>,
    forEachTile<Correlate, width, stride, const float>};

} // namespace

const DepthwiseLoops frac::runtime::FRAC_TABLE[] = {
    loops<3, 1>, loops<3, 2>, loops<5, 1>, loops<5, 2>,
    loops<7, 1>, loops<7, 2>, {},
};

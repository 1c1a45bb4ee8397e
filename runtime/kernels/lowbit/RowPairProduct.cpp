//===- RowPairProduct.cpp - Products by pairs of rows ---------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/RowPairProduct.h"

#include "runtime/kernels/lowbit/WeightBlocks.h"

#include <algorithm>
#include <cstring>

using namespace frac::runtime;

/// Bytes of weights that leave room for the rest in a first-level cache.
static constexpr int64_t residentBytes = 24 << 10;

/// The most channels whose sums fit 32 bits by far.
static constexpr int64_t mostInputs = 2048;

const RowPairKernel *RowPairProduct::choose(const LowbitConvProblem &problem,
                                            const GatherGeometry &geometry) {
  if (!geometry.rows.hasThreeTaps() || !geometry.columns.hasThreeTaps() ||
      problem.first.bits > rowPairInputBits || problem.first.bytes != 1 ||
      problem.second.bits > rowPairWeightBits ||
      PackedWeights::rescales(problem) || geometry.inputs % 16 != 0 ||
      geometry.inputs > mostInputs)
    return nullptr;
  return chooseRowPairKernel();
}

RowPairProduct::RowPairProduct(const GatherGeometry &geometry,
                               const PackedWeights &packed,
                               const RowPairKernel &kernel,
                               const GatherBands &bands, ScratchLayout &shared,
                               ScratchLayout &own)
    : geometry(geometry), packed(packed), kernel(kernel),
      layout({geometry.inputs, geometry.columns.planeExtent}),
      blocks(packed.paddedOutputs() / dotBlock),
      pairsAtOnce(blocks * layout.blockBytes() <= residentBytes
                      ? 1
                      : (bands.rows + 1) / 2),
      hasEdges(geometry.columns.padBegin == 1 &&
               geometry.columns.planeExtent == geometry.columns.extent + 2),
      weights(
          shared.add<int8_t>(geometry.groups * blocks * layout.blockBytes())),
      ofEdges(shared.add<int32_t>(geometry.groups * rowPairEdges * blocks *
                                  edgeParts * dotBlock)),
      zeros(shared.add<int32_t>(geometry.groups * blocks * dotBlock)),
      first(own.add<int32_t>(geometry.groups * rowPairEdges * blocks * 2 *
                             dotBlock)),
      scales(own.add<float>(geometry.groups * blocks * dotBlock)),
      padding(own.add<uint8_t>(geometry.columns.extent * geometry.groups *
                               geometry.inputs)),
      mixed(own.add<uint8_t>(pairsAtOnce * layout.pairBytes())) {}

void RowPairProduct::packBlock(std::byte *shared, int64_t group,
                               int64_t block) const {
  const int64_t tapStride = packed.quads() * dotStepBytes;
  const int64_t rowStride = rowPairTaps * tapStride;
  const int8_t *bytes =
      packed.data(shared, group, 0, 0) + block * packed.blockBytes(0, 0);
  const int64_t number = group * blocks + block;
  int8_t *inner = weights.in(shared) + number * layout.blockBytes();
  int8_t *outer = inner + layout.blockBytes() / 2;
  constexpr int64_t ofProduct = rowPairTaps * dotStepBytes;
  for (int64_t quad = 0; quad < packed.quads(); ++quad) {
    for (int64_t tap = 0; tap < rowPairTaps; ++tap) {
      const int8_t *w = bytes + tap * tapStride + quad * dotStepBytes;
      int8_t *in = inner + tap * dotStepBytes,
             *out = outer + tap * dotStepBytes;
      for (int64_t i = 0; i < dotStepBytes; ++i) {
        const int8_t first = w[i], middle = w[rowStride + i];
        const int8_t last = w[2 * rowStride + i];
        in[i] = int8_t(first + middle + last);
        in[ofProduct + i] = int8_t(first - middle + last);
        out[i] = int8_t(2 * first);
        out[ofProduct + i] = int8_t(-2 * last);
      }
    }
    inner += 2 * ofProduct;
    outer += 2 * ofProduct;
  }

  const int32_t *zerosOfOutputs = packed.zeros(shared) + number * dotBlock;
  for (int64_t o = 0; o < dotBlock; ++o) {
    zeros.in(shared)[number * dotBlock + o] = 2 * zerosOfOutputs[o];
    // What offsets add to products 0 and 3, twice, is taken off both rows by
    // what products 1 and 2 begin with: their sum is added to the even row,
    // their difference to the odd one.
    int64_t ofTaps[rowPairTaps][edgeParts], all[edgeParts] = {};
    for (std::size_t tap = 0; tap < rowPairTaps; ++tap) {
      const int64_t output = number * dotBlock + o;
      const int64_t first = sumOf(0, tap, output, shared);
      const int64_t middle = sumOf(1, tap, output, shared);
      const int64_t last = sumOf(2, tap, output, shared);
      ofTaps[tap][0] = -rowPairOffset * (first - last);
      ofTaps[tap][1] = -rowPairOffset * (2 * (first + last) - middle);
      ofTaps[tap][2] = first + middle + last;
      for (int64_t part = 0; part < edgeParts; ++part)
        all[part] += ofTaps[tap][part];
    }
    constexpr int64_t none[edgeParts] = {};
    const int64_t *const skipped[rowPairEdges] = {none, ofTaps[0],
                                                  ofTaps[rowPairTaps - 1]};
    for (int64_t edge = 0; edge < rowPairEdges; ++edge) {
      int32_t *target = ofEdges.in(shared) +
                        ((group * rowPairEdges + edge) * blocks + block) *
                            edgeParts * dotBlock +
                        o;
      for (int64_t part = 0; part < edgeParts; ++part)
        target[part * dotBlock] = int32_t(all[part] - skipped[edge][part]);
    }
  }
}

/// The sum of the weights of an output in a tap.
int64_t RowPairProduct::sumOf(std::size_t row, std::size_t column,
                              int64_t output, std::byte *shared) const {
  return packed.sums(
      shared, 0,
      geometry.rows.phases[0].taps[row].kernel * geometry.kernelWidth +
          geometry.columns.phases[0].taps[column].kernel)[output];
}

void RowPairProduct::pack(std::byte *shared, int32_t threads) const {
  forEachWeightBlock(
      threads, geometry.groups, blocks, layout.blockBytes(), 65536,
      [&](int64_t group, int64_t block) { packBlock(shared, group, block); });
}

void RowPairProduct::prepare(int32_t zero, const float *scalesOfResult,
                             std::byte *shared, std::byte *own) const {
  std::memset(padding.in(own), zero,
              geometry.columns.extent * geometry.groups * geometry.inputs);
  // Padding beside an image is the same in all its rows.
  const int64_t rowBytes = layout.rowBytes();
  for (int64_t row = 0; row < pairsAtOnce * rowPairReach; ++row)
    std::memset(mixed.in(own) + row * rowBytes,
                row % rowPairReach == 1 ? 2 * zero : rowPairOffset, rowBytes);

  const int64_t outputs = blocks * dotBlock;
  for (int64_t o = 0; o < geometry.groups * outputs; ++o)
    scales.in(own)[o] = 0.5f * scalesOfResult[o];
  for (int64_t i = 0; i < geometry.groups * rowPairEdges * blocks; ++i) {
    const int32_t *ofEdge = ofEdges.in(shared) + i * edgeParts * dotBlock;
    int32_t *target = first.in(own) + i * 2 * dotBlock;
    for (int64_t o = 0; o < dotBlock; ++o) {
      target[o] = ofEdge[o] - 2 * zero * ofEdge[2 * dotBlock + o];
      target[dotBlock + o] = ofEdge[dotBlock + o];
    }
  }
}

void RowPairProduct::sumPixels(const PlaneRegion &region, int32_t *sums) const {
  const uint8_t *image = static_cast<const uint8_t *>(region.image);
  const int32_t ofPadding = int32_t(geometry.inputs) * region.zero;
  for (int64_t i = 0; i < region.rows; ++i, sums += region.columns) {
    std::fill_n(sums, region.columns, ofPadding);
    if (region.isInside(i))
      kernel.sum(image + region.firstElement(i), region.imageChannels,
                 region.insideColumns(), geometry.inputs,
                 sums + region.leftColumns());
  }
}

/// Mixes the pair of rows whose first one reads the region from `row` on.
void RowPairProduct::mixPair(const PlaneRegion &region, int64_t row,
                             uint8_t *target, std::byte *own) const {
  const uint8_t *image = static_cast<const uint8_t *>(region.image);
  RowPairInputs inputs;
  for (int64_t i = 0; i < rowPairReach; ++i)
    inputs.rows[i] = region.isInside(row + i)
                         ? image + region.firstElement(row + i)
                         : padding.in(own);
  inputs.stride = region.imageChannels;
  inputs.count = region.insideColumns();
  kernel.mix(inputs, region.leftColumns(), layout, target);
}

void RowPairProduct::convert(const PlaneRegion &region, int64_t count,
                             int64_t group, DotResult result, std::byte *shared,
                             std::byte *own) const {
  const int64_t outputs = blocks * dotBlock;
  result.scales = scales.in(own) + group * outputs;
  if (result.totals)
    result.zeros = zeros.in(shared) + group * outputs;
  const int64_t pixels = geometry.columns.mostCount();
  for (int64_t row = 0; row < count; row += 2 * pairsAtOnce) {
    const int64_t some = std::min(count - row, 2 * pairsAtOnce);
    for (int64_t i = 0; i < some; i += 2)
      mixPair(region, row + i, mixed.in(own) + i / 2 * layout.pairBytes(), own);
    kernel.convert({layout, mixed.in(own), some, pixels,
                    weights.in(shared) + group * blocks * layout.blockBytes(),
                    blocks, first.in(own) + group * rowPairEdges * 2 * outputs,
                    hasEdges},
                   result.from(row, pixels));
  }
}

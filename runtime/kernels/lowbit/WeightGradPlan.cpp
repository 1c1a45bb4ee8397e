//===- WeightGradPlan.cpp - Weight gradients in integers ------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

///
/// \file
/// The output's rows of all images are cut into chunks, whose activations and
/// errors are packed into a core's cache, and chunks are gathered in a fixed
/// number of parts, whose sums are added up in order. Where the weights are so
/// many that parts take too much memory, threads share out the output channels
/// instead.
///
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/WeightGradPlan.h"

#include "runtime/core/Threads.h"
#include "runtime/kernels/PartRange.h"
#include "runtime/kernels/ScratchLayout.h"
#include "runtime/kernels/lowbit/AffineInteger.h"
#include "runtime/kernels/lowbit/DotKernels.h"
#include "runtime/kernels/lowbit/PixelSteps.h"
#include "runtime/kernels/lowbit/Prefetch.h"
#include "runtime/kernels/lowbit/WeightGradGeometry.h"
#include "runtime/kernels/lowbit/WeightGradSums.h"

#include <algorithm>
#include <cstring>
#include <string>

using namespace frac::runtime;

namespace {

/// Pixels and bytes of a chunk, so that it stays in a core's second-level
/// cache.
constexpr int64_t chunkPixels = 512;
constexpr int64_t chunkBytes = 1 << 17;

/// Most numbers that all parts' sums may take, and fewest pixels of a part, so
/// that adding up parts takes little of the time.
constexpr int64_t mostPartNumbers = 1 << 22;
constexpr int64_t leastPartPixels = 4096;

/// Rows of the output of some images.
struct Chunk {
  int64_t firstImage, endImage;
  int64_t firstRow, endRow;
  int64_t rows() const { return (endImage - firstImage) * (endRow - firstRow); }
};

class WeightGradPlan final : public LowbitPlan {
public:
  WeightGradPlan(const LowbitConvProblem &problem,
                 const WeightGradGeometry &shape, int32_t threads)
      : problem(problem), g(shape),
        threads(threads), operands{problem.first.planes(),
                                   problem.second.planes(), problem.first.bits,
                                   problem.second.bits},
        kernel(chooseDotKernel(operands.chain())) {
    chooseParts();
    chooseChunks();
    makeOffsets();
    partSums = shared.add<float>(parts * partSize());
    const int64_t steps = rowsOfChunk() * g.quads();
    activations =
        own.add<uint8_t>(operands.activationPlanes * activationBytes());
    errors = own.add<int8_t>(operands.errorPlanes * splitOutputs * 4 * steps);
    sums = own.add<int32_t>(isPerSample() ? tapSums()
                                          : g.groups * g.taps() * tapSums());
    corrections = WeightGradSums(g, operands, own);
    workers = std::min<int64_t>(threads, parts * splits);
    scratchBytes = shared.size() + workers * own.size();
    implementation = std::string("lowbit ") + kernel.name;
  }

  void run(const LowbitArguments &arguments) override {
    parallelRanges(threads, workers, 1, [&](int64_t begin, int64_t end) {
      for (int64_t worker = begin; worker < end; ++worker) {
        std::byte *memory =
            arguments.scratch + shared.size() + worker * own.size();
        const PartRange range(parts * splits, worker, workers);
        for (int64_t item = range.begin; item < range.end; ++item)
          runItem(item / splits, item % splits, arguments, memory);
      }
    });
    const int64_t blocks = g.paddedOutputs() / dotBlock;
    parallelRanges(threads, g.groups * blocks * g.inputs, 64,
                   [&](int64_t begin, int64_t end) {
                     for (int64_t i = begin; i < end; ++i)
                       addParts(i / g.inputs / blocks, i / g.inputs % blocks,
                                i % g.inputs, arguments);
                   });
  }

private:
  bool isPerSample() const {
    return problem.first.scaleDim == 0 || problem.second.scaleDim == 0;
  }

  /// Numbers of one part's result, (group, tap, input, padded output).
  int64_t partSize() const {
    return g.groups * g.taps() * g.inputs * g.paddedOutputs();
  }
  /// Integer sums of a group, tap and split, (activations' plane, input, block,
  /// errors' plane, output in the block).
  int64_t tapSums() const {
    return operands.activationPlanes * g.inputs * sumStride();
  }
  /// Those of all groups and taps follow each other, unless they become real
  /// ones at once.
  int32_t *sumsOf(int64_t group, int64_t tap, std::byte *memory) const {
    return sums.in(memory) +
           (isPerSample() ? 0 : (group * g.taps() + tap) * tapSums());
  }
  int64_t sumStride() const { return operands.errorPlanes * splitOutputs; }

  void chooseParts() {
    const int64_t pixels = problem.conv.batch * g.outputRows * g.outputColumns;
    parts = std::clamp<int64_t>(
        std::min(mostPartNumbers / partSize(), pixels / leastPartPixels), 1,
        FRAC_REDUCTION_PARTS);
    splitOutputs = g.paddedOutputs();
    splits = 1;
    if (g.groups > 1)
      return;
    // Tiles are two blocks wide.
    constexpr int64_t tile = 2 * dotBlock;
    const int64_t tiles = (g.outputs + tile - 1) / tile;
    splits = std::min(tiles, (FRAC_REDUCTION_PARTS + parts - 1) / parts);
    splitOutputs =
        std::min((tiles + splits - 1) / splits * tile, g.paddedOutputs());
    splits = (g.paddedOutputs() + splitOutputs - 1) / splitOutputs;
  }

  void chooseChunks() {
    const int64_t rowBytes =
        operands.activationPlanes * g.rowBytes() * g.rowStride +
        operands.errorPlanes * splitOutputs * g.quads() * 4;
    const int64_t batchRows = problem.conv.batch * g.outputRows;
    int64_t rows =
        std::min({chunkPixels / (g.quads() * 4), chunkBytes / rowBytes,
                  (batchRows + parts - 1) / parts});
    // Neighbouring chunks of an image copy the same rows.
    rows = std::max(rows, std::min<int64_t>(g.outputRows, 4));
    rows =
        std::clamp<int64_t>(operands.mostPixels() / g.outputColumns, 1, rows);
    imagesOfChunk =
        isPerSample() ? 1 : std::max<int64_t>(rows / g.outputRows, 1);
    bandRows = std::min(rows, g.outputRows);
    bandsPerImage = (g.outputRows + bandRows - 1) / bandRows;
    chunks = bandsPerImage *
             ((problem.conv.batch + imagesOfChunk - 1) / imagesOfChunk);
    parts = std::min(parts, chunks);
  }

  int64_t rowsOfChunk() const { return imagesOfChunk * bandRows; }
  /// Bytes of an image's rows of activations in a chunk, and of a chunk's.
  int64_t imageBytes() const { return g.planeRows(bandRows) * g.rowBytes(); }
  int64_t activationBytes() const { return imagesOfChunk * imageBytes(); }

  Chunk chunkOf(int64_t number) const {
    const int64_t image = number / bandsPerImage * imagesOfChunk;
    const int64_t row = number % bandsPerImage * bandRows;
    return {image, std::min(image + imagesOfChunk, problem.conv.batch), row,
            std::min(row + bandRows, g.outputRows)};
  }

  void makeOffsets() {
    for (int64_t image = 0; image < imagesOfChunk; ++image)
      for (int64_t row = 0; row < bandRows; ++row)
        for (int64_t quad = 0; quad < g.quads(); ++quad)
          offsets.push_back(int32_t(image * imageBytes() +
                                    row * g.rowStride * g.rowBytes() +
                                    quad * 4));
  }

  AffineInteger affineOf(const frac_quantized &tensor, const OperandForm &form,
                         int64_t n) const {
    const bool isOwn = form.scaleDim == 0 && form.bitsDim == 0;
    return AffineInteger::of(tensor, n, isOwn ? tensor.bits[n] : form.bits);
  }

  /// Sums up the chunks of a part for the outputs of a split.
  void runItem(int64_t part, int64_t split, const LowbitArguments &arguments,
               std::byte *memory) const {
    const int64_t firstOutput = split * splitOutputs;
    const int64_t outputs =
        std::min(splitOutputs, g.paddedOutputs() - firstOutput);
    float *target =
        partSums.in(arguments.scratch) + part * partSize() + firstOutput;
    for (int64_t row = 0; row < partSize() / g.paddedOutputs(); ++row)
      std::fill_n(target + row * g.paddedOutputs(), outputs, 0.0f);

    const PartRange range(chunks, part, parts);
    int64_t pixels = 0;
    int32_t filled = -1;
    for (int64_t number = range.begin; number < range.end; ++number) {
      const Chunk chunk = chunkOf(number);
      const int64_t more = chunk.rows() * g.outputColumns;
      if (pixels && pixels + more > operands.mostPixels()) {
        flushAll(split, arguments, target, memory);
        pixels = 0;
      }
      if (!pixels || isPerSample())
        corrections.clear(memory);
      if (!pixels && !isPerSample())
        std::memset(sums.in(memory), 0,
                    g.groups * g.taps() * tapSums() * sizeof(int32_t));
      pixels += more;
      addChunk(chunk, number + 1 < range.end ? chunkOf(number + 1) : Chunk{},
               split, arguments, filled, target, memory);
    }
    flushAll(split, arguments, target, memory);
  }

  void addChunk(const Chunk &chunk, const Chunk &next, int64_t split,
                const LowbitArguments &arguments, int32_t &filled,
                float *target, std::byte *memory) const {
    const AffineInteger a =
        affineOf(arguments.first, problem.first, chunk.firstImage);
    const AffineInteger e =
        affineOf(arguments.second, problem.second, chunk.firstImage);
    corrections.add(kernel, arguments, a, e, chunk.firstImage, chunk.endImage,
                    chunk.firstRow, chunk.endRow, memory);
    if (filled != a.zero) {
      fillActivations(a.zero, memory);
      filled = a.zero;
    }
    const int64_t steps = chunk.rows() * g.quads();
    for (int64_t group = 0; group < g.groups; ++group) {
      packActivations(chunk, group, a.zero, arguments.first, memory);
      packErrors(chunk, group, split, steps, arguments.second, memory);
      if (group == 0)
        fetch(next, arguments);
      for (int64_t tap = 0; tap < g.taps(); ++tap) {
        if (isPerSample())
          std::memset(sums.in(memory), 0, tapSums() * sizeof(int32_t));
        for (int32_t plane = 0; plane < operands.activationPlanes; ++plane)
          addTap(group, plane, tap, split, steps, memory);
        if (isPerSample())
          flush(group, tap, a, e, split, target, memory);
      }
    }
  }

  /// Lets the operands of a chunk come from memory while others are computed.
  void fetch(const Chunk &chunk, const LowbitArguments &arguments) const {
    const int64_t first =
        std::max<int64_t>(chunk.firstRow * g.rowStride - g.rowPad, 0);
    const int64_t rows =
        std::min(g.planeRows(chunk.endRow - chunk.firstRow), g.rows - first);
    const int64_t sourceRow = g.columns * g.groups * g.inputs;
    const int64_t errorRow = g.outputColumns * g.groups * g.outputs;
    for (int64_t n = chunk.firstImage; n < chunk.endImage; ++n) {
      prefetch(arguments.first, (n * g.rows + first) * sourceRow,
               rows * sourceRow);
      prefetch(arguments.second, (n * g.outputRows + chunk.firstRow) * errorRow,
               (chunk.endRow - chunk.firstRow) * errorRow);
    }
  }

  void addTap(int64_t group, int32_t plane, int64_t tap, int64_t split,
              int64_t steps, std::byte *memory) const {
    const int64_t column = tap % g.kernelColumns;
    const uint8_t *inputs =
        activations.in(memory) + plane * activationBytes() +
        tap / g.kernelColumns * g.rowDilation * g.rowBytes() +
        g.remainderOf[column] * g.inputs * g.length + g.shiftOf[column];
    int32_t *target =
        sumsOf(group, tap, memory) + plane * g.inputs * sumStride();
    kernel.accumulate({inputs, 0, g.length, 1, g.inputs, offsets.data(), steps,
                       errors.in(memory), steps * dotStepBytes,
                       operands.errorPlanes * blocksOf(split),
                       operands.chain()},
                      {target, 0, sumStride()});
  }

  int64_t blocksOf(int64_t split) const {
    return std::min(splitOutputs, g.paddedOutputs() - split * splitOutputs) /
           dotBlock;
  }

  /// The byte that padding has in a plane of activations.
  int32_t paddingByte(int32_t zero, int32_t plane) const {
    return zero >> 8 * (operands.activationPlanes - 1 - plane) & 0xff;
  }

  /// Fills everything with padding. What lies left and right of the image is
  /// never written again.
  void fillActivations(int32_t zero, std::byte *memory) const {
    for (int32_t plane = 0; plane < operands.activationPlanes; ++plane)
      std::memset(activations.in(memory) + plane * activationBytes(),
                  paddingByte(zero, plane), activationBytes());
  }

  void packActivations(const Chunk &chunk, int64_t group, int32_t zero,
                       const frac_quantized &tensor, std::byte *memory) const {
    const int64_t channels = g.groups * g.inputs;
    const int64_t planeRows = g.planeRows(chunk.endRow - chunk.firstRow);
    for (int32_t plane = 0; plane < operands.activationPlanes; ++plane) {
      const int32_t shift = 8 * (operands.activationPlanes - 1 - plane);
      uint8_t *bytes = activations.in(memory) + plane * activationBytes();
      for (int64_t n = chunk.firstImage; n < chunk.endImage; ++n)
        for (int64_t row = 0; row < planeRows; ++row) {
          const int64_t y = chunk.firstRow * g.rowStride - g.rowPad + row;
          uint8_t *target = bytes + (n - chunk.firstImage) * imageBytes() +
                            row * g.rowBytes();
          if (y < 0 || y >= g.rows) {
            std::memset(target, paddingByte(zero, plane), g.rowBytes());
            continue;
          }
          const int64_t source = (n * g.rows + y) * g.columns;
          for (std::size_t i = 0; i < g.remainders.size(); ++i) {
            const PixelRange &inside = g.insideBytes[i];
            if (inside.count <= 0)
              continue;
            const int64_t column =
                inside.first * g.columnStride + g.remainders[i] - g.columnPad;
            const int64_t at =
                ((source + column) * channels + group * g.inputs) *
                tensor.bytes;
            transposePixels(
                static_cast<const uint8_t *>(tensor.data) + at, tensor.bytes,
                g.columnStride * channels, inside.count, g.inputs, shift,
                target + int64_t(i) * g.inputs * g.length + inside.first,
                g.length);
          }
        }
    }
  }

  void packErrors(const Chunk &chunk, int64_t group, int64_t split,
                  int64_t steps, const frac_quantized &tensor,
                  std::byte *memory) const {
    const int64_t channels = g.groups * g.outputs;
    const int64_t firstBlock = split * splitOutputs / dotBlock;
    int8_t *target = errors.in(memory);
    for (int64_t n = chunk.firstImage; n < chunk.endImage; ++n)
      for (int64_t y = chunk.firstRow; y < chunk.endRow; ++y) {
        const int64_t at =
            ((n * g.outputRows + y) * g.outputColumns * channels +
             group * g.outputs) *
            tensor.bytes;
        const ErrorRow row = {static_cast<const uint8_t *>(tensor.data) + at,
                              tensor.bytes,
                              channels,
                              g.outputColumns,
                              g.outputs,
                              operands.errorCenter(),
                              operands.errorPlanes};
        for (int64_t block = 0; block < blocksOf(split); ++block)
          row.write(kernel, firstBlock + block,
                    target +
                        block * operands.errorPlanes * steps * dotStepBytes,
                    steps * dotStepBytes);
        target += g.quads() * dotStepBytes;
      }
  }

  /// Adds what the integer sums of a group and tap stand for to a part's
  /// result.
  void flush(int64_t group, int64_t tap, const AffineInteger &a,
             const AffineInteger &e, int64_t split, float *target,
             std::byte *memory) const {
    corrections.flush(
        kernel, a, e,
        {sumsOf(group, tap, memory), sumStride(), group, tap,
         split * splitOutputs, blocksOf(split) * dotBlock,
         target + (group * g.taps() + tap) * g.inputs * g.paddedOutputs()},
        memory);
  }

  /// The same for all sums, unless that has been done already.
  void flushAll(int64_t split, const LowbitArguments &arguments, float *target,
                std::byte *memory) const {
    if (isPerSample())
      return;
    const AffineInteger a = affineOf(arguments.first, problem.first, 0);
    const AffineInteger e = affineOf(arguments.second, problem.second, 0);
    for (int64_t group = 0; group < g.groups; ++group)
      for (int64_t tap = 0; tap < g.taps(); ++tap)
        flush(group, tap, a, e, split, target, memory);
  }

  /// Adds up all parts of a block of outputs for one input.
  void addParts(int64_t group, int64_t block, int64_t input,
                const LowbitArguments &arguments) const {
    const int64_t firstOutput = block * dotBlock;
    const int64_t outputs = std::min(dotBlock, g.outputs - firstOutput);
    for (int64_t tap = 0; tap < g.taps(); ++tap) {
      const float *row =
          partSums.in(arguments.scratch) +
          ((group * g.taps() + tap) * g.inputs + input) * g.paddedOutputs() +
          firstOutput;
      double total[dotBlock] = {};
      for (int64_t part = 0; part < parts; ++part)
        for (int64_t o = 0; o < dotBlock; ++o)
          total[o] += row[part * partSize() + o];
      for (int64_t o = 0; o < outputs; ++o)
        arguments
            .result[((group * g.outputs + firstOutput + o) * g.inputs + input) *
                        g.taps() +
                    tap] = float(total[o]);
    }
  }

  const LowbitConvProblem problem;
  const WeightGradGeometry g;
  const int32_t threads;
  const WeightGradOperands operands;
  const DotKernel &kernel;
  int64_t parts = 0, splits = 0, splitOutputs = 0;
  int64_t imagesOfChunk = 0, bandRows = 0, bandsPerImage = 0, chunks = 0;
  int64_t workers = 0;
  /// Of each step of a chunk, in bytes of activations.
  std::vector<int32_t> offsets;
  ScratchLayout shared, own;
  ScratchArray<float> partSums;
  ScratchArray<uint8_t> activations;
  ScratchArray<int8_t> errors;
  ScratchArray<int32_t> sums;
  WeightGradSums corrections;
};

} // namespace

std::unique_ptr<LowbitPlan>
frac::runtime::makeWeightGradPlan(const LowbitConvProblem &problem,
                                  int32_t threads) {
  const std::optional<WeightGradGeometry> geometry =
      WeightGradGeometry::of(problem.conv.shape);
  if (!geometry)
    return nullptr;
  const WeightGradOperands operands = {problem.first.planes(),
                                       problem.second.planes(),
                                       problem.first.bits, problem.second.bits};
  // A chunk has one row at least, and offsets of 32 bits.
  const double rowBytes =
      double(geometry->rowBytes()) *
      double(geometry->planeRows(std::min<int64_t>(geometry->outputRows, 4)));
  if (geometry->outputColumns > operands.mostPixels() || rowBytes > INT32_MAX ||
      geometry->kernelRows > WindowSums::mostRowRanges)
    return nullptr;
  return std::make_unique<WeightGradPlan>(problem, *geometry, threads);
}

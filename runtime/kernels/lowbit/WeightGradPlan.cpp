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
/// instead. Samples of equal scales and zeros follow each other, so that their
/// integer sums go together, and errors of more than 8 bits are taken byte by
/// byte, as if each were a sample of its own.
///
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/WeightGradPlan.h"

#include "runtime/core/Threads.h"
#include "runtime/kernels/PartRange.h"
#include "runtime/kernels/ScratchLayout.h"
#include "runtime/kernels/lowbit/DotKernels.h"
#include "runtime/kernels/lowbit/Prefetch.h"
#include "runtime/kernels/lowbit/WeightGradGeometry.h"
#include "runtime/kernels/lowbit/WeightGradItems.h"
#include "runtime/kernels/lowbit/WeightGradProducts.h"
#include "runtime/kernels/lowbit/WeightGradRows.h"
#include "runtime/kernels/lowbit/WeightGradSteps.h"
#include "runtime/kernels/lowbit/WeightGradSums.h"
#include "runtime/kernels/lowbit/WinogradGradient.h"

#include <algorithm>
#include <memory>
#include <string>

using namespace frac::runtime;

namespace {

/// Pixels and bytes of a chunk, so that it stays in a core's second-level
/// cache; and those of one whose operands take several times as much.
constexpr int64_t chunkPixels = 512, chunkBytes = 1 << 17;
constexpr int64_t largePixels = 1024, largeBytes = 1 << 18;

/// Most numbers that all parts' sums may take, and fewest pixels of a part, so
/// that adding up parts takes little of the time.
constexpr int64_t mostPartNumbers = 1 << 22;
constexpr int64_t leastPartPixels = 4096;

/// Rows of the output of some items of one kind.
struct Chunk {
  int64_t first, end;
  int64_t firstRow, endRow;
  std::size_t kind;
  int64_t rows() const { return (end - first) * (endRow - firstRow); }
};

/// Errors are taken byte by byte unless activations are of two bytes.
WeightGradOperands operandsOf(const LowbitConvProblem &problem) {
  const int32_t planes = problem.first.planes();
  if (planes == 2)
    return {planes, problem.second.planes(), problem.first.bits,
            problem.second.bits};
  return {planes, 1, problem.first.bits, std::min(problem.second.bits, 8)};
}

class WeightGradPlan final : public LowbitPlan {
public:
  WeightGradPlan(const LowbitConvProblem &problem,
                 const WeightGradGeometry &shape, int32_t threads)
      : problem(problem), g(shape), threads(threads),
        operands(operandsOf(problem)),
        kernel(chooseDotKernel(operands.chain())) {
    const TapRowKernel *tapRowLoops = WeightGradRows::choose(g, operands);
    chooseParts();
    const WinogradKernel &filter = chooseWinogradKernel();
    const bool isFiltered =
        !tapRowLoops &&
        WinogradGradient::fits(g, operands, cut.splitOutputs, filter);
    chooseChunks(isFiltered, tapRowLoops);
    partSums = layout.shared.add<float>(parts * partSize());
    if (isFiltered)
      products = std::make_unique<WinogradGradient>(g, operands, cut, filter,
                                                    layout.own);
    else if (tapRowLoops)
      products = std::make_unique<WeightGradRows>(g, operands, cut,
                                                  *tapRowLoops, layout.own);
    else
      products = std::make_unique<WeightGradSteps>(g, operands, cut, kernel,
                                                   layout.own);
    if (isNarrowed())
      narrowErrors = layout.own.add<uint8_t>(cut.rows() * errorRow());
    corrections = WeightGradSums(g, operands, layout.own);
    const int64_t workers = std::min<int64_t>(threads, parts * splits);
    scratchBytes = layout.size(workers);
    implementation = "lowbit " + products->name();
  }

  void run(const LowbitArguments &arguments) override {
    items.list(arguments, problem, !operands.isWide());
    listChunks();
    parallelWork(threads, parts * splits, 1,
                 [&](int64_t begin, int64_t end, int64_t worker) {
                   std::byte *memory = layout.ownOf(arguments.scratch, worker);
                   for (int64_t item = begin; item < end; ++item)
                     runItem(item / splits, item % splits, arguments, memory);
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
  /// Whether bytes of errors are cut out before all else.
  bool isNarrowed() const {
    return problem.second.bytes == 2 && operands.errorPlanes == 1;
  }

  /// Numbers of one part's result, (group, tap, input, padded output).
  int64_t partSize() const {
    return g.groups * g.taps() * g.inputs * g.paddedOutputs();
  }

  void chooseParts() {
    const int64_t pixels = problem.conv.batch * g.outputRows * g.outputColumns;
    // Every split packs all activations: of more outputs fewer splits, and more
    // parts.
    const int64_t factor = g.outputs > 2 * dotBlock ? 2 : 1;
    parts = std::clamp<int64_t>(std::min(mostPartNumbers / partSize(),
                                         pixels * factor / leastPartPixels),
                                1, FRAC_REDUCTION_PARTS);
    cut.splitOutputs = g.paddedOutputs();
    splits = 1;
    if (g.groups > 1)
      return;
    // Tiles of inner loops are two blocks wide.
    const int64_t tile = 2 * dotBlock * factor;
    const int64_t tiles = (g.outputs + tile - 1) / tile;
    splits = std::min(tiles, (FRAC_REDUCTION_PARTS + parts - 1) / parts);
    cut.splitOutputs =
        std::min((tiles + splits - 1) / splits * tile, g.paddedOutputs());
    splits = (g.paddedOutputs() + cut.splitOutputs - 1) / cut.splitOutputs;
  }

  void chooseChunks(bool isFiltered, bool hasTapRows) {
    mostPixels = isFiltered ? WinogradGradient::mostPixels(operands)
                            : operands.mostPixels();
    const int64_t rowBytes =
        isFiltered ? WinogradGradient::rowBytes(g, cut.splitOutputs)
        : hasTapRows
            ? WeightGradRows::rowBytes(g, cut.splitOutputs)
            : operands.activationPlanes * g.rowBytes() * g.rowStride +
                  operands.errorPlanes * cut.splitOutputs * g.quads() * 4;
    const int64_t batchRows = problem.conv.batch * g.outputRows;
    int64_t rows = std::min(
        {(hasTapRows ? largePixels : chunkPixels) / (g.quads() * 4),
         (isFiltered || hasTapRows ? largeBytes : chunkBytes) / rowBytes,
         (batchRows + parts - 1) / parts});
    // Neighbouring chunks of an image copy the same rows.
    rows = std::max(rows, std::min<int64_t>(g.outputRows, 4));
    rows = std::clamp<int64_t>(mostPixels / g.outputColumns, 1, rows);
    // Whole tiles.
    if (isFiltered && rows > winogradTile && rows < g.outputRows)
      rows = rows / winogradTile * winogradTile;
    cut.images = std::max<int64_t>(rows / g.outputRows, 1);
    cut.bandRows = std::min(rows, g.outputRows);
    bandsPerImage = (g.outputRows + cut.bandRows - 1) / cut.bandRows;
    parts = std::min(parts,
                     bandsPerImage *
                         ((problem.conv.batch + cut.images - 1) / cut.images));
  }

  /// The bytes of errors in a row of an image.
  int64_t errorRow() const { return g.outputColumns * g.groups * g.outputs; }

  void listChunks() {
    chunks.clear();
    const int64_t count = int64_t(items.size());
    for (int64_t first = 0, end = 0; first < count; first = end) {
      const std::size_t kind = items[first].kind;
      while (end < count && end - first < cut.images && items[end].kind == kind)
        ++end;
      for (int64_t row = 0; row < g.outputRows; row += cut.bandRows)
        chunks.push_back({first, end, row,
                          std::min(row + cut.bandRows, g.outputRows), kind});
    }
  }

  /// Sums up the chunks of a part for the outputs of a split.
  void runItem(int64_t part, int64_t split, const LowbitArguments &arguments,
               std::byte *memory) const {
    const int64_t firstOutput = split * cut.splitOutputs;
    const int64_t outputs = outputsOf(split);
    float *target =
        partSums.in(arguments.scratch) + part * partSize() + firstOutput;
    for (int64_t row = 0; row < partSize() / g.paddedOutputs(); ++row)
      std::fill_n(target + row * g.paddedOutputs(), outputs, 0.0f);

    const PartRange range(int64_t(chunks.size()), part, parts);
    int64_t pixels = 0;
    std::size_t kind = 0;
    products->begin(memory);
    for (int64_t number = range.begin; number < range.end; ++number) {
      const Chunk &chunk = chunks[number];
      const int64_t more = chunk.rows() * g.outputColumns;
      if (pixels && (chunk.kind != kind || pixels + more > mostPixels)) {
        flushAll(split, items.kind(kind), target, memory);
        pixels = 0;
      }
      if (!pixels) {
        corrections.clear(memory);
        products->clear(memory);
      }
      kind = chunk.kind;
      pixels += more;
      addChunk(chunk, number + 1 < range.end ? chunks[number + 1] : Chunk{},
               split, arguments, memory);
    }
    if (pixels)
      flushAll(split, items.kind(kind), target, memory);
  }

  void addChunk(const Chunk &chunk, const Chunk &next, int64_t split,
                const LowbitArguments &arguments, std::byte *memory) const {
    if (isNarrowed())
      narrow(chunk, arguments.second, memory);
    addCorrections(chunk, arguments, memory);
    fetch(next, arguments);
    WeightGradChunk view = {{},
                            arguments.first.bytes,
                            errorBytes(),
                            chunk.firstRow,
                            chunk.endRow,
                            items.kind(chunk.kind).activation.zero,
                            corrections.activations(memory),
                            0,
                            split * cut.splitOutputs,
                            outputsOf(split)};
    for (int64_t i = chunk.first; i < chunk.end; ++i)
      view.images.push_back({activationsOf(i, arguments.first),
                             errorsOf(chunk, i, arguments.second, memory)});
    for (; view.group < g.groups; ++view.group)
      products->add(view, memory);
  }

  /// Cuts the bytes of a chunk's errors out: (item, row, column, channel).
  void narrow(const Chunk &chunk, const frac_quantized &tensor,
              std::byte *memory) const {
    const int64_t count = (chunk.endRow - chunk.firstRow) * errorRow();
    uint8_t *target = narrowErrors.in(memory);
    for (int64_t i = chunk.first; i < chunk.end; ++i, target += count) {
      const uint16_t *source =
          static_cast<const uint16_t *>(tensor.data) +
          (items[i].sample * g.outputRows + chunk.firstRow) * errorRow();
      const int32_t shift = items[i].shift;
      for (int64_t k = 0; k < count; ++k)
        target[k] = uint8_t(source[k] >> shift);
    }
  }

  /// The image of an item.
  const uint8_t *activationsOf(int64_t item,
                               const frac_quantized &tensor) const {
    return static_cast<const uint8_t *>(tensor.data) +
           items[item].sample * g.rows * g.columns * g.groups * g.inputs *
               tensor.bytes;
  }

  /// The errors of an item from the chunk's first row on, and bytes of each.
  const uint8_t *errorsOf(const Chunk &chunk, int64_t item,
                          const frac_quantized &tensor,
                          std::byte *memory) const {
    if (isNarrowed())
      return narrowErrors.in(memory) + (item - chunk.first) *
                                           (chunk.endRow - chunk.firstRow) *
                                           errorRow();
    return static_cast<const uint8_t *>(tensor.data) +
           (items[item].sample * g.outputRows + chunk.firstRow) * errorRow() *
               tensor.bytes;
  }
  int32_t errorBytes() const { return isNarrowed() ? 1 : problem.second.bytes; }

  /// Adds the sums beside the products, for neighbouring samples at once.
  void addCorrections(const Chunk &chunk, const LowbitArguments &arguments,
                      std::byte *memory) const {
    for (int64_t first = chunk.first, end = first; first < chunk.end;
         first = end) {
      do
        ++end;
      while (end < chunk.end && items[end].sample == items[end - 1].sample + 1);
      const int64_t errorRows =
          isNarrowed() ? chunk.endRow - chunk.firstRow : g.outputRows;
      corrections.add(
          kernel, items.kind(chunk.kind).activation,
          items.kind(chunk.kind).error,
          {activationsOf(first, arguments.first), arguments.first.bytes,
           end - first, g.rows * g.columns * g.groups * g.inputs},
          {errorsOf(chunk, first, arguments.second, memory), errorBytes(),
           end - first, errorRows * errorRow()},
          chunk.firstRow, chunk.endRow, products->sumsActivations(), memory);
    }
  }

  /// Lets the operands of a chunk come from memory while others are computed.
  void fetch(const Chunk &chunk, const LowbitArguments &arguments) const {
    const int64_t first =
        std::max<int64_t>(chunk.firstRow * g.rowStride - g.rowPad, 0);
    const int64_t rows =
        std::min(g.planeRows(chunk.endRow - chunk.firstRow), g.rows - first);
    const int64_t sourceRow = g.columns * g.groups * g.inputs;
    for (int64_t i = chunk.first; i < chunk.end; ++i) {
      const int64_t n = items[i].sample;
      prefetch(arguments.first, (n * g.rows + first) * sourceRow,
               rows * sourceRow);
      prefetch(arguments.second,
               (n * g.outputRows + chunk.firstRow) * errorRow(),
               (chunk.endRow - chunk.firstRow) * errorRow());
    }
  }

  /// Output channels of a split, in whole blocks.
  int64_t outputsOf(int64_t split) const {
    return std::min(cut.splitOutputs,
                    g.paddedOutputs() - split * cut.splitOutputs);
  }

  /// Adds what the integer sums of a group and tap stand for to a part's
  /// result.
  void flush(int64_t group, int64_t tap, const AffineInteger &a,
             const AffineInteger &e, int64_t split, float *target,
             std::byte *memory) const {
    corrections.flush(
        kernel, a, e,
        {products->sumsOf(group, tap, memory), products->sumStride(), group,
         tap, split * cut.splitOutputs, outputsOf(split),
         target + (group * g.taps() + tap) * g.inputs * g.paddedOutputs()},
        memory);
  }

  /// The same for all sums.
  void flushAll(int64_t split, const WeightGradKind &kind, float *target,
                std::byte *memory) const {
    products->finish(memory);
    for (int64_t group = 0; group < g.groups; ++group)
      for (int64_t tap = 0; tap < g.taps(); ++tap)
        flush(group, tap, kind.activation, kind.error, split, target, memory);
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
  int64_t parts = 0, splits = 0;
  WeightGradChunks cut = {};
  int64_t bandsPerImage = 0;
  /// Pixels whose sums 32 bits hold.
  int64_t mostPixels = 0;
  WorkerScratch layout;
  ScratchArray<float> partSums;
  ScratchArray<uint8_t> narrowErrors;
  std::unique_ptr<WeightGradProducts> products;
  WeightGradSums corrections;
  /// Of the running call.
  WeightGradItems items;
  std::vector<Chunk> chunks;
};

} // namespace

std::unique_ptr<LowbitPlan>
frac::runtime::makeWeightGradPlan(const LowbitConvProblem &problem,
                                  int32_t threads) {
  const std::optional<WeightGradGeometry> geometry =
      WeightGradGeometry::of(problem.conv.shape);
  if (!geometry)
    return nullptr;
  const WeightGradOperands operands = operandsOf(problem);
  // A chunk has one row at least, and offsets of 32 bits.
  const double rowBytes =
      double(geometry->rowBytes()) *
      double(geometry->planeRows(std::min<int64_t>(geometry->outputRows, 4)));
  if (geometry->outputColumns > operands.mostPixels() || rowBytes > INT32_MAX ||
      geometry->kernelRows > WindowSums::mostRowRanges)
    return nullptr;
  return std::make_unique<WeightGradPlan>(problem, *geometry, threads);
}

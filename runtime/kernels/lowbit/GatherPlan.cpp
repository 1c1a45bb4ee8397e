//===- GatherPlan.cpp - Convolutions in integers, element by element ------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

///
/// \file
/// Each thread takes bands of rows of images. It copies what a band reads, with
/// padding, as bytes that stay in its cache, and runs the inner loops over the
/// copy for every phase of the result.
///
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/GatherPlan.h"

#include "runtime/core/Threads.h"
#include "runtime/kernels/lowbit/DigitProduct.h"
#include "runtime/kernels/lowbit/DotKernels.h"
#include "runtime/kernels/lowbit/GatherBands.h"
#include "runtime/kernels/lowbit/GatherGeometry.h"
#include "runtime/kernels/lowbit/PackedWeights.h"
#include "runtime/kernels/lowbit/PaddedPlane.h"
#include "runtime/kernels/lowbit/ResultTerms.h"
#include "runtime/kernels/lowbit/RowPairProduct.h"
#include "runtime/kernels/lowbit/UsedSamples.h"
#include "runtime/kernels/lowbit/WideSums.h"
#include "runtime/kernels/lowbit/WinogradProduct.h"

#include <algorithm>
#include <optional>
#include <string>

using namespace frac::runtime;

namespace {

/// Numbers of which `count` are added up, each a product of two factors up to
/// these, fit 32 bits with sign.
bool fits32(int64_t count, int64_t first, int64_t second) {
  return count < INT32_MAX / first / second;
}

/// The same of floats that are integers.
bool fitsFloat(int64_t count, int64_t first, int64_t second) {
  return count < (1 << 24) / first / second;
}

/// The steps of one phase and what its rows and columns are.
struct Phase {
  const GatherAxis *row;
  const GatherAxis *column;
  std::size_t rowNumber, columnNumber;
  /// Of each step, in bytes in the plane.
  std::vector<int32_t> offsets;
  /// Of each tap, in pixels in the plane.
  std::vector<int32_t> tapOffsets;
  /// The row's part of the index of a border class.
  std::vector<int32_t> rowClasses;
  /// As in DotOperands; the second for each group.
  int64_t run = 1;
  std::vector<int64_t> chains;
};

/// `Number` is float if all sums fit 32 bits, else double.
template <typename Number>
class GatherPlan final : public LowbitPlan {
  static constexpr bool isWide = std::is_same_v<Number, double>;
  using Total = typename ResultTerms<Number>::Integer;

public:
  GatherPlan(const LowbitConvProblem &problem, const GatherGeometry &shape,
             int32_t threads)
      : problem(problem), geometry(shape), threads(threads),
        filter(isWide ? nullptr
                      : WinogradProduct::choose(this->problem, geometry)),
        pairFilter(isWide || filter
                       ? nullptr
                       : RowPairProduct::choose(this->problem, geometry)),
        weights(this->problem, geometry, layout.shared,
                filter ? WinogradProduct::largestRescaled
                       : PackedWeights::mostRescaled),
        terms(geometry, weights, layout.shared,
              hasOwnTerms() ? layout.own : layout.shared),
        inputPlanes(isWide ? problem.first.planes() : 1),
        chain(dotChain(largestByte(problem.first.bits), weights.largestByte())),
        kernel(chooseDotKernel(chain)),
        bands(geometry, problem.conv.batch, rowBytes()) {
    makePhases();
    if (filter)
      winograd.emplace(this->problem, geometry, weights, *filter, layout.shared,
                       layout.own);
    else if (pairFilter)
      rowPairs.emplace(geometry, weights, *pairFilter, bands, layout.shared,
                       layout.own);
    else if (!isWide && DigitProduct::fits(geometry, weights, kernel))
      digits.emplace(geometry, weights, kernel, layout.shared);
    const int64_t planeSize = bands.planeRows * geometry.columns.planeExtent;
    if (!rowPairs)
      plane = layout.own.add<uint8_t>(inputPlanes * planeSize * pixelBytes() +
                                      (winograd ? winograd->slackBytes() : 0));
    pixelSums = layout.own.add<int32_t>(planeSize);
    const int64_t pixels = bands.rows * geometry.columns.mostCount();
    totals = layout.own.add<Total>(pixels);
    if (hasRealTotals())
      realTotals = layout.own.add<float>(pixels);
    if (isWide) {
      widePixelSums = layout.own.add<int64_t>(planeSize);
      wide = WideSums(pixels, weights.planes() * weights.paddedOutputs(),
                      layout.own);
    }
    const int64_t workers =
        std::min<int64_t>(threads, problem.conv.batch * bands.perImage);
    scratchBytes = layout.size(workers);
    implementation = std::string("lowbit ") +
                     (winograd   ? std::string(winograd->name()) + " winograd"
                      : rowPairs ? std::string(rowPairs->name()) + " row pairs"
                                 : kernel.name);
  }

  void run(const LowbitArguments &arguments) override {
    std::byte *shared = arguments.scratch;
    weights.pack(arguments.second, shared, threads);
    if (winograd)
      winograd->pack(shared, threads);
    if (rowPairs)
      rowPairs->pack(shared, threads);
    if (digits)
      digits->pack(shared, threads);
    if (!isWide && !winograd && !rowPairs)
      lengthenChains(shared);
    listUsedSamples(problem, arguments, threads, samples);
    // With one scale the first stands for all.
    const auto last =
        isPerSample() || samples.empty() ? samples.end() : samples.begin() + 1;
    const bool hasBorders = std::any_of(samples.begin(), last, [&](int64_t n) {
      return inputOf(arguments, n).residual != 0;
    });
    terms.prepare(hasBorders, shared);
    if (!hasOwnTerms())
      terms.compute(inputOf(arguments, 0), shared, shared);
    parallelWork(threads, int64_t(samples.size()) * bands.perImage, 1,
                 [&](int64_t begin, int64_t end, int64_t worker) {
                   runBands(begin, end, arguments,
                            layout.ownOf(shared, worker));
                 });
  }

private:
  bool isPerSample() const { return problem.first.scaleDim == 0; }

  /// Whether inputs of more than 8 bits are taken byte by byte, high ones
  /// first, whose results are added.
  bool isSplit() const { return !isWide && problem.first.planes() == 2; }

  /// Whether the terms differ between the samples or bytes of a part.
  bool hasOwnTerms() const { return isPerSample() || isSplit(); }

  /// Whether floats hold the sums, and the products of totals and zeros: what a
  /// product of weights less their zeros holds. Minimal filtering of tiles
  /// takes totals as they are.
  bool hasRealTotals() const {
    return !isWide && !filter && !weights.isRescaled &&
           fitsFloat(geometry.kernelTaps * geometry.inputs,
                     largestByte(problem.first.bits), weights.largest());
  }

  int64_t pixelBytes() const { return (geometry.inputs + 3) / 4 * 4; }

  /// Bytes of the copy of what a row of the result reads.
  int64_t rowBytes() const {
    const int64_t bytes = geometry.columns.planeExtent * pixelBytes() *
                          inputPlanes * geometry.rows.step;
    // Wide sums take more than their inputs.
    return isWide ? bytes + geometry.columns.mostCount() *
                                weights.paddedOutputs() * 16
                  : bytes;
  }

  void makePhases() {
    const int64_t width = geometry.columns.planeExtent;
    for (std::size_t i = 0; i < geometry.rows.phases.size(); ++i)
      for (std::size_t j = 0; j < geometry.columns.phases.size(); ++j) {
        Phase phase = {&geometry.rows.phases[i],
                       &geometry.columns.phases[j],
                       i,
                       j,
                       {},
                       {},
                       {},
                       1,
                       std::vector<int64_t>(geometry.groups, chain)};
        for (const GatherAxis::Tap &row : phase.row->taps)
          for (const GatherAxis::Tap &column : phase.column->taps) {
            const int64_t pixel = row.offset * width + column.offset;
            phase.tapOffsets.push_back(int32_t(pixel));
            for (int64_t quad = 0; quad < weights.quads(); ++quad)
              phase.offsets.push_back(int32_t(pixel * pixelBytes() + quad * 4));
          }
        phase.run = dotRun(phase.offsets.data(), int64_t(phase.offsets.size()));
        for (int32_t rowClass : phase.row->classOf)
          phase.rowClasses.push_back(rowClass *
                                     int32_t(phase.column->inside.size()));
        phases.push_back(std::move(phase));
      }
  }

  /// As many steps a chain as the packed weights let fit.
  void lengthenChains(std::byte *shared) {
    for (Phase &phase : phases)
      for (int64_t group = 0; group < geometry.groups; ++group)
        phase.chains[group] = kernel.chainFor(weightsOf(phase, group, shared),
                                              largestByte(problem.first.bits));
  }

  /// The operands of a phase without inputs.
  DotOperands weightsOf(const Phase &phase, int64_t group,
                        std::byte *shared) const {
    DotOperands operands = {};
    operands.offsets = phase.offsets.data();
    operands.steps = int64_t(phase.offsets.size());
    operands.weights =
        weights.data(shared, group, phase.rowNumber, phase.columnNumber);
    operands.blockStride =
        weights.blockBytes(phase.rowNumber, phase.columnNumber);
    operands.blocks = weights.planes() * weights.paddedOutputs() / dotBlock;
    operands.chain = chain;
    operands.run = phase.run;
    return operands;
  }

  AffineInteger inputOf(const LowbitArguments &arguments, int64_t n) const {
    const int32_t bits = arguments.first.bits_dim < 0 || !isPerSample()
                             ? problem.first.bits
                             : arguments.first.bits[n];
    return AffineInteger::of(arguments.first, n, bits);
  }

  /// Computes the bands `begin` to `end` of all those of the samples.
  void runBands(int64_t begin, int64_t end, const LowbitArguments &arguments,
                std::byte *own) const {
    // The terms that are there: of a sample, twice, and a byte.
    int64_t known = -1;
    std::byte *termMemory = hasOwnTerms() ? own : arguments.scratch;
    WinogradProduct::Batch batch;
    for (int64_t item = begin; item < end; ++item) {
      const int64_t n = samples[item / bands.perImage];
      const AffineInteger input = inputOf(arguments, n);
      const int64_t firstRow = item % bands.perImage * bands.rows;
      for (int32_t shift = isSplit() && widthOf(problem, arguments, n) > 8 ? 8
                                                                           : 0;
           shift >= 0; shift -= 8) {
        const AffineInteger byte = isWide ? input : input.byte(shift);
        const int64_t needed = (isPerSample() ? n * 2 : 0) + (shift != 0);
        if (known != needed) {
          if (winograd)
            winograd->finish(batch, arguments.scratch, own);
          if (hasOwnTerms())
            terms.compute(byte, arguments.scratch, own);
          if constexpr (!isWide)
            if (rowPairs)
              rowPairs->prepare(input.zero, terms.scales(termMemory, 0),
                                arguments.scratch, own);
          known = needed;
        }
        for (int64_t group = 0; group < geometry.groups; ++group)
          runBand(
              {n, firstRow, group, shift,
               shift == 0 && isSplit() && widthOf(problem, arguments, n) > 8},
              input, byte, arguments, batch, own);
      }
    }
    if (winograd)
      winograd->finish(batch, arguments.scratch, own);
  }

  /// Rows of a sample's group, from one byte of its inputs.
  struct Band {
    int64_t n, firstRow, group;
    int32_t shift;
    /// Whether the result is added to what is there.
    bool adds;
  };

  /// Computes `bands.rows` rows of all phases. `byte` is what the byte of the
  /// inputs stands for.
  void runBand(const Band &band, const AffineInteger &input,
               const AffineInteger &byte, const LowbitArguments &arguments,
               WinogradProduct::Batch &batch, std::byte *own) const {
    const int64_t n = band.n, group = band.group;
    const PlaneCopy copy = {bands.region(geometry, arguments.first, n, group,
                                         band.firstRow, input.zero)};
    if (!rowPairs)
      for (int32_t i = 0; i < inputPlanes; ++i)
        copy.write(band.shift + 8 * (inputPlanes - 1 - i),
                   plane.in(own) + i * copy.planeBytes());
    if (weights.hasOffsets())
      sumPlane(copy, own);

    for (std::size_t i = 0; i < phases.size(); ++i) {
      const int64_t rows =
          std::min(bands.rows, phases[i].row->count - band.firstRow);
      if (rows > 0)
        runPhase(i, band, rows, byte, copy, arguments, batch, own);
    }
  }

  /// Sums of each pixel's channels.
  void sumPlane(const PlaneCopy &copy, std::byte *own) const {
    const int64_t pixels = copy.rows * copy.columns;
    int32_t *sums = pixelSums.in(own);
    if (rowPairs)
      return rowPairs->sumPixels(copy, sums);
    for (int32_t i = 0; i < inputPlanes; ++i) {
      sumPixels(plane.in(own) + i * copy.planeBytes(), pixels, pixelBytes(),
                sums);
      if (!isWide)
        continue;
      int64_t *wideSums = widePixelSums.in(own);
      for (int64_t p = 0; p < pixels; ++p)
        wideSums[p] = (i ? wideSums[p] * 256 : 0) + sums[p];
    }
  }

  void runPhase(std::size_t number, const Band &band, int64_t rows,
                const AffineInteger &input, const PlaneCopy &copy,
                const LowbitArguments &arguments, WinogradProduct::Batch &batch,
                std::byte *own) const {
    const int64_t n = band.n, firstRow = band.firstRow, group = band.group;
    const Phase &phase = phases[number];
    std::byte *shared = arguments.scratch;
    std::byte *termMemory = hasOwnTerms() ? own : shared;
    const GatherDimension &y = geometry.rows, &x = geometry.columns;

    DotOperands operands = weightsOf(phase, group, shared);
    operands.chain = phase.chains[group];
    operands.inputs = plane.in(own);
    operands.rowStride = copy.columns * pixelBytes() * y.step;
    operands.pixelStride = pixelBytes() * x.step;
    operands.rows = rows;
    operands.pixels = phase.column->count;
    const int64_t channels = geometry.groups * geometry.outputs;
    const int64_t pixel =
        (n * y.resultExtent + phase.row->first + firstRow * y.resultStep) *
            x.resultExtent +
        phase.column->first;
    float *data =
        arguments.result + pixel * channels + group * geometry.outputs;
    const int64_t rowStride = y.resultStep * x.resultExtent * channels;
    const int64_t pixelStride = x.resultStep * channels;
    const Number *border =
        input.residual == 0 ? nullptr : terms.border(termMemory, number, group);
    const int32_t *zeros =
        weights.zeros(shared) + group * weights.paddedOutputs();
    Total *total = nullptr;
    if (weights.hasOffsets()) {
      total = totals.in(own);
      computeTotals(phase, rows, input.zero, copy, own);
    }
    if constexpr (isWide) {
      wide.clear(own);
      for (int32_t i = 0; i < inputPlanes; ++i) {
        operands.inputs = plane.in(own) + i * copy.planeBytes();
        wide.add(kernel, operands, weights.planes(),
                 i + 1 < inputPlanes ? 256 : 1, own);
      }
      const WideResult result = {data,
                                 rowStride,
                                 pixelStride,
                                 geometry.outputs,
                                 terms.first(termMemory, number, group),
                                 terms.scales(termMemory, group),
                                 total,
                                 zeros,
                                 terms.residuals(termMemory, group),
                                 border,
                                 phase.rowClasses.data() + firstRow,
                                 phase.column->classOf.data()};
      wide.convert(operands, weights.planes(), result, own);
    } else {
      DotResult result = {data,
                          rowStride,
                          pixelStride,
                          geometry.outputs,
                          weights.planes(),
                          terms.first(termMemory, number, group),
                          terms.scales(termMemory, group),
                          total,
                          zeros,
                          terms.residuals(termMemory, group),
                          border,
                          phase.rowClasses.data() + firstRow,
                          phase.column->classOf.data(),
                          band.adds};
      if (total && hasRealTotals()) {
        float *real = realTotals.in(own);
        std::copy_n(total, rows * phase.column->count, real);
        result.realTotals = real;
      }
      if (digits)
        digits->convert(operands, input.zero, result, shared);
      else if (winograd)
        winograd->convert(plane.in(own), input.zero, rows, group, result, batch,
                          shared, own);
      else if (rowPairs)
        rowPairs->convert(copy, rows, group, result, shared, own);
      else
        kernel.convert(operands, result);
    }
  }

  /// Sums of q - zero over the taps of each pixel.
  void computeTotals(const Phase &phase, int64_t rows, int32_t zero,
                     const PlaneCopy &copy, std::byte *own) const {
    const int64_t taps = int64_t(phase.tapOffsets.size());
    const Total first = Total(-taps * geometry.inputs * zero);
    const int64_t rowStride = copy.columns * geometry.rows.step;
    if constexpr (isWide) {
      const int64_t *sums = widePixelSums.in(own);
      Total *target = totals.in(own);
      for (int64_t r = 0; r < rows; ++r)
        for (int64_t p = 0; p < phase.column->count; ++p) {
          Total total = first;
          for (int32_t offset : phase.tapOffsets)
            total += sums[r * rowStride + p * geometry.columns.step + offset];
          *target++ = total;
        }
    } else {
      kernel.addTaps({pixelSums.in(own), rowStride, geometry.columns.step, rows,
                      phase.column->count, phase.tapOffsets.data(), taps,
                      first},
                     totals.in(own));
    }
  }

  const LowbitConvProblem problem;
  const GatherGeometry geometry;
  const int32_t threads;
  WorkerScratch layout;
  /// Null where minimal filtering does not fit.
  const WinogradKernel *const filter;
  const RowPairKernel *const pairFilter;
  PackedWeights weights;
  const ResultTerms<Number> terms;
  const int32_t inputPlanes;
  const int64_t chain;
  const DotKernel &kernel;
  const GatherBands bands;
  /// In place of `kernel`, where it fits.
  std::optional<WinogradProduct> winograd;
  std::optional<RowPairProduct> rowPairs;
  std::optional<DigitProduct> digits;
  std::vector<Phase> phases;
  ScratchArray<uint8_t> plane;
  ScratchArray<int32_t> pixelSums;
  ScratchArray<int64_t> widePixelSums;
  ScratchArray<Total> totals;
  ScratchArray<float> realTotals;
  WideSums wide;
  /// Of the running call: those that have results to compute.
  std::vector<int64_t> samples;
};

} // namespace

std::unique_ptr<LowbitPlan>
frac::runtime::makeGatherPlan(const LowbitConvProblem &problem,
                              int32_t threads) {
  const std::optional<GatherGeometry> geometry =
      GatherGeometry::of(problem.conv);
  if (!geometry)
    return nullptr;
  // Offsets in a plane are of 32 bits.
  const double planeBytes = double(geometry->rows.planeExtent) *
                            double(geometry->columns.planeExtent) *
                            double(geometry->inputs + 3);
  if (planeBytes > INT32_MAX)
    return nullptr;
  ScratchLayout unused;
  const PackedWeights weights(problem, *geometry, unused);
  const int64_t terms = geometry->kernelTaps * geometry->inputs;
  const int64_t largest = largestByte(problem.first.bits);
  const bool isNarrow =
      weights.isRescaled
          ? fits32(terms, largest, 128)
          : weights.planes() == 1 && fits32(terms, largest, weights.largest());
  if (isNarrow)
    return std::make_unique<GatherPlan<float>>(problem, *geometry, threads);
  return std::make_unique<GatherPlan<double>>(problem, *geometry, threads);
}

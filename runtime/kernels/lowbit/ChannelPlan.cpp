//===- ChannelPlan.cpp - Input gradients with a scale for each channel ----===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

///
/// \file
/// With errors e = s (q - z) + r and weights y = t[c] (w - v[c]) + u[c] of the
/// channels c that sums run over, an element of the gradient is, over the taps
/// inside the image,
///
///   s sum over c of t[c] i[c] + s total + border,
///   i[c] = sum of (q - z) w',  total = sum over c of k[c] sum of (q - z),
///   border = r sum of y,       k[c] = u[c] + t[c] (y's zero in terms of w')
///
/// where w' is w less a constant (see ChannelWeights). What is padded is z.
/// Each thread takes bands of rows of images, copies what a band reads with
/// padding, channel by channel, so that it stays in its cache, and runs the
/// inner loops over the copy for every phase of the result.
///
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/ChannelPlan.h"

#include "runtime/core/Threads.h"
#include "runtime/kernels/lowbit/AffineInteger.h"
#include "runtime/kernels/lowbit/ChannelKernels.h"
#include "runtime/kernels/lowbit/ChannelPlane.h"
#include "runtime/kernels/lowbit/ChannelWeights.h"
#include "runtime/kernels/lowbit/DotKernels.h"
#include "runtime/kernels/lowbit/GatherBands.h"
#include "runtime/kernels/lowbit/UsedSamples.h"
#include "runtime/kernels/lowbit/WinogradProduct.h"

#include <algorithm>
#include <optional>
#include <string>
#include <type_traits>

using namespace frac::runtime;

namespace {

/// Elements that loops read and write beyond the last one.
constexpr int64_t slack = 16;

/// Widths whose numbers fit a byte, and 16 bits with sign less the zero.
constexpr int32_t byteBits = 8, wordBits = 15;

/// Which operands the inner loops of a problem take.
struct Choice {
  bool hasBytes, hasWords;
  /// Whether errors in bytes have a sign, which weights have otherwise: then
  /// there is nothing to take off each channel's sums.
  bool hasSigns;
  int64_t chain;

  Choice(const LowbitConvProblem &problem, const GatherGeometry &geometry) {
    const int64_t error = largestByte(problem.first.bits);
    const int64_t signChain = dotChain(error, largestByte(problem.second.bits));
    const int64_t rows = geometry.kernelTaps / geometry.kernelWidth;
    hasSigns =
        problem.first.bits < byteBits &&
        signChain >= rows * ChannelWeights::byteSteps(geometry.kernelWidth);
    chain =
        hasSigns ? signChain : dotChain(error, 1 << (problem.second.bits - 1));
    const bool hasNarrow =
        problem.first.bits <= byteBits || problem.first.bitsDim >= 0;
    hasBytes = hasNarrow && chain >= 1;
    hasWords = problem.first.bits > byteBits || !hasBytes;
  }

  ChannelWeights::Formats weights() const {
    return {hasBytes, hasWords, !hasSigns};
  }
};

/// The steps of one phase and what its rows are.
struct PhaseSteps {
  std::vector<int32_t> ofBytes, ofWords;
  /// Of each tap.
  std::vector<int32_t> taps;
  /// The row's part of the index of a border class.
  std::vector<int32_t> rowClasses;
  /// ChannelOperands::chain of each group in the running call.
  std::vector<int64_t> chains;
};

class ChannelPlan final : public LowbitPlan {
public:
  ChannelPlan(const LowbitConvProblem &problem, const GatherGeometry &shape,
              const ChannelKernel &kernel, int32_t threads)
      : problem(problem), geometry(shape), threads(threads),
        choice(problem, geometry),
        weights(this->problem, geometry, choice.weights(), layout.shared),
        bands(geometry, problem.conv.batch, rowBytes()), kernel(kernel) {
    makePhases();
    const int64_t size = bands.planeRows * geometry.columns.planeExtent;
    plane = layout.own.add<int16_t>(geometry.inputs * size + slack);
    planeSums = layout.own.add<float>(size + slack);
    totals = layout.own.add<float>(bands.rows * geometry.columns.mostCount());
    first = layout.own.add<int32_t>(
        weights.hasByteSums() ? weights.sumsOfPhase() : 0);
    const int64_t workers =
        std::min<int64_t>(threads, problem.conv.batch * bands.perImage);
    scratchBytes = layout.size(workers);
    implementation = std::string("lowbit ") + kernel.name + " by channel" +
                     (choice.hasWords ? choice.hasBytes ? ", partly in 16 bits"
                                                        : ", in 16 bits"
                                      : "");
  }

  void run(const LowbitArguments &arguments) override {
    std::byte *shared = arguments.scratch;
    weights.pack(arguments.second, shared, threads);
    if (weights.hasByteSums())
      lengthenChains(shared);
    listUsedSamples(problem, arguments, threads, samples);
    sumBorders(shared);
    parallelWork(threads, int64_t(samples.size()) * bands.perImage, 1,
                 [&](int64_t begin, int64_t end, int64_t worker) {
                   runBands(begin, end, arguments,
                            layout.ownOf(shared, worker));
                 });
  }

private:
  bool isPerSample() const { return problem.first.scaleDim == 0; }

  /// Bytes of the copy of what a row of the result reads.
  int64_t rowBytes() const {
    return geometry.columns.planeExtent * geometry.inputs *
           (choice.hasWords ? 2 : 1) * geometry.rows.step;
  }

  void makePhases() {
    const int64_t width = geometry.columns.planeExtent;
    for (const ChannelWeights::Phase &phase : weights.phases()) {
      PhaseSteps steps;
      for (const GatherAxis::Tap &row : phase.row->taps) {
        const int64_t columns = int64_t(phase.columnTaps.size());
        const int32_t begin = int32_t(row.offset * width + phase.firstColumn);
        for (int64_t i = 0; i < columns; ++i) {
          steps.taps.push_back(begin + int32_t(i));
          if (i % 4 == 0)
            steps.ofBytes.push_back(begin + int32_t(i));
          if (i % 2 == 0)
            steps.ofWords.push_back(begin + int32_t(i));
        }
      }
      const int64_t classes = int64_t(phase.column->inside.size());
      for (int32_t rowClass : phase.row->classOf)
        steps.rowClasses.push_back(rowClass * int32_t(classes));
      steps.chains.assign(geometry.groups, choice.chain);
      phaseSteps.push_back(std::move(steps));
      borderPlaces.push_back(borderCount);
      borderCount += int64_t(phase.row->inside.size()) * classes *
                     geometry.groups * weights.paddedOutputs();
    }
    borderSums = layout.shared.add<double>(borderCount);
    borders = layout.own.add<float>(borderCount);
  }

  /// Lets sums have as many steps as these weights allow.
  void lengthenChains(std::byte *shared) {
    const DotKernel &steps = chooseDotKernel(choice.chain);
    for (std::size_t i = 0; i < phaseSteps.size(); ++i) {
      const ChannelWeights::Phase &phase = weights.phases()[i];
      // A channel's are a block of their own.
      DotOperands channels = {};
      channels.steps = phase.byteSteps;
      channels.blockStride = phase.byteSteps * dotStepBytes;
      channels.blocks = weights.blocks() * geometry.inputs;
      channels.chain = choice.chain;
      for (int64_t group = 0; group < geometry.groups; ++group) {
        channels.weights = weights.bytes(shared, phase, group);
        phaseSteps[i].chains[group] =
            steps.chainFor(channels, largestByte(problem.first.bits));
      }
    }
  }

  /// Sums of weights over the taps inside the image, for each class of a
  /// phase's elements: (phase, group, row class, column class, output).
  void sumBorders(std::byte *shared) const {
    double *target = borderSums.in(shared);
    std::fill_n(target, borderCount, 0.0);
    for (const ChannelWeights::Phase &phase : weights.phases())
      for (int64_t group = 0; group < geometry.groups; ++group)
        for (const std::vector<bool> &rowInside : phase.row->inside)
          for (const std::vector<bool> &columnInside : phase.column->inside) {
            addInside(phase, group, rowInside, columnInside, shared, target);
            target += weights.paddedOutputs();
          }
  }

  void addInside(const ChannelWeights::Phase &phase, int64_t group,
                 const std::vector<bool> &rowInside,
                 const std::vector<bool> &columnInside, std::byte *shared,
                 double *target) const {
    for (std::size_t k = 0; k < rowInside.size(); ++k)
      for (std::size_t l = 0; l < columnInside.size(); ++l) {
        if (!rowInside[k] || !columnInside[l])
          continue;
        const int64_t tap = phase.row->taps[k].kernel * geometry.kernelWidth +
                            phase.column->taps[l].kernel;
        const double *sums = weights.tapSums(shared, group, tap);
        for (int64_t o = 0; o < weights.paddedOutputs(); ++o)
          target[o] += sums[o];
      }
  }

  /// Computes the bands `begin` to `end` of all those of the samples.
  void runBands(int64_t begin, int64_t end, const LowbitArguments &arguments,
                std::byte *own) const {
    int64_t known = -1;
    for (int64_t item = begin; item < end; ++item) {
      const int64_t n = samples[item / bands.perImage];
      const int32_t width = widthOf(problem, arguments, n);
      const AffineInteger input = AffineInteger::of(
          arguments.first, n, isPerSample() ? width : problem.first.bits);
      if (const int64_t scale = isPerSample() ? n : 0; known != scale) {
        known = scale;
        if (input.residual != 0)
          for (int64_t i = 0; i < borderCount; ++i)
            borders.in(own)[i] =
                float(input.residual * borderSums.in(arguments.scratch)[i]);
      }
      const Band band = {n, item % bands.perImage * bands.rows, input};
      for (int64_t group = 0; group < geometry.groups; ++group)
        if (!choice.hasBytes || width > byteBits || input.zero > UINT8_MAX)
          runBand<int16_t>(kernel.words, band, group, arguments, own);
        else if (choice.hasSigns)
          runBand<int8_t>(kernel.signedBytes, band, group, arguments, own);
        else
          runBand<uint8_t>(kernel.bytes, band, group, arguments, own);
    }
  }

  /// Rows of a sample, and what its numbers stand for.
  struct Band {
    int64_t n, firstRow;
    const AffineInteger &input;
  };

  /// Computes the results of a band of all phases from copies of `Element`.
  template <typename Element>
  void runBand(const ChannelLoops &loops, const Band &band, int64_t group,
               const LowbitArguments &arguments, std::byte *own) const {
    constexpr bool ofBytes = sizeof(Element) == 1;
    std::byte *shared = arguments.scratch;
    const ChannelPlane copy = {bands.region(geometry, arguments.first, band.n,
                                            group, band.firstRow,
                                            band.input.zero)};
    Element *elements = reinterpret_cast<Element *>(plane.in(own));
    copy.write(elements);
    loops.addFactors({elements, copy.channelSize(), geometry.inputs,
                      std::is_unsigned_v<Element> ? band.input.zero : 0,
                      weights.offsets(shared, group, ofBytes)},
                     planeSums.in(own));
    for (std::size_t i = 0; i < phaseSteps.size(); ++i) {
      const int64_t rows =
          std::min(bands.rows, weights.phases()[i].row->count - band.firstRow);
      if (rows > 0)
        runPhase(loops, i, band, group, rows, copy, elements, arguments, own);
    }
  }

  template <typename Element>
  void runPhase(const ChannelLoops &loops, std::size_t number, const Band &band,
                int64_t group, int64_t rows, const ChannelPlane &copy,
                const Element *elements, const LowbitArguments &arguments,
                std::byte *own) const {
    constexpr bool ofBytes = sizeof(Element) == 1;
    std::byte *shared = arguments.scratch;
    const ChannelWeights::Phase &phase = weights.phases()[number];
    const PhaseSteps &steps = phaseSteps[number];
    const std::vector<int32_t> &offsets =
        ofBytes ? steps.ofBytes : steps.ofWords;
    if (std::is_unsigned_v<Element>) {
      const int32_t *sums = weights.byteSums(shared, phase, group);
      for (int64_t i = 0; i < weights.sumsOfPhase(); ++i)
        first.in(own)[i] = -band.input.zero * sums[i];
    }
    kernel.addTaps({planeSums.in(own), copy.columns * geometry.rows.step, 1,
                    rows, phase.column->count, steps.taps.data(),
                    int64_t(steps.taps.size()), 0},
                   totals.in(own));
    const ChannelOperands operands = {
        elements,
        copy.channelSize(),
        copy.columns * geometry.rows.step,
        geometry.inputs,
        rows,
        phase.column->count,
        offsets.data(),
        int64_t(offsets.size()),
        ofBytes ? weights.bytes(shared, phase, group)
                : weights.words(shared, phase, group),
        weights.blockStride(phase, ofBytes),
        weights.blocks(),
        ofBytes ? steps.chains[group] : INT16_MAX,
        std::is_unsigned_v<Element> ? first.in(own) : nullptr,
        weights.scales(shared, group)};
    const GatherDimension &y = geometry.rows, &x = geometry.columns;
    const int64_t channels = geometry.groups * geometry.outputs;
    const int64_t pixel = (band.n * y.resultExtent + phase.row->first +
                           band.firstRow * y.resultStep) *
                              x.resultExtent +
                          phase.column->first;
    const int64_t classes =
        int64_t(phase.row->inside.size() * phase.column->inside.size());
    const ChannelResult result = {
        arguments.result + pixel * channels + group * geometry.outputs,
        y.resultStep * x.resultExtent * channels,
        x.resultStep * channels,
        geometry.outputs,
        float(band.input.scale),
        totals.in(own),
        band.input.residual == 0
            ? nullptr
            : borders.in(own) + borderPlaces[number] +
                  group * classes * weights.paddedOutputs(),
        steps.rowClasses.data() + band.firstRow,
        phase.column->classOf.data()};
    loops.run(operands, result);
  }

  const LowbitConvProblem problem;
  const GatherGeometry geometry;
  const int32_t threads;
  const Choice choice;
  WorkerScratch layout;
  const ChannelWeights weights;
  const GatherBands bands;
  const ChannelKernel &kernel;
  std::vector<PhaseSteps> phaseSteps;
  std::vector<int64_t> borderPlaces;
  int64_t borderCount = 0;
  ScratchArray<double> borderSums;
  ScratchArray<float> borders, planeSums, totals;
  ScratchArray<int16_t> plane;
  ScratchArray<int32_t> first;
  /// Of the running call: those that have results to compute.
  std::vector<int64_t> samples;
};

} // namespace

std::unique_ptr<LowbitPlan>
frac::runtime::makeChannelPlan(const LowbitConvProblem &problem,
                               int32_t threads) {
  if (problem.conv.product != ConvProduct::InputGrad ||
      problem.second.scaleDim != 0 || problem.second.bits > byteBits ||
      problem.first.bits > wordBits)
    return nullptr;
  const ChannelKernel *kernel = chooseChannelKernel();
  const std::optional<GatherGeometry> geometry =
      GatherGeometry::of(problem.conv);
  if (!kernel || !geometry || !ChannelWeights::fits(*geometry) ||
      WinogradProduct::choose(problem, *geometry))
    return nullptr;
  // Offsets in a plane are of 32 bits.
  if (double(geometry->rows.planeExtent) *
          double(geometry->columns.planeExtent) >
      INT32_MAX)
    return nullptr;
  return std::make_unique<ChannelPlan>(problem, *geometry, *kernel, threads);
}

//===- DepthwiseConv.cpp - Depthwise convolutions of our own --------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A depthwise convolution does so little with each number that memory decides
/// its speed. Each input row is read from memory once, in order, and copied
/// with its padding into a small ring of rows that stays in the cache; the
/// loops over output rows then need no border cases.
///
/// The gradient by the input is a convolution too: of the output's gradient,
/// with `stride - 1` zeros put between its pixels, and the mirrored kernel.
///
/// There are loops for one and two spatial dimensions, kernels 3, 5 or 7 wide
/// and a stride of 1 or 2 along the row, without dilation along the row.
///
//===----------------------------------------------------------------------===//

#include "runtime/kernels/depthwise/DepthwiseConv.h"

#include "runtime/core/CpuIsa.h"
#include "runtime/core/Threads.h"
#include "runtime/kernels/PartRange.h"
#include "runtime/kernels/depthwise/DepthwiseRows.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

using namespace frac::runtime;

namespace {

/// The geometry in rows and columns; one-dimensional problems have one row.
struct Geometry {
  explicit Geometry(const frac_conv_shape &s) : channels(s.in_channels) {
    const int column = s.spatial_rank == 1 ? 0 : 1;
    width = s.input[column];
    outputWidth = s.output[column];
    kernelWidth = s.kernel[column];
    strideX = s.stride[column];
    padX = s.pad_begin[column];
    if (column == 0)
      return;
    height = s.input[0];
    outputHeight = s.output[0];
    kernelHeight = s.kernel[0];
    strideY = s.stride[0];
    dilationY = s.dilation[0];
    padY = s.pad_begin[0];
  }

  int64_t channels;
  int64_t height = 1, width;
  int64_t outputHeight = 1, outputWidth;
  int64_t kernelHeight = 1, kernelWidth;
  int64_t strideY = 1, strideX;
  int64_t dilationY = 1;
  int64_t padY = 0, padX;
};

/// How rows of a tensor are laid out in a ring of padded rows.
struct RingLayout {
  int64_t channels;
  /// Rows of one image and pixels of a row in the tensor.
  int64_t rows, pixels;
  /// Place of a row's first pixel and distance of its pixels in a padded row,
  /// and the length of that, all in pixels.
  int64_t first, distance, length;
  /// Rows that an output row may need at the same time.
  int64_t slots;

  int64_t slotSize() const { return length * channels; }
  int64_t size() const { return slots * slotSize(); }
};

/// Padded copies of the rows that were used last.
class RowRing {
public:
  /// `memory` holds `layout.size()` floats; `tensor` is (batch, rows, pixels,
  /// channels).
  RowRing(const RingLayout &layout, float *memory, const float *tensor)
      : layout(layout), memory(memory), tensor(tensor), held(layout.slots, -1) {
    // Padding is never written again.
    std::memset(memory, 0, layout.size() * sizeof(float));
  }

  /// Row `row` of image `image`, padded. It stays until a row `slots` further
  /// on is asked for.
  const float *get(int64_t image, int64_t row) {
    const int64_t number = image * layout.rows + row;
    const int64_t slot = row % layout.slots;
    float *copy = memory + slot * layout.slotSize();
    if (held[slot] != number) {
      fill(copy, tensor + number * layout.pixels * layout.channels);
      held[slot] = number;
    }
    return copy;
  }

private:
  void fill(float *copy, const float *row) const {
    // Pixels behind the last window do not fit in.
    const int64_t room = layout.length - layout.first;
    const int64_t fitting =
        std::min(layout.pixels, (room + layout.distance - 1) / layout.distance);
    const std::size_t pixelBytes = layout.channels * sizeof(float);
    float *target = copy + layout.first * layout.channels;
    if (layout.distance == 1) {
      std::memcpy(target, row, fitting * pixelBytes);
      return;
    }
    for (int64_t x = 0; x < fitting; ++x)
      std::memcpy(target + x * layout.distance * layout.channels,
                  row + x * layout.channels, pixelBytes);
  }

  const RingLayout &layout;
  float *memory;
  const float *tensor;
  /// The row in each slot, counted through the batch, or -1.
  std::vector<int64_t> held;
};

/// What the three products have in common.
class DepthwisePlan : public KernelPlan {
protected:
  DepthwisePlan(const ConvProblem &problem, const DepthwiseLoops &loops,
                int32_t threads)
      : geometry(problem.shape), batch(problem.batch), loops(loops),
        threads(threads) {}

  /// Number of weights.
  int64_t tapsSize() const {
    return geometry.kernelHeight * geometry.kernelWidth * geometry.channels;
  }

  const Geometry geometry;
  const int64_t batch;
  const DepthwiseLoops loops;
  const int32_t threads;
};

/// The rows that take part in one output row, with the kernel's rows.
struct RowPairs {
  explicit RowPairs(int64_t kernelHeight)
      : rows(kernelHeight), taps(kernelHeight) {}
  void clear() { count = 0; }
  void add(const float *row, float *tap) {
    rows[count] = row;
    taps[count++] = tap;
  }
  DepthwiseRow describe(int64_t outputs, int64_t channels) const {
    return {count, rows.data(), taps.data(), outputs, channels};
  }
  int64_t count = 0;
  std::vector<const float *> rows;
  std::vector<float *> taps;
};

/// The layout of input rows for products that read windows of the input.
RingLayout inputRing(const Geometry &g) {
  return {g.channels,
          g.height,
          g.width,
          g.padX,
          1,
          (g.outputWidth - 1) * g.strideX + g.kernelWidth,
          std::min(g.height, (g.kernelHeight - 1) * g.dilationY + 1)};
}

/// Fills `pairs` with the rows that the windows of output row `y` read.
void collectWindowRows(const Geometry &g, RowRing &ring, int64_t image,
                       int64_t y, float *taps, RowPairs &pairs) {
  pairs.clear();
  for (int64_t k = 0; k < g.kernelHeight; ++k) {
    const int64_t row = y * g.strideY + k * g.dilationY - g.padY;
    if (row >= 0 && row < g.height)
      pairs.add(ring.get(image, row), taps + k * g.kernelWidth * g.channels);
  }
}

//===----------------------------------------------------------------------===//
// Forward product and gradient by the input
//===----------------------------------------------------------------------===//

/// Both write one row after the other, each from a few rows of a ring.
class ConvolvePlan final : public DepthwisePlan {
public:
  ConvolvePlan(const ConvProblem &problem, const DepthwiseLoops &loops,
               int32_t threads)
      : DepthwisePlan(problem, loops, threads),
        isForward(problem.product == ConvProduct::Forward),
        ring(isForward ? inputRing(geometry) : errorRing(geometry)),
        resultHeight(isForward ? geometry.outputHeight : geometry.height),
        resultWidth(isForward ? geometry.outputWidth : geometry.width),
        parts(std::min<int64_t>(threads, batch * resultHeight)) {
    scratchBytes = (tapsSize() + parts * ring.size()) * sizeof(float);
  }

  void run(const KernelArguments &arguments) override {
    float *taps = reinterpret_cast<float *>(arguments.scratch);
    orderTaps(arguments.second, taps);
    parallelRanges(threads, parts, 1, [&](int64_t begin, int64_t end) {
      for (int64_t part = begin; part < end; ++part)
        runPart(part, arguments.first, taps,
                taps + tapsSize() + part * ring.size(), arguments.result);
    });
  }

private:
  /// The layout of rows of the output's gradient.
  static RingLayout errorRing(const Geometry &g) {
    return {g.channels,
            g.outputHeight,
            g.outputWidth,
            g.kernelWidth - 1 - g.padX,
            g.strideX,
            g.width + g.kernelWidth - 1,
            std::min(g.outputHeight,
                     (g.kernelHeight - 1) * g.dilationY / g.strideY + 1)};
  }

  /// (channels, kernel height, kernel width) to (kernel height, kernel width,
  /// channels), mirrored along the row for the gradient.
  void orderTaps(const float *weights, float *taps) const {
    const Geometry &g = geometry;
    for (int64_t y = 0; y < g.kernelHeight; ++y)
      for (int64_t x = 0; x < g.kernelWidth; ++x) {
        const int64_t to = isForward ? x : g.kernelWidth - 1 - x;
        for (int64_t c = 0; c < g.channels; ++c)
          taps[(y * g.kernelWidth + to) * g.channels + c] =
              weights[(c * g.kernelHeight + y) * g.kernelWidth + x];
      }
  }

  /// Fills `pairs` with the rows of the output's gradient whose windows contain
  /// input row `y`.
  void collectErrorRows(RowRing &rows, int64_t image, int64_t y, float *taps,
                        RowPairs &pairs) const {
    const Geometry &g = geometry;
    pairs.clear();
    // From the last kernel row on, so that rows are asked for in order.
    for (int64_t k = g.kernelHeight - 1; k >= 0; --k) {
      const int64_t start = y + g.padY - k * g.dilationY;
      if (start >= 0 && start % g.strideY == 0 &&
          start / g.strideY < g.outputHeight)
        pairs.add(rows.get(image, start / g.strideY),
                  taps + k * g.kernelWidth * g.channels);
    }
  }

  void runPart(int64_t part, const float *input, float *taps, float *ringMemory,
               float *result) const {
    RowRing rows(ring, ringMemory, input);
    RowPairs pairs(geometry.kernelHeight);
    const PartRange range(batch * resultHeight, part, parts);
    for (int64_t i = range.begin; i < range.end; ++i) {
      const int64_t image = i / resultHeight, y = i % resultHeight;
      if (isForward)
        collectWindowRows(geometry, rows, image, y, taps, pairs);
      else
        collectErrorRows(rows, image, y, taps, pairs);
      loops.convolve(pairs.describe(resultWidth, geometry.channels),
                     result + i * resultWidth * geometry.channels);
    }
  }

  const bool isForward;
  const RingLayout ring;
  const int64_t resultHeight, resultWidth;
  const int64_t parts;
};

//===----------------------------------------------------------------------===//
// Gradient by the weights
//===----------------------------------------------------------------------===//

/// Sums over a fixed number of parts of the batch, which are added up in order.
class CorrelatePlan final : public DepthwisePlan {
public:
  CorrelatePlan(const ConvProblem &problem, const DepthwiseLoops &loops,
                int32_t threads)
      : DepthwisePlan(problem, loops, threads), ring(inputRing(geometry)),
        parts(std::min<int64_t>(FRAC_REDUCTION_PARTS,
                                batch * geometry.outputHeight)) {
    scratchBytes = parts * partSize() * sizeof(float);
  }

  void run(const KernelArguments &arguments) override {
    float *scratch = reinterpret_cast<float *>(arguments.scratch);
    parallelRanges(threads, parts, 1, [&](int64_t begin, int64_t end) {
      for (int64_t part = begin; part < end; ++part)
        runPart(part, arguments.first, arguments.second,
                scratch + part * partSize());
    });
    addParts(scratch, arguments.result);
  }

private:
  /// Floats of scratch memory of a part: sums, then the ring.
  int64_t partSize() const { return tapsSize() + ring.size(); }

  void runPart(int64_t part, const float *input, const float *errors,
               float *sums) const {
    const Geometry &g = geometry;
    std::memset(sums, 0, tapsSize() * sizeof(float));
    RowRing rows(ring, sums + tapsSize(), input);
    RowPairs pairs(g.kernelHeight);
    const PartRange range(batch * g.outputHeight, part, parts);
    for (int64_t i = range.begin; i < range.end; ++i) {
      collectWindowRows(g, rows, i / g.outputHeight, i % g.outputHeight, sums,
                        pairs);
      loops.correlate(pairs.describe(g.outputWidth, g.channels),
                      errors + i * g.outputWidth * g.channels);
    }
  }

  /// result, (channels, kernel), = the sum of all parts' (kernel, channels).
  void addParts(const float *scratch, float *result) const {
    const int64_t taps = geometry.kernelHeight * geometry.kernelWidth;
    for (int64_t tap = 0; tap < taps; ++tap)
      for (int64_t c = 0; c < geometry.channels; ++c) {
        float sum = 0;
        for (int64_t part = 0; part < parts; ++part)
          sum += scratch[part * partSize() + tap * geometry.channels + c];
        result[c * taps + tap] = sum;
      }
  }

  const RingLayout ring;
  const int64_t parts;
};

/// The table for the instruction set in use, and the set's name.
std::pair<const DepthwiseLoops *, CpuIsa> usableLoops() {
#if defined(__x86_64__)
  const CpuIsa isa = usableCpuIsa();
  if (isa >= CpuIsa::Avx512)
    return {depthwiseLoopsAvx512, CpuIsa::Avx512};
  if (isa >= CpuIsa::Avx2)
    return {depthwiseLoopsAvx2, CpuIsa::Avx2};
#endif
  return {depthwiseLoopsBase, CpuIsa::Sse41};
}

} // namespace

std::unique_ptr<KernelPlan>
frac::runtime::makeDepthwisePlan(const ConvProblem &problem, int32_t threads) {
  const frac_conv_shape &s = problem.shape;
  if (s.groups != s.in_channels || s.groups != s.out_channels ||
      s.spatial_rank > 2 || s.dilation[s.spatial_rank - 1] != 1)
    return nullptr;
  const Geometry geometry(s);
  const bool isInputGrad = problem.product == ConvProduct::InputGrad;
  // Such padding would need rows cut off at their beginning.
  if (isInputGrad && geometry.padX >= geometry.kernelWidth)
    return nullptr;
  const int64_t stride = isInputGrad ? 1 : geometry.strideX;
  const auto [table, isa] = usableLoops();
  const DepthwiseLoops *loops = table;
  while (loops->width &&
         (loops->width != geometry.kernelWidth || loops->stride != stride))
    ++loops;
  if (!loops->width)
    return nullptr;
  std::unique_ptr<KernelPlan> plan;
  if (problem.product == ConvProduct::WeightGrad)
    plan = std::make_unique<CorrelatePlan>(problem, *loops, threads);
  else
    plan = std::make_unique<ConvolvePlan>(problem, *loops, threads);
  plan->implementation = std::string("depthwise:") + cpuIsaName(isa);
  return plan;
}

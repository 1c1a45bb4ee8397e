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
/// Operands of integers become floats as they are copied.
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
#include "runtime/kernels/depthwise/DepthwiseOperand.h"
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
  RowRing(const RingLayout &layout, const DepthwiseLoopSet &loops,
          float *memory, const DepthwiseOperand &tensor)
      : layout(layout), loops(loops), memory(memory), tensor(tensor),
        held(layout.slots, -1) {
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
      fill(copy, image, number * layout.pixels * layout.channels);
      held[slot] = number;
    }
    return copy;
  }

private:
  /// Copies the row that begins at element `first` of the tensor.
  void fill(float *copy, int64_t image, int64_t first) const {
    // Pixels behind the last window do not fit in.
    const int64_t room = layout.length - layout.first;
    const int64_t fitting =
        std::min(layout.pixels, (room + layout.distance - 1) / layout.distance);
    float *target = copy + layout.first * layout.channels;
    if (layout.distance == 1) {
      tensor.read(loops, image, first, fitting * layout.channels, target);
      return;
    }
    for (int64_t x = 0; x < fitting; ++x)
      tensor.read(loops, image, first + x * layout.channels, layout.channels,
                  target + x * layout.distance * layout.channels);
  }

  const RingLayout &layout;
  const DepthwiseLoopSet &loops;
  float *memory;
  const DepthwiseOperand &tensor;
  /// The row in each slot, counted through the batch, or -1.
  std::vector<int64_t> held;
};

/// The instruction set in use and its loops for one geometry.
struct ChosenLoops {
  CpuIsa isa;
  const DepthwiseLoopSet *all;
  const DepthwiseLoops *loops;
};

/// What the three products have in common.
class DepthwiseProduct {
public:
  virtual ~DepthwiseProduct() = default;

  /// Computes the result, with `scratchBytes` bytes of memory.
  virtual void run(const DepthwiseOperand &first,
                   const DepthwiseOperand &second, float *result,
                   float *scratch) const = 0;

  std::size_t scratchBytes = 0;

protected:
  DepthwiseProduct(const ConvProblem &problem, const ChosenLoops &chosen,
                   int32_t threads)
      : geometry(problem.shape), batch(problem.batch), all(*chosen.all),
        loops(*chosen.loops), threads(threads) {}

  /// Number of weights.
  int64_t tapsSize() const {
    return geometry.kernelHeight * geometry.kernelWidth * geometry.channels;
  }

  const Geometry geometry;
  const int64_t batch;
  const DepthwiseLoopSet &all;
  const DepthwiseLoops &loops;
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
class ConvolveProduct final : public DepthwiseProduct {
public:
  ConvolveProduct(const ConvProblem &problem, const ChosenLoops &chosen,
                  int32_t threads)
      : DepthwiseProduct(problem, chosen, threads),
        isForward(problem.product == ConvProduct::Forward),
        ring(isForward ? inputRing(geometry) : errorRing(geometry)),
        resultHeight(isForward ? geometry.outputHeight : geometry.height),
        resultWidth(isForward ? geometry.outputWidth : geometry.width) {
    const int64_t workers = std::min<int64_t>(threads, batch * resultHeight);
    scratchBytes = (2 * tapsSize() + workers * ring.size()) * sizeof(float);
  }

  void run(const DepthwiseOperand &first, const DepthwiseOperand &second,
           float *result, float *scratch) const override {
    float *taps = scratch;
    orderTaps(second, taps + tapsSize(), taps);
    parallelWork(threads, batch * resultHeight, leastRows,
                 [&](int64_t begin, int64_t end, int64_t worker) {
                   runRows(begin, end, first, taps,
                           scratch + 2 * tapsSize() + worker * ring.size(),
                           result);
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
  /// channels), mirrored along the row for the gradient. `weights` is memory
  /// for a copy.
  void orderTaps(const DepthwiseOperand &operand, float *weights,
                 float *taps) const {
    const Geometry &g = geometry;
    const int64_t ofChannel = g.kernelHeight * g.kernelWidth;
    for (int64_t c = 0; c < g.channels; ++c)
      operand.read(all, c, c * ofChannel, ofChannel, weights + c * ofChannel);
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

  /// Computes the rows `begin` to `end` of all those of the batch.
  void runRows(int64_t begin, int64_t end, const DepthwiseOperand &input,
               float *taps, float *ringMemory, float *result) const {
    RowRing rows(ring, all, ringMemory, input);
    RowPairs pairs(geometry.kernelHeight);
    for (int64_t i = begin; i < end; ++i) {
      const int64_t image = i / resultHeight, y = i % resultHeight;
      if (isForward)
        collectWindowRows(geometry, rows, image, y, taps, pairs);
      else
        collectErrorRows(rows, image, y, taps, pairs);
      loops.convolve(pairs.describe(resultWidth, geometry.channels),
                     result + i * resultWidth * geometry.channels);
    }
  }

  /// Rows that are worth reading those of their windows again.
  static constexpr int64_t leastRows = 4;

  const bool isForward;
  const RingLayout ring;
  const int64_t resultHeight, resultWidth;
};

//===----------------------------------------------------------------------===//
// Gradient by the weights
//===----------------------------------------------------------------------===//

/// Sums over a fixed number of parts of the batch, which are added up in order.
class CorrelateProduct final : public DepthwiseProduct {
public:
  CorrelateProduct(const ConvProblem &problem, const ChosenLoops &chosen,
                   int32_t threads)
      : DepthwiseProduct(problem, chosen, threads), ring(inputRing(geometry)),
        parts(std::min<int64_t>(FRAC_REDUCTION_PARTS,
                                batch * geometry.outputHeight)) {
    scratchBytes = parts * partSize() * sizeof(float);
  }

  void run(const DepthwiseOperand &first, const DepthwiseOperand &second,
           float *result, float *scratch) const override {
    parallelRanges(threads, parts, 1, [&](int64_t begin, int64_t end) {
      for (int64_t part = begin; part < end; ++part)
        runPart(part, first, second, scratch + part * partSize());
    });
    addParts(scratch, result);
  }

private:
  int64_t errorRowSize() const {
    return geometry.outputWidth * geometry.channels;
  }

  /// Floats of scratch memory of a part: sums, the ring, a row of errors.
  int64_t partSize() const { return tapsSize() + ring.size() + errorRowSize(); }

  void runPart(int64_t part, const DepthwiseOperand &input,
               const DepthwiseOperand &errors, float *sums) const {
    const Geometry &g = geometry;
    std::memset(sums, 0, tapsSize() * sizeof(float));
    RowRing rows(ring, all, sums + tapsSize(), input);
    float *errorRow = sums + tapsSize() + ring.size();
    RowPairs pairs(g.kernelHeight);
    const PartRange range(batch * g.outputHeight, part, parts);
    for (int64_t i = range.begin; i < range.end; ++i) {
      const int64_t image = i / g.outputHeight;
      collectWindowRows(g, rows, image, i % g.outputHeight, sums, pairs);
      loops.correlate(pairs.describe(g.outputWidth, g.channels),
                      errors.view(all, image, i * errorRowSize(),
                                  errorRowSize(), errorRow));
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

/// The loops of the instruction set in use.
ChosenLoops usableLoops() {
#if defined(__x86_64__)
  const CpuIsa isa = usableCpuIsa();
  if (isa >= CpuIsa::Avx512)
    return {CpuIsa::Avx512, &depthwiseLoopsAvx512, nullptr};
  if (isa >= CpuIsa::Avx2)
    return {CpuIsa::Avx2, &depthwiseLoopsAvx2, nullptr};
#endif
  return {CpuIsa::Sse41, &depthwiseLoopsBase, nullptr};
}

/// A plan that computes a product of operands of either kind.
template <typename Plan>
class DepthwisePlan final : public Plan {
public:
  DepthwisePlan(std::unique_ptr<DepthwiseProduct> theProduct,
                const std::string &implementation)
      : product(std::move(theProduct)) {
    this->scratchBytes = product->scratchBytes;
    this->implementation = implementation;
  }

  void run(const typename Plan::Arguments &arguments) override {
    product->run(arguments.first, arguments.second, arguments.result,
                 reinterpret_cast<float *>(arguments.scratch));
  }

private:
  const std::unique_ptr<DepthwiseProduct> product;
};

/// A plan of type `Plan`, or null.
template <typename Plan>
std::unique_ptr<Plan> makePlan(const ConvProblem &problem, int32_t threads,
                               const char *prefix) {
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
  ChosenLoops chosen = usableLoops();
  chosen.loops = chosen.all->loops;
  while (chosen.loops->width && (chosen.loops->width != geometry.kernelWidth ||
                                 chosen.loops->stride != stride))
    ++chosen.loops;
  if (!chosen.loops->width)
    return nullptr;
  std::unique_ptr<DepthwiseProduct> product;
  if (problem.product == ConvProduct::WeightGrad)
    product = std::make_unique<CorrelateProduct>(problem, chosen, threads);
  else
    product = std::make_unique<ConvolveProduct>(problem, chosen, threads);
  return std::make_unique<DepthwisePlan<Plan>>(
      std::move(product), std::string(prefix) + cpuIsaName(chosen.isa));
}

} // namespace

std::unique_ptr<KernelPlan>
frac::runtime::makeDepthwisePlan(const ConvProblem &problem, int32_t threads) {
  return makePlan<KernelPlan>(problem, threads, "depthwise:");
}

std::unique_ptr<LowbitPlan>
frac::runtime::makeLowbitDepthwisePlan(const LowbitConvProblem &problem,
                                       int32_t threads) {
  return makePlan<LowbitPlan>(problem.conv, threads, "lowbit depthwise:");
}

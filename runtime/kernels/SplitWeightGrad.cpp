//===- SplitWeightGrad.cpp - Weight gradients by parts of the batch -------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/SplitWeightGrad.h"

#include "runtime/core/Threads.h"
#include "runtime/kernels/PartRange.h"

#include <algorithm>
#include <exception>
#include <vector>

using namespace frac::runtime;

namespace {

/// Parts of a batch that is large enough.
constexpr int64_t mostParts = 16;

/// Bytes of the parts' results up to which they are worth it.
constexpr int64_t mostBytes = 4 << 20;

/// Additions that waking a thread takes as long as.
constexpr int64_t additions = 1 << 14;

class SplitPlan final : public KernelPlan {
public:
  SplitPlan(const ConvProblem &problem, int32_t threads)
      : threads(threads), size(problem.resultSize()),
        sourceSize(problem.sourceSize() / problem.batch),
        destinationSize(problem.destinationSize() / problem.batch) {}

  /// Adds the plan of the samples from `begin` on.
  void add(int64_t begin, std::unique_ptr<KernelPlan> plan) {
    const int64_t bytes = (size * int64_t(sizeof(float)) + FRAC_ALIGNMENT - 1) /
                          FRAC_ALIGNMENT * FRAC_ALIGNMENT;
    const std::size_t own = scratchBytes;
    scratchBytes += bytes + (plan->scratchBytes + FRAC_ALIGNMENT - 1) /
                                FRAC_ALIGNMENT * FRAC_ALIGNMENT;
    implementation = plan->implementation;
    parts.push_back({begin, own, own + bytes, std::move(plan)});
  }

  void run(const KernelArguments &arguments) override {
    std::vector<std::exception_ptr> errors(parts.size());
    parallelRanges(threads, int64_t(parts.size()), 1,
                   [&](int64_t begin, int64_t end) {
                     for (int64_t i = begin; i < end; ++i)
                       try {
                         runPart(parts[i], arguments);
                       } catch (...) {
                         errors[i] = std::current_exception();
                       }
                   });
    for (const std::exception_ptr &error : errors)
      if (error)
        std::rethrow_exception(error);
    parallelRanges(threads, size, additions, [&](int64_t begin, int64_t end) {
      std::copy(resultOf(parts[0], arguments) + begin,
                resultOf(parts[0], arguments) + end, arguments.result + begin);
      for (std::size_t i = 1; i < parts.size(); ++i) {
        const float *part = resultOf(parts[i], arguments);
        for (int64_t j = begin; j < end; ++j)
          arguments.result[j] += part[j];
      }
    });
  }

private:
  struct Part {
    int64_t begin;
    /// Places of the result and of what the plan needs.
    std::size_t result, scratch;
    std::unique_ptr<KernelPlan> plan;
  };

  static float *resultOf(const Part &part, const KernelArguments &arguments) {
    return reinterpret_cast<float *>(arguments.scratch + part.result);
  }

  void runPart(const Part &part, const KernelArguments &arguments) const {
    part.plan->run({arguments.first + part.begin * sourceSize,
                    arguments.second + part.begin * destinationSize,
                    resultOf(part, arguments),
                    arguments.scratch + part.scratch});
  }

  const int32_t threads;
  const int64_t size;
  /// Elements of a sample.
  const int64_t sourceSize, destinationSize;
  std::vector<Part> parts;
};

} // namespace

std::unique_ptr<KernelPlan>
frac::runtime::makeSplitWeightGradPlan(const ConvProblem &problem,
                                       int32_t threads,
                                       const ConvPlanMaker &makePart) {
  const int64_t count = std::min(problem.batch, mostParts);
  if (problem.product != ConvProduct::WeightGrad ||
      problem.resultSize() * count * int64_t(sizeof(float)) > mostBytes)
    return nullptr;
  auto plan = std::make_unique<SplitPlan>(problem, threads);
  // A part belongs to one thread.
  const ThreadCountScope scope(1);
  for (int64_t i = 0; i < count; ++i) {
    const PartRange range(problem.batch, i, count);
    ConvProblem part = problem;
    part.batch = range.end - range.begin;
    std::unique_ptr<KernelPlan> ofPart = makePart(part);
    if (!ofPart)
      return nullptr;
    plan->add(range.begin, std::move(ofPart));
  }
  return plan;
}

//===- ReferenceConv.cpp - Convolutions by their definition ---------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/reference/ReferenceConv.h"

#include "runtime/core/Threads.h"
#include "runtime/kernels/reference/ConvTerms.h"

using namespace frac::runtime;

namespace {

class ReferenceConvPlan final : public KernelPlan {
public:
  ReferenceConvPlan(const ConvProblem &problem, int32_t threads)
      : terms(problem), resultSize(problem.resultSize()), threads(threads) {
    implementation = "reference";
  }

  void run(const KernelArguments &arguments) override {
    parallelRanges(threads, resultSize, /*grain=*/64,
                   [&](int64_t begin, int64_t end) {
                     for (int64_t i = begin; i < end; ++i)
                       arguments.result[i] = static_cast<float>(
                           element(i, arguments.first, arguments.second));
                   });
  }

private:
  double element(int64_t i, const float *first, const float *second) const {
    double sum = 0;
    terms.forEach(i, [&](int64_t firstIndex, int64_t secondIndex) {
      sum += double(first[firstIndex]) * second[secondIndex];
    });
    return sum;
  }

  const ConvTerms terms;
  const int64_t resultSize;
  const int32_t threads;
};

} // namespace

std::unique_ptr<KernelPlan>
frac::runtime::makeReferenceConvPlan(const ConvProblem &problem,
                                     int32_t threads) {
  return std::make_unique<ReferenceConvPlan>(problem, threads);
}

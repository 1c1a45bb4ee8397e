//===- KernelCache.h - Plans of a runtime, made once each -----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_KERNELCACHE_H
#define FRAC_RUNTIME_KERNELS_KERNELCACHE_H

#include "runtime/core/Runtime.h"
#include "runtime/kernels/ContractionCounts.h"
#include "runtime/kernels/ConvProblem.h"
#include "runtime/kernels/KernelPlan.h"
#include "runtime/kernels/MatmulProblem.h"
#include "runtime/kernels/lowbit/LowbitPlan.h"
#include "runtime/kernels/lowbit/LowbitProblem.h"
#include "runtime/kernels/onednn/OneDnn.h"

#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <vector>

namespace frac::runtime {

/// A kernel in use and what has been measured of it.
struct KernelEntry {
  virtual ~KernelEntry() = default;

  const char *product;
  std::string shape;
  int64_t batch;
  double macs;
  std::string implementation;
  uint64_t calls = 0;
  double seconds = 0;
};

/// The same with the plan that runs.
template <typename Plan>
struct PlannedKernel final : KernelEntry {
  std::unique_ptr<Plan> plan;
};

/// The batch of a problem of any kind.
template <typename Problem>
int64_t batchOf(const Problem &problem) {
  return problem.batch;
}
inline int64_t batchOf(const LowbitConvProblem &problem) {
  return problem.conv.batch;
}
inline int64_t batchOf(const LowbitMatmulProblem &problem) {
  return problem.matmul.batch;
}

/// The kernels' part of a runtime: every plan made so far, by its problem.
class KernelCache final : public RuntimeState {
public:
  /// The cache of `runtime`, made at the first call. Throws std::exception.
  static KernelCache &of(Runtime &runtime);

  /// The kernel for a valid problem without empty tensors, made at its first
  /// use. Throws std::exception. Must be called inside a ThreadCountScope.
  PlannedKernel<KernelPlan> &find(const ConvProblem &problem) {
    return find(convolutions, problem);
  }
  PlannedKernel<KernelPlan> &find(const MatmulProblem &problem) {
    return find(matmuls, problem);
  }
  PlannedKernel<LowbitPlan> &find(const LowbitConvProblem &problem) {
    return find(lowbitConvolutions, problem);
  }
  PlannedKernel<LowbitPlan> &find(const LowbitMatmulProblem &problem) {
    return find(lowbitMatmuls, problem);
  }

  /// Every kernel in use, in the order they were made.
  const std::vector<std::unique_ptr<KernelEntry>> &entries() const {
    return allEntries;
  }

  /// What has been given to compute.
  ContractionCounts work;

  /// Whether runs are timed.
  bool profiling = false;

private:
  explicit KernelCache(int32_t threads) : threads(threads) {}

  /// Equality and hash of a problem by its bytes.
  template <typename Problem>
  struct ByBytes {
    static_assert(std::has_unique_object_representations_v<Problem>);
    std::size_t operator()(const Problem &problem) const {
      return std::hash<std::string_view>()(std::string_view(
          reinterpret_cast<const char *>(&problem), sizeof(Problem)));
    }
    bool operator()(const Problem &left, const Problem &right) const {
      return std::memcmp(&left, &right, sizeof(Problem)) == 0;
    }
  };
  template <typename Problem, typename Plan>
  using Table = std::unordered_map<Problem, PlannedKernel<Plan> *,
                                   ByBytes<Problem>, ByBytes<Problem>>;

  template <typename Problem, typename Plan>
  PlannedKernel<Plan> &find(Table<Problem, Plan> &table,
                            const Problem &problem) {
    auto found = table.find(problem);
    if (found != table.end())
      return *found->second;
    auto kernel = std::make_unique<PlannedKernel<Plan>>();
    kernel->plan = makePlan(problem);
    kernel->product = problem.productName();
    kernel->shape = problem.text();
    kernel->batch = batchOf(problem);
    kernel->macs = problem.macs();
    kernel->implementation = kernel->plan->implementation;
    PlannedKernel<Plan> &result = *kernel;
    allEntries.push_back(std::move(kernel));
    table.emplace(problem, &result);
    return result;
  }

  std::unique_ptr<KernelPlan> makePlan(const ConvProblem &problem);
  std::unique_ptr<KernelPlan> makePlan(const MatmulProblem &problem);
  std::unique_ptr<LowbitPlan> makePlan(const LowbitConvProblem &problem);
  std::unique_ptr<LowbitPlan> makePlan(const LowbitMatmulProblem &problem);

  int32_t threads;
  OneDnn oneDnn;
  std::vector<std::unique_ptr<KernelEntry>> allEntries;
  Table<ConvProblem, KernelPlan> convolutions;
  Table<MatmulProblem, KernelPlan> matmuls;
  Table<LowbitConvProblem, LowbitPlan> lowbitConvolutions;
  Table<LowbitMatmulProblem, LowbitPlan> lowbitMatmuls;
};

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_KERNELCACHE_H

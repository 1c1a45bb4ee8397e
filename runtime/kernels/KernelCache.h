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
#include "runtime/kernels/ConvProblem.h"
#include "runtime/kernels/KernelPlan.h"
#include "runtime/kernels/MatmulProblem.h"
#include "runtime/kernels/onednn/OneDnn.h"

#include <cstdint>
#include <cstring>
#include <deque>
#include <memory>
#include <string_view>
#include <type_traits>
#include <unordered_map>

namespace frac::runtime {

/// A plan and what has been measured of it.
struct KernelEntry {
  const char *product;
  std::string shape;
  int64_t batch;
  double macs;
  std::unique_ptr<KernelPlan> plan;
  uint64_t calls = 0;
  double seconds = 0;
};

/// The kernels' part of a runtime: every plan made so far, by its problem.
class KernelCache final : public RuntimeState {
public:
  /// The cache of `runtime`, made at the first call. Throws std::exception.
  static KernelCache &of(Runtime &runtime);

  /// The entry for a valid problem without empty tensors, made at its first
  /// use. Throws std::exception. Must be called inside a ThreadCountScope.
  KernelEntry &find(const ConvProblem &problem) {
    return find(convolutions, problem);
  }
  KernelEntry &find(const MatmulProblem &problem) {
    return find(matmuls, problem);
  }

  /// Every entry, in the order they were made.
  const std::deque<KernelEntry> &entries() const { return allEntries; }

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
  template <typename Problem>
  using Table = std::unordered_map<Problem, KernelEntry *, ByBytes<Problem>,
                                   ByBytes<Problem>>;

  template <typename Problem>
  KernelEntry &find(Table<Problem> &table, const Problem &problem) {
    auto found = table.find(problem);
    if (found != table.end())
      return *found->second;
    KernelEntry entry{problem.productName(), problem.text(), problem.batch,
                      problem.macs(), makePlan(problem)};
    allEntries.push_back(std::move(entry));
    table.emplace(problem, &allEntries.back());
    return allEntries.back();
  }

  std::unique_ptr<KernelPlan> makePlan(const ConvProblem &problem);
  std::unique_ptr<KernelPlan> makePlan(const MatmulProblem &problem);

  int32_t threads;
  OneDnn oneDnn;
  std::deque<KernelEntry> allEntries;
  Table<ConvProblem> convolutions;
  Table<MatmulProblem> matmuls;
};

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_KERNELCACHE_H

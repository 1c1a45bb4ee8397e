//===- RuntimeTest.cpp - Threads, scratch memory, records -----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/Runtime.h"
#include "runtime/core/Threads.h"
#include "runtime/kernels/Profile.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

using namespace frac::runtime;

namespace {

struct Visits {
  std::vector<std::atomic<int>> counts;
  std::mutex mutex;
  std::vector<int64_t> lengths;
  std::set<std::thread::id> threads;
};

/// Counts each iteration and notes the length of each range and its thread.
void visit(int64_t begin, int64_t end, void *const *args) {
  auto &visits = *static_cast<Visits *>(args[0]);
  for (int64_t i = begin; i < end; ++i)
    ++visits.counts[i];
  std::lock_guard<std::mutex> lock(visits.mutex);
  visits.lengths.push_back(end - begin);
  visits.threads.insert(std::this_thread::get_id());
}

TEST(ParallelFor, CoversEachIndexOnce) {
  for (int32_t threads : {1, 2, 3, 5, 16}) {
    frac_runtime *runtime = frac_runtime_create(threads);
    ASSERT_EQ(frac_runtime_threads(runtime), threads);
    for (int64_t extent : {0, 1, 2, 3, 15, 16, 17, 100, 1023})
      for (int64_t grain : {-1, 0, 1, 2, 7, 64, 5000}) {
        Visits visits;
        visits.counts = std::vector<std::atomic<int>>(extent);
        void *args[] = {&visits};
        frac_parallel_for(runtime, extent, grain, visit, args);
        for (const auto &count : visits.counts)
          ASSERT_EQ(count, 1);
        ASSERT_LE(visits.threads.size(), std::size_t(threads));
        for (int64_t length : visits.lengths)
          ASSERT_GE(length, std::min(grain, extent));
      }
    EXPECT_EQ(frac_runtime_error(runtime), nullptr);
    frac_runtime_destroy(runtime);
  }
}

TEST(ParallelFor, ThreadsTakeWhatOthersLeave) {
  // The first range does not end before all others have.
  std::atomic<int64_t> others{0};
  bool sawOthers = false;
  parallelRanges(2, 100, 1, [&](int64_t begin, int64_t end) {
    if (begin != 0) {
      others += end - begin;
      return;
    }
    EXPECT_LT(end, 50);
    const auto deadline =
        std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!sawOthers && std::chrono::steady_clock::now() < deadline) {
      sawOthers = others + end == 100;
      std::this_thread::yield();
    }
  });
  EXPECT_TRUE(sawOthers);
}

TEST(ParallelFor, WorkersAreOneThreadEach) {
  for (int64_t extent : {2, 3, 50, 1000}) {
    std::vector<std::atomic<int>> running(3);
    std::atomic<int64_t> total{0};
    parallelWork(3, extent, 1, [&](int64_t begin, int64_t end, int64_t worker) {
      ASSERT_LT(worker, std::min<int64_t>(3, extent));
      EXPECT_EQ(running[worker]++, 0);
      total += end - begin;
      --running[worker];
    });
    EXPECT_EQ(total, extent);
  }
}

TEST(ParallelFor, NestedLoopsRunInTheirThread) {
  std::atomic<int> total{0};
  parallelRanges(4, 4, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i)
      parallelRanges(4, 100, 1, [&](int64_t from, int64_t to) {
        total += static_cast<int>(to - from);
      });
  });
  EXPECT_EQ(total, 400);
}

TEST(ParallelFor, HugeExtentDoesNotOverflow) {
  std::atomic<int64_t> total{0};
  parallelRanges(7, INT64_MAX, INT64_MAX / 9,
                 [&](int64_t begin, int64_t end) { total += end - begin; });
  EXPECT_EQ(total, INT64_MAX);
}

TEST(Runtime, TakesTheCoresItMayUse) {
  frac_runtime *runtime = frac_runtime_create(0);
  EXPECT_GE(frac_runtime_threads(runtime), 1);
  frac_runtime_destroy(runtime);
  frac_runtime_destroy(nullptr);
}

TEST(Runtime, KeepsTheFirstErrorOfManyThreads) {
  frac_runtime runtime(4);
  parallelRanges(4, 64, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i)
      runtime.fail("error " + std::to_string(i));
  });
  ASSERT_TRUE(runtime.failed());
  std::string first = runtime.error();
  runtime.fail("another");
  EXPECT_EQ(first, runtime.error());
  // Loops do nothing any more.
  bool ran = false;
  void *args[] = {&ran};
  frac_parallel_for(
      &runtime, 1, 1,
      [](int64_t, int64_t, void *const *words) {
        *static_cast<bool *>(words[0]) = true;
      },
      args);
  EXPECT_FALSE(ran);
}

TEST(Scratch, GrowsAndStays) {
  Scratch scratch;
  std::byte *data = scratch.get(100);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(data) % FRAC_ALIGNMENT, 0u);
  std::memset(data, 1, 100);
  EXPECT_EQ(scratch.get(0), data);
  EXPECT_EQ(scratch.get(50), data);
  std::byte *larger = scratch.get(100000);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(larger) % FRAC_ALIGNMENT, 0u);
  std::memset(larger, 1, 100000);
  EXPECT_GE(scratch.size(), 100000u);
  EXPECT_EQ(scratch.get(100), larger);
  EXPECT_THROW(scratch.get(SIZE_MAX), std::bad_alloc);
}

TEST(Profile, TellsWhatRan) {
  frac_runtime *runtime = frac_runtime_create(1);
  EXPECT_TRUE(kernelRecords(*runtime).empty());
  float a[6] = {1, 2, 3, 4, 5, 6}, b[6] = {1, 0, 0, 1, 1, 1}, c[4];
  auto multiply = [&] { frac_matmul(runtime, 1, 2, 2, 3, 0, 0, a, b, c); };
  multiply();
  setKernelProfiling(*runtime, true);
  multiply();
  auto records = kernelRecords(*runtime);
  ASSERT_EQ(frac_runtime_error(runtime), nullptr);
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].product, "matmul");
  EXPECT_EQ(records[0].shape, "2x3 * 3x2");
  EXPECT_EQ(records[0].batch, 1);
  EXPECT_EQ(records[0].calls, 2u);
  EXPECT_EQ(records[0].macs, 12);
  EXPECT_GT(records[0].seconds, 0);
  EXPECT_FALSE(records[0].implementation.empty());
  EXPECT_NE(kernelLibraryDescription().find("oneDNN"), std::string::npos);
  frac_runtime_destroy(runtime);
}

} // namespace

//===- KernelTimesTest.cpp - The kernels of a profiled run ----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/trainer/KernelTimes.h"

#include <gtest/gtest.h>
#include <memory>

using namespace frac;

TEST(KernelTimes, NameKernelsAndTheirShare) {
  std::unique_ptr<frac_runtime, void (*)(frac_runtime *)> runtime(
      frac_runtime_create(1), frac_runtime_destroy);
  std::vector<float> a(64 * 64, 1), b(64 * 64, 1), c(64 * 64);
  auto multiply = [&](int64_t size) {
    frac_matmul(runtime.get(), 1, size, size, size, 0, 0, a.data(), b.data(),
                c.data());
  };
  KernelTimes off(*runtime, false);
  multiply(2);
  EXPECT_TRUE(off.shares().empty());
  KernelTimes times(*runtime, true);
  for (int i = 0; i < 20; ++i)
    multiply(64);
  std::vector<KernelShare> shares = times.shares();
  ASSERT_EQ(shares.size(), 2u);
  EXPECT_EQ(shares[0].product, "matmul");
  EXPECT_EQ(shares[0].calls, 20u);
  EXPECT_EQ(shares[0].macs, 64 * 64 * 64);
  EXPECT_GT(shares[0].seconds, 0);
  EXPECT_GT(shares[0].share, 0);
  EXPECT_LE(shares[0].share, 1);
  EXPECT_FALSE(shares[0].implementation.empty());
  // Called before the profiling began.
  EXPECT_EQ(shares[1].seconds, 0);

  testing::internal::CaptureStdout();
  printKernelShares(shares);
  std::fflush(stdout);
  std::string text = testing::internal::GetCapturedStdout();
  EXPECT_NE(text.find("matmul"), std::string::npos);
  EXPECT_NE(text.find("kernels together"), std::string::npos);
}

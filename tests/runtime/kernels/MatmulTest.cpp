//===- MatmulTest.cpp - Matrix products -----------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NaiveContractions.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <tuple>

using namespace frac::test;

namespace {

struct Sizes {
  int64_t batch, m, n, k;
};

const Sizes sizes[] = {
    {1, 1, 1, 1},    {1, 128, 10, 64}, {1, 10, 64, 128},  {1, 128, 64, 10},
    {1, 1, 10, 64},  {1, 7, 1, 33},    {1, 1, 1, 100},    {1, 300, 1, 300},
    {1, 1, 300, 17}, {1, 65, 33, 1},   {1, 3, 5, 2},      {1, 129, 257, 63},
    {3, 7, 9, 11},   {6, 16, 16, 64},  {2, 1, 33, 8},     {4, 33, 1, 8},
    {5, 1, 1, 19},   {2, 17, 40, 1},   {1, 17, 19, 1000},
};

class MatmulTest
    : public testing::TestWithParam<std::tuple<Sizes, bool, bool>> {};

TEST_P(MatmulTest, EqualsDefinitionAndRepeatsBits) {
  auto [size, transposeA, transposeB] = GetParam();
  auto [batch, m, n, k] = size;
  frac_runtime *runtime = frac_runtime_create(2);
  Floats a = randomFloats(batch * m * k, 1);
  Floats b = randomFloats(batch * k * n, 2);
  const Sums want = naiveMatmul(batch, m, n, k, transposeA, transposeB, a, b);
  Floats first;
  for (int run = 0; run < 4; ++run) {
    Floats c(batch * m * n, std::numeric_limits<float>::quiet_NaN());
    frac_matmul(runtime, batch, m, n, k, transposeA, transposeB, a.data(),
                b.data(), c.data());
    ASSERT_EQ(frac_runtime_error(runtime), nullptr)
        << frac_runtime_error(runtime);
    expectSums(c, want);
    if (run == 0)
      first = c;
    ASSERT_EQ(c, first);
  }
  frac_runtime_destroy(runtime);
}

std::string nameOf(const testing::TestParamInfo<MatmulTest::ParamType> &info) {
  auto [size, transposeA, transposeB] = info.param;
  return std::to_string(size.batch) + "x" + std::to_string(size.m) + "x" +
         std::to_string(size.n) + "x" + std::to_string(size.k) +
         (transposeA ? "ta" : "") + (transposeB ? "tb" : "");
}

INSTANTIATE_TEST_SUITE_P(Sizes, MatmulTest,
                         testing::Combine(testing::ValuesIn(sizes),
                                          testing::Bool(), testing::Bool()),
                         nameOf);

TEST(Matmul, EmptyExtents) {
  frac_runtime *runtime = frac_runtime_create(2);
  frac_matmul(runtime, 0, 3, 4, 5, 0, 0, nullptr, nullptr, nullptr);
  frac_matmul(runtime, 2, 0, 4, 5, 0, 0, nullptr, nullptr, nullptr);
  frac_matmul(runtime, 2, 3, 0, 5, 0, 0, nullptr, nullptr, nullptr);
  Floats c(24, 1.0f);
  frac_matmul(runtime, 2, 3, 4, 0, 0, 0, nullptr, nullptr, c.data());
  EXPECT_EQ(c, Floats(24, 0.0f));
  EXPECT_EQ(frac_runtime_error(runtime), nullptr);
  frac_runtime_destroy(runtime);
}

TEST(Matmul, AbsurdSizesAreRecorded) {
  for (Sizes size : {Sizes{1, -1, 1, 1}, Sizes{1, INT64_MAX, 2, 2},
                     Sizes{INT32_MAX, INT32_MAX, INT32_MAX, INT32_MAX},
                     Sizes{1, 1 << 25, 1 << 25, 1}}) {
    frac_runtime *runtime = frac_runtime_create(1);
    float dummy = 42;
    frac_matmul(runtime, size.batch, size.m, size.n, size.k, 0, 0, &dummy,
                &dummy, &dummy);
    ASSERT_NE(frac_runtime_error(runtime), nullptr);
    EXPECT_NE(std::string(frac_runtime_error(runtime)).find("too large"),
              std::string::npos);
    EXPECT_EQ(dummy, 42);
    frac_runtime_destroy(runtime);
  }
}

} // namespace

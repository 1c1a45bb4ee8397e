//===- LowbitMatmulTest.cpp - Matrix products of integers -----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NaiveContractions.h"
#include "QuantizedTensor.h"

#include "runtime/kernels/Profile.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <tuple>

using namespace frac::test;

namespace {

struct Sizes {
  int64_t batch, m, n, k;
};

const Sizes sizes[] = {
    {1, 1, 1, 1},   {1, 32, 10, 64}, {1, 10, 64, 37}, {1, 1, 10, 64},
    {1, 7, 1, 33},  {1, 65, 33, 1},  {1, 3, 5, 2},    {1, 19, 57, 63},
    {3, 7, 9, 11},  {2, 1, 33, 8},   {4, 16, 16, 64}, {1, 17, 19, 300},
    {1, 6, 40, 16},
};

/// What the operands of a product are made like; the scales' dimension counts
/// only for single matrices.
struct Forms {
  const char *name;
  TensorForm a, b;
  /// How far a term may be off.
  double slack = 0;
};

/// Where scales belong to the index that is summed over, an operand may be
/// rounded by 2^-16 of its largest number, which is 6.
constexpr double roundedTerm = 6 * 6 * 1.01 / (1 << 16);

const Forms forms[] = {
    {"bytes", {8}, {8, 0, Range::Away}},
    {"integers", {5, 0, Range::Integers}, {6, 0, Range::Integers}},
    {"rows", {8, 3, Range::Around, 0}, {6, 0, Range::Around, 0}, roundedTerm},
    {"leftOut",
     {8, 3, Range::Around, 0, 0, 3},
     {6, 2, Range::Around, 0, 0, 2},
     roundedTerm},
    {"columns",
     {4, 0, Range::Positive, 1},
     {8, 0, Range::Around, 1},
     roundedTerm},
    {"outer", {8, 0, Range::Around, 0}, {7, 0, Range::Around, 1}, roundedTerm},
    {"inner", {8, 0, Range::Around, 1}, {7, 0, Range::Away, 0}, roundedTerm},
    {"wide", {12}, {16, 0, Range::Away}},
    {"wideAndBytes", {16, 4}, {4, 2}},
    {"bytesAndWide", {8, 0, Range::Positive}, {13, 0, Range::Around}},
};

class LowbitMatmulTest
    : public testing::TestWithParam<std::tuple<Sizes, bool, bool>> {};

TEST_P(LowbitMatmulTest, EqualsDefinition) {
  auto [size, transposeA, transposeB] = GetParam();
  auto [batch, m, n, k] = size;
  for (Forms form : forms) {
    SCOPED_TRACE(form.name);
    if (batch > 1) {
      form.a.scaleDim = form.b.scaleDim = -1;
      form.a.mixed = form.b.mixed = 0;
      form.a.leftOut = form.b.leftOut = 0;
    }
    const QuantizedTensor a(batch * (transposeA ? k : m), transposeA ? m : k,
                            form.a, 1);
    const QuantizedTensor b(batch * (transposeB ? n : k), transposeB ? k : n,
                            form.b, 2);
    const frac_quantized first = a.view(), second = b.view();
    const Sums want = naiveMatmul(batch, m, n, k, transposeA, transposeB,
                                  a.values(), b.values());
    Floats results[2];
    for (int run : {0, 1}) {
      frac_runtime *runtime = frac_runtime_create(run + 1);
      Floats &c = results[run];
      c.assign(batch * m * n, std::numeric_limits<float>::quiet_NaN());
      frac_qmatmul(runtime, batch, m, n, k, transposeA, transposeB, &first,
                   &second, c.data());
      EXPECT_EQ(frac_runtime_error(runtime), nullptr);
      frac_runtime_destroy(runtime);
    }
    for (std::size_t i = 0; i < want.value.size(); ++i) {
      double tolerance = 3e-6 * want.magnitude[i] + form.slack * k;
      if (form.a.range == Range::Integers && want.magnitude[i] < (1 << 24))
        tolerance = 0;
      ASSERT_LE(std::abs(results[0][i] - want.value[i]), tolerance)
          << "element " << i;
    }
    ASSERT_EQ(results[0], results[1]);
  }
}

std::string
nameOf(const testing::TestParamInfo<LowbitMatmulTest::ParamType> &info) {
  auto [size, transposeA, transposeB] = info.param;
  return std::to_string(size.batch) + "x" + std::to_string(size.m) + "x" +
         std::to_string(size.n) + "x" + std::to_string(size.k) +
         (transposeA ? "_ta" : "") + (transposeB ? "_tb" : "");
}

INSTANTIATE_TEST_SUITE_P(Sizes, LowbitMatmulTest,
                         testing::Combine(testing::ValuesIn(sizes),
                                          testing::Bool(), testing::Bool()),
                         nameOf);

TEST(LowbitMatmul, CountsWork) {
  frac_runtime *runtime = frac_runtime_create(1);
  const QuantizedTensor a(4, 3, {8, 5}, 1), b(4, 5, {7, 4}, 2);
  const frac_quantized first = a.view(), second = b.view();
  Floats c(60);
  // Widths belong to the index that is summed over in both.
  frac_qmatmul(runtime, 1, 3, 5, 4, 1, 0, &first, &second, c.data());
  uint64_t want = 0;
  for (int i = 0; i < 4; ++i)
    want += 3 * 5 * a.widths()[i] * b.widths()[i];
  const auto work = frac::runtime::contractionWork(
      *runtime)[std::size_t(frac::runtime::ContractionKind::QMatmul)];
  EXPECT_TRUE(work.macs == 60);
  EXPECT_TRUE(work.bitProducts == want);
  frac_runtime_destroy(runtime);
}

} // namespace

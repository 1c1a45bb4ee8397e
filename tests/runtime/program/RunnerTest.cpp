//===- RunnerTest.cpp - Calls of a program's entries ----------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/program/Runner.h"
#include "tests/runtime/support/ErrorText.h"
#include "tests/runtime/support/LinearProgram.h"

#include <gtest/gtest.h>

using namespace frac;
using namespace frac::test;

TEST(Runner, GivesEveryEntryTheWidths) {
  LinearShape shape;
  shape.quantized = true;
  LinearProgram linear(shape);
  Program program = loadProgram(linear.code());
  Runner runner(program, Runner::Mode::Gradients, 1);
  std::vector<float> x(16, 0.5f);
  int64_t label = 1;
  std::vector<const void *> tensors = {x.data(), &label};
  stepWidths.clear();
  evalWidths.clear();
  gradWidths.clear();
  runner.evaluate(tensors, 1);
  runner.setWidths({3, 4, 6, 16});
  runner.evaluate(tensors, 1);
  runner.gradients(tensors, 1, Hyper(), 0, 0);
  runner.setWidths({2, 3, 4, 16});
  runner.step(tensors, 1, Hyper(), 0, 0);
  using Widths = std::vector<std::vector<int32_t>>;
  EXPECT_EQ(evalWidths, (Widths{{8, 8, 16, 16}, {3, 4, 6, 16}}));
  EXPECT_EQ(gradWidths, (Widths{{3, 4, 6, 16}}));
  EXPECT_EQ(stepWidths, (Widths{{2, 3, 4, 16}}));
  EXPECT_EQ(errorText([&] { runner.setWidths({8}); }),
            "linear.onnx: error: has 4 widths, not 1");
}

//===- CostTest.cpp - What costs are computed from ------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/cost/CostStages.h"
#include "compiler/cost/Csv.h"
#include "passes/cost/ElementwiseCost.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Parser/Parser.h"

#include <gtest/gtest.h>

using namespace frac;

namespace {
/// FracTrain's candidates on CIFAR, with weights of 4 bits.
const std::vector<RoleWidths> candidates = {
    {3, 4, 6}, {4, 4, 6}, {4, 4, 8}, {6, 4, 8}, {6, 4, 12}};
} // namespace

TEST(CostStages, CostPercent) {
  EXPECT_NEAR(getCostPercent({8, 8, 8}), 6.25, 1e-12);
  EXPECT_NEAR(getCostPercent({6, 6, 8}), 4.30, 5e-3);
  const double published[] = {1.76, 2.08, 2.60, 3.39, 4.69};
  for (size_t i = 0; i < candidates.size(); ++i)
    EXPECT_NEAR(getCostPercent(candidates[i]), published[i], 5e-3);
}

TEST(CostStages, MixesTheNeighboursOfTheTarget) {
  // 80 and 104 of 3072: 3 % is 92.16, 12.16 of 24 from the lower.
  std::string note;
  std::vector<WidthShare> mixture = mixCandidates(candidates, 3, note);
  ASSERT_EQ(mixture.size(), 2u);
  EXPECT_EQ(mixture[0].widths, (RoleWidths{4, 4, 8}));
  EXPECT_EQ(mixture[1].widths, (RoleWidths{6, 4, 8}));
  EXPECT_NEAR(mixture[1].share, 12.16 / 24, 1e-12);
  EXPECT_NEAR(mixture[0].share + mixture[1].share, 1, 1e-12);
  EXPECT_EQ(note, "");
}

TEST(CostStages, TargetsOutOfReach) {
  std::string low, high;
  std::vector<WidthShare> mixture = mixCandidates(candidates, 1, low);
  ASSERT_EQ(mixture.size(), 1u);
  EXPECT_EQ(mixture[0].widths, (RoleWidths{3, 4, 6}));
  EXPECT_NE(low.find("below every candidate"), std::string::npos);
  mixture = mixCandidates(candidates, 9, high);
  ASSERT_EQ(mixture.size(), 1u);
  EXPECT_EQ(mixture[0].widths, (RoleWidths{6, 4, 12}));
  EXPECT_NE(high.find("above every candidate"), std::string::npos);
}

TEST(CostStages, SkippedSamplesCostNothing) {
  // Half of the target of the lowest candidate: half of the samples skip.
  std::string note;
  std::vector<WidthShare> mixture = mixCandidates(
      {{0, 4, 8}, {4, 4, 8}}, getCostPercent({4, 4, 8}) / 2, note);
  ASSERT_EQ(mixture.size(), 1u);
  EXPECT_EQ(mixture[0].widths, (RoleWidths{4, 4, 8}));
  EXPECT_NEAR(mixture[0].share, 0.5, 1e-12);
  EXPECT_EQ(note, "");
}

TEST(CostStages, ProductsThatNoSampleMaySkip) {
  Accelerator accelerator;
  const std::string overrides[] = {"precision.policy=dfq", "precision.weight=4",
                                   "precision.gate.forward=[0, 3, 4]",
                                   "precision.gate.backward=[0, 6, 8]",
                                   "precision.gate.target_cp=0.88"};
  llvm::Expected<CostSchedule> schedule =
      makeCostSchedule("", overrides, std::nullopt, 1, {}, accelerator);
  ASSERT_TRUE(static_cast<bool>(schedule));
  ASSERT_EQ(schedule->stages.size(), 1u);
  const CostStage &stage = schedule->stages.front();
  ASSERT_EQ(stage.widths.size(), 1u);
  EXPECT_EQ(stage.widths[0].widths, (RoleWidths{3, 4, 6}));
  EXPECT_NEAR(stage.widths[0].share, 0.88 / getCostPercent({3, 4, 6}), 1e-12);
  ASSERT_EQ(stage.unskipped.size(), 1u);
  EXPECT_EQ(stage.unskipped[0].widths, (RoleWidths{3, 4, 6}));
  EXPECT_EQ(stage.unskipped[0].share, 1);
}

TEST(CostStages, ParsesWidths) {
  llvm::Expected<RoleWidths> three = parseWidths("3/4/6");
  ASSERT_TRUE(static_cast<bool>(three));
  EXPECT_EQ(*three, (RoleWidths{3, 4, 6}));
  llvm::Expected<RoleWidths> one = parseWidths("8");
  ASSERT_TRUE(static_cast<bool>(one));
  EXPECT_EQ(*one, (RoleWidths{8, 8, 8}));
  for (const char *text : {"", "4/4", "1/4/4", "4/4/17", "a/4/4", "4/4/4/4"}) {
    llvm::Expected<RoleWidths> wrong = parseWidths(text);
    EXPECT_FALSE(static_cast<bool>(wrong)) << text;
    llvm::consumeError(wrong.takeError());
  }
}

TEST(ElementwiseCost, CountsLoops) {
  mlir::MLIRContext context;
  context
      .loadDialect<mlir::arith::ArithDialect, mlir::func::FuncDialect,
                   mlir::linalg::LinalgDialect, mlir::tensor::TensorDialect>();
  // Two operations on each of 10 x 4 elements; 40 and 4 floats are read, 40
  // bytes written.
  auto module = mlir::parseSourceString<mlir::ModuleOp>(R"(
    func.func @step(%x: tensor<?x4xf32>, %b: tensor<4xf32>, %o: tensor<?x4xi8>) -> tensor<?x4xi8> {
      %r = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>,
            affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i, j)>],
            iterator_types = ["parallel", "parallel"]}
            ins(%x, %b : tensor<?x4xf32>, tensor<4xf32>) outs(%o : tensor<?x4xi8>) {
      ^bb0(%a: f32, %c: f32, %d: i8):
        %s = arith.addf %a, %c : f32
        %q = arith.fptosi %s : f32 to i8
        linalg.yield %q : i8
      } -> tensor<?x4xi8>
      return %r : tensor<?x4xi8>
    })",
                                                        &context);
  ASSERT_TRUE(module);
  auto step = module->lookupSymbol<mlir::func::FuncOp>("step");
  ElementwiseWork work = countElementwiseWork(step, 10);
  EXPECT_EQ(work.operations, 80);
  EXPECT_EQ(work.readBits, (40 + 4) * 32);
  EXPECT_EQ(work.writeBits, 40 * 8);
}

TEST(Csv, QuotesWhatNeedsIt) {
  std::string text;
  llvm::raw_string_ostream out(text);
  writeCsvLine(out, {"plain", "a,b", "say \"no\"", ""});
  EXPECT_EQ(text, "plain,\"a,b\",\"say \"\"no\"\"\",\n");
}

//===- CostReport.h - Costs for people and machines -------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_COST_COSTREPORT_H
#define FRAC_PASSES_COST_COSTREPORT_H

#include "passes/cost/NetworkCost.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <string>
#include <vector>

namespace frac {

/// What a report says: the costs of stages and their mean.
struct CostReport {
  /// File name of the model, or name of the function.
  std::string subject;
  const CostModel *model = nullptr;
  int64_t batch = 0;
  TrainingMapping mapping = TrainingMapping::Best;
  /// What was assumed, one sentence each.
  std::vector<std::string> notes;

  std::vector<CostStage> stages;
  /// Of each stage, in their order.
  std::vector<StageCost> costs;
  /// Of an iteration, weighed by the shares of the stages.
  StageCost mean;
  /// Of all of training; 0 where no length is stated.
  double iterations = 0;
  /// Work that is no product, of one iteration; only with that extension.
  std::optional<CostSums> elementwise;
  /// The cost of an iteration at other widths throughout, for comparison, and
  /// what they are called.
  std::optional<CostSums> baseline;
  std::string baselineName;

  /// An iteration with its elementwise work.
  CostSums getTotal() const;
};

/// The name of a pass in a report: "forward", "error", "weight_gradient".
llvm::StringRef getPassName(size_t pass);

/// Computes the costs of `report.stages` and their mean; the rest of the report
/// must have been filled in. `products` must outlive it.
void evaluateReport(CostReport &report, llvm::ArrayRef<CostedProduct> products,
                    CostMemory &memory);

/// A table for people.
void printTable(const CostReport &report, llvm::raw_ostream &out);

/// The same for machines (docs/cost-model.md).
llvm::json::Object toJSON(const CostReport &report);

/// The shortest text that reads back as the same number.
std::string shortestText(double value);

/// The columns of `getCsvRow`.
std::vector<std::string> getCsvHeader();

/// One product of the mean as a row of a table. Numbers that are not known are
/// empty.
std::vector<std::string> getCsvRow(const ProductCost &cost);

} // namespace frac

#endif // FRAC_PASSES_COST_COSTREPORT_H

//===- Estimate.cpp - fracc estimate --------------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/cost/CostStages.h"
#include "compiler/cost/Csv.h"
#include "compiler/cost/ShapesTable.h"
#include "compiler/driver/Context.h"
#include "compiler/driver/Driver.h"
#include "compiler/driver/ImportModel.h"
#include "compiler/driver/InspectGates.h"
#include "compiler/driver/OutputFile.h"
#include "compiler/pipeline/Pipelines.h"
#include "passes/cost/CostReport.h"
#include "passes/cost/ElementwiseCost.h"

#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace frac;

namespace {

/// One run of `fracc estimate` on a model. Each step returns an error, or
/// failure after it has printed what is wrong.
class ModelEstimate {
public:
  explicit ModelEstimate(const EstimateOptions &options)
      : options(options), diagnostics(options.modelPath),
        context(createCompilerContext()), handler(*context, options.modelPath) {
  }

  LogicalResult run();

private:
  llvm::Error prepare();
  LogicalResult import();
  llvm::Error findSkippable();
  void evaluate();
  LogicalResult evaluateElementwise();
  void markSkippable();
  void useLayerWidths();
  LogicalResult exportLayerWidths();
  llvm::Error write(llvm::StringRef path,
                    llvm::function_ref<void(llvm::raw_ostream &)> print);
  llvm::Error print();
  LogicalResult report(llvm::Error error);

  const EstimateOptions &options;
  frontend::Diagnostics diagnostics;
  std::unique_ptr<MLIRContext> context;
  ModelDiagnosticHandler handler;
  ImportedModel imported;
  std::unique_ptr<CostModel> model;
  CostSchedule schedule;
  std::optional<RoleWidths> baseline;
  /// Nodes that a gate may let samples skip.
  llvm::StringSet<> skippable;
  std::vector<CostedProduct> products;
  CostReport costs;
};

} // namespace

/// Prints an error that is not about the model, unless it is none.
LogicalResult ModelEstimate::report(llvm::Error error) {
  if (!error)
    return success();
  printErrors(std::move(error));
  return failure();
}

/// Widths of an option that may be missing.
static llvm::Expected<std::optional<RoleWidths>>
parseOptionalWidths(llvm::StringRef flag, llvm::StringRef text) {
  if (text.empty())
    return std::nullopt;
  llvm::Expected<RoleWidths> widths = parseWidths(text);
  if (!widths)
    return llvm::createStringError(
        flag + ": error: " + llvm::toString(widths.takeError()));
  return *widths;
}

llvm::Error ModelEstimate::prepare() {
  auto made = makeCostModel(options.cost);
  if (!made)
    return made.takeError();
  model = std::move(*made);
  auto widths = parseOptionalWidths("--widths", options.widths);
  if (!widths)
    return widths.takeError();
  auto compared = parseOptionalWidths("--compare", options.compare);
  if (!compared)
    return compared.takeError();
  baseline = *compared;
  auto expected =
      makeCostSchedule(options.recipePath, options.overrides, *widths,
                       options.batch, options.length, model->accelerator());
  if (!expected)
    return expected.takeError();
  schedule = std::move(*expected);
  return llvm::Error::success();
}

/// Brings the model to where its products and their widths are seen.
LogicalResult ModelEstimate::import() {
  imported = importForTraining(options, *context, diagnostics);
  diagnostics.print(llvm::errs());
  if (!imported.module || failed(report(findSkippable())))
    return failure();
  PassManager passes(context.get(), ModuleOp::getOperationName());
  buildProgramPipeline(passes, *schedule.quantization);
  buildPrecisionPipeline(passes, *schedule.quantization);
  return passes.run(*imported.module);
}

/// Finds the blocks for the recipe's candidates of 0 bits, if it has any.
llvm::Error ModelEstimate::findSkippable() {
  if (schedule.stages.front().unskipped.empty())
    return llvm::Error::success();
  llvm::Expected<Recipe> recipe =
      Recipe::load(options.recipePath, options.overrides);
  if (!recipe)
    return recipe.takeError();
  for (const BlockSummary &block : summarizeBlocks(*imported.module, *recipe))
    if (block.canSkip)
      skippable.insert_range(block.contractions);
  if (skippable.empty())
    return llvm::createStringError(
        options.modelPath + ": error: a candidate has the width 0, but there "
                            "is no block that a sample can skip (fracc inspect "
                            "lists the blocks)");
  return llvm::Error::success();
}

void ModelEstimate::markSkippable() {
  if (skippable.empty())
    return;
  int64_t count = 0;
  for (CostedProduct &product : products) {
    product.canSkip = skippable.contains(product.name);
    count += product.canSkip;
  }
  schedule.notes.push_back(
      llvm::formatv("samples can skip {0} of {1} products; for the others the "
                    "mixture is one of the candidates that run a block",
                    count, products.size())
          .str());
}

/// Lets the widths that the model's nodes have stand for the recipe's.
void ModelEstimate::useLayerWidths() {
  llvm::ArrayRef<frontend::LayerWidths> layers =
      imported.model->getLayerWidths();
  if (layers.empty())
    return;
  if (!options.widths.empty()) {
    schedule.notes.push_back("the widths in the model are not used, as "
                             "--widths is given");
    return;
  }
  llvm::StringMap<const frontend::LayerWidths *> byNode;
  for (const frontend::LayerWidths &layer : layers)
    byNode[layer.node] = &layer;
  for (CostedProduct &product : products) {
    auto layer = byNode.find(product.name);
    if (layer == byNode.end())
      continue;
    if (int bits = layer->second->activation)
      product.setWidth(SymbolRole::Activation, bits);
    if (int bits = layer->second->weight)
      product.setWidth(SymbolRole::Weight, bits);
  }
  schedule.notes.push_back(
      "activations and weights of " + std::to_string(layers.size()) +
      " layers have the widths that the model says (act_size, weight_size)");
}

/// Writes the widths of the forward products into a copy of the model.
LogicalResult ModelEstimate::exportLayerWidths() {
  if (options.zigzagPath.empty())
    return success();
  if (schedule.stages.size() != 1 || schedule.stages.front().widths.size() != 1)
    return report(llvm::createStringError(
        "--export-zigzag: error: the recipe has more than one width for a "
        "layer; give one by --widths"));
  const RoleWidths &widths = schedule.stages.front().widths.front().widths;
  std::vector<frontend::LayerWidths> layers;
  for (const CostedProduct &product : products)
    if (product.pass == Product::Forward)
      layers.push_back({product.name, product.left.at(widths),
                        product.right.at(widths),
                        static_cast<int>(accumulatorBits)});
  OutputFile output(options.zigzagPath);
  if (!frontend::writeWithLayerWidths(*imported.model, layers,
                                      output.getStream(), diagnostics)) {
    diagnostics.print(llvm::errs());
    return failure();
  }
  return report(output.commit());
}

void ModelEstimate::evaluate() {
  auto step = imported.module->lookupSymbol<func::FuncOp>("step");
  if (step)
    products = listCostedProducts(step, options.batch, options.allWindows);
  markSkippable();
  useLayerWidths();
  CostMemory memory(*model);
  costs.subject = llvm::sys::path::filename(options.modelPath).str();
  costs.model = model.get();
  costs.batch = options.batch;
  costs.mapping = options.mapping;
  costs.notes = schedule.notes;
  costs.stages = schedule.stages;
  costs.iterations = schedule.iterations;
  evaluateReport(costs, products, memory);
  if (baseline) {
    costs.baseline =
        costStage(products, {"", {{*baseline, 1}}, 1}, options.mapping, memory)
            .total;
    costs.baselineName = options.compare;
  }
}

LogicalResult ModelEstimate::evaluateElementwise() {
  if (!model->accelerator().extensions.elementwise)
    return success();
  // Products are as the module has them now; loops come from a copy.
  OwningOpRef<ModuleOp> loops = imported.module->clone();
  PassManager passes(context.get(), ModuleOp::getOperationName());
  buildLoopPipeline(passes);
  if (failed(passes.run(*loops)))
    return failure();
  if (auto step = loops->lookupSymbol<func::FuncOp>("step"))
    costs.elementwise =
        costElementwise(countElementwiseWork(step, options.batch), *model);
  return success();
}

llvm::Error
ModelEstimate::write(llvm::StringRef path,
                     llvm::function_ref<void(llvm::raw_ostream &)> print) {
  if (path.empty())
    return llvm::Error::success();
  OutputFile output(path);
  print(output.getStream());
  return output.commit();
}

llvm::Error ModelEstimate::print() {
  if (llvm::Error error = write(options.jsonPath, [&](llvm::raw_ostream &out) {
        out << llvm::formatv("{0:2}\n", llvm::json::Value(toJSON(costs)));
      }))
    return error;
  if (llvm::Error error = write(options.csvPath, [&](llvm::raw_ostream &out) {
        writeCsvLine(out, getCsvHeader());
        for (const ProductCost &cost : costs.mean.products)
          writeCsvLine(out, getCsvRow(cost));
      }))
    return error;
  OutputFile table("");
  printTable(costs, table.getStream());
  return table.commit();
}

LogicalResult ModelEstimate::run() {
  if (failed(report(prepare())) || failed(import()))
    return failure();
  evaluate();
  if (failed(evaluateElementwise()) || failed(exportLayerWidths()))
    return failure();
  return report(print());
}

/// A table of shapes in place of a model.
static llvm::Error estimateTable(const EstimateOptions &options) {
  OutputFile output(options.csvPath);
  if (llvm::Error error = estimateShapes(options.shapesPath, options.cost,
                                         output.getStream(), llvm::errs()))
    return error;
  return output.commit();
}

int frac::estimateModel(const EstimateOptions &options) {
  if (options.shapesPath.empty())
    return succeeded(ModelEstimate(options).run()) ? 0 : 1;
  if (llvm::Error error = estimateTable(options)) {
    printErrors(std::move(error));
    return 1;
  }
  return 0;
}

//===- EstimateCost.cpp - Annotate contractions with their costs ----------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/cost/CostReport.h"
#include "passes/cost/Passes.h"
#include "runtime/toml/AcceleratorFile.h"

namespace frac {
#define GEN_PASS_DEF_ESTIMATECOST
#include "passes/cost/Passes.h.inc"
} // namespace frac

using namespace mlir;
using namespace frac;

namespace {

/// Widths of symbols that the options give, by role and by name.
struct GivenWidths {
  std::array<int, 3> byRole = {0, 0, 0};
  llvm::StringMap<int> byName;

  /// The expression with its symbol replaced, if a width is given for it.
  void resolve(WidthExpression &width) const;
};

struct EstimateCost : frac::impl::EstimateCostBase<EstimateCost> {
  using EstimateCostBase::EstimateCostBase;

  LogicalResult initialize(MLIRContext *context) override;
  void runOnOperation() override;

private:
  LogicalResult readWidths(Location loc);
  /// Annotates one function, and prints it or adds to `objects`.
  LogicalResult annotate(func::FuncOp function, llvm::json::Array &objects);
  DictionaryAttr makeAttribute(const ProductCost &cost);

  /// Shared by the copies of the pass, which only read it.
  std::shared_ptr<CostModel> costModel;
  GivenWidths given;
  TrainingMapping trainingMapping = TrainingMapping::Best;
};

} // namespace

void GivenWidths::resolve(WidthExpression &width) const {
  if (!width.isSymbol())
    return;
  auto named = byName.find(width.symbol);
  int bits = named != byName.end() ? named->second
                                   : byRole[static_cast<size_t>(width.role)];
  if (bits == 0)
    return;
  width.bits = bits;
  width.symbol.clear();
}

LogicalResult EstimateCost::readWidths(Location loc) {
  for (const std::string &text : widths) {
    auto [name, value] = StringRef(text).split('=');
    int bits = 0;
    if (value.getAsInteger(10, bits) || bits < 1 || bits > floatOperandBits)
      return emitError(loc)
             << "width '" << text << "' is not NAME=BITS with 1 to "
             << floatOperandBits << " bits";
    bool isRole = false;
    for (SymbolRole role :
         {SymbolRole::Activation, SymbolRole::Weight, SymbolRole::Error})
      if (name == symbolRoleName(role)) {
        given.byRole[static_cast<size_t>(role)] = bits;
        isRole = true;
      }
    if (!isRole)
      given.byName[name] = bits;
  }
  return success();
}

LogicalResult EstimateCost::initialize(MLIRContext *context) {
  Location loc = UnknownLoc::get(context);
  const CostModelKind *kind = findCostModel(model);
  if (!kind)
    return emitError(loc) << "there is no cost model '" << model << "'";
  AcceleratorResult loaded = loadAccelerator(accelerator);
  for (const std::string &problem : loaded.problems)
    emitError(loc) << problem;
  if (!loaded.accelerator)
    return failure();
  for (const std::string &text : extensions) {
    auto [name, value] = StringRef(text).split('=');
    std::string wrong = setCostExtension(loaded.accelerator->extensions,
                                         name.str(), value.str());
    if (!wrong.empty())
      return emitError(loc) << wrong;
  }
  for (const std::string &problem : checkAccelerator(*loaded.accelerator))
    return emitError(loc) << problem;
  if (batch < 1)
    return emitError(loc) << "the batch must be at least 1, not "
                          << static_cast<int64_t>(batch);
  if (print != "" && print != "table" && print != "json")
    return emitError(loc) << "print takes 'table' or 'json', not '" << print
                          << "'";
  if (mapping == trainingMappingName(TrainingMapping::Reference))
    trainingMapping = TrainingMapping::Reference;
  else if (mapping != trainingMappingName(TrainingMapping::Best))
    return emitError(loc) << "mapping takes 'best' or 'reference', not '"
                          << mapping << "'";
  if (failed(readWidths(loc)))
    return failure();
  costModel = kind->make(*loaded.accelerator);
  return success();
}

/// A number, or the symbol that it waits for.
static Attribute getWidthAttribute(const WidthExpression &width,
                                   Builder &builder) {
  if (width.isSymbol())
    return FlatSymbolRefAttr::get(builder.getContext(), width.symbol);
  return builder.getI64IntegerAttr(width.bits);
}

DictionaryAttr EstimateCost::makeAttribute(const ProductCost &cost) {
  Builder builder(&getContext());
  const CostedProduct &product = *cost.product;
  NamedAttrList entries;
  auto integer = [&](StringRef name, double value) {
    entries.append(name,
                   builder.getI64IntegerAttr(static_cast<int64_t>(value)));
  };
  entries.append("model", builder.getStringAttr(costModel->name()));
  entries.append("accelerator",
                 builder.getStringAttr(costModel->accelerator().name));
  entries.append("batch", builder.getI64IntegerAttr(batch));
  entries.append("pass", builder.getStringAttr(getProductName(product.pass)));
  entries.append("left", getWidthAttribute(product.left, builder));
  entries.append("right", getWidthAttribute(product.right, builder));
  if (product.left.isSymbol() || product.right.isSymbol())
    return entries.getDictionary(&getContext());
  if (cost.status != CostStatus::Ok) {
    entries.append("refused", builder.getStringAttr(cost.reason));
    return entries.getDictionary(&getContext());
  }
  integer("compute_cycles", cost.sums.computeCycles);
  integer("stall_cycles", cost.sums.stallCycles);
  integer("total_cycles", cost.sums.totalCycles);
  integer("dram_read_bits", cost.sums.dramRead);
  integer("dram_write_bits", cost.sums.dramWrite);
  entries.append("energy_nj", builder.getF64FloatAttr(cost.sums.energy.total));
  if (!cost.extensions.empty())
    entries.append("extensions",
                   builder.getStringAttr(cost.extensions.text(",")));
  return entries.getDictionary(&getContext());
}

LogicalResult EstimateCost::annotate(func::FuncOp function,
                                     llvm::json::Array &objects) {
  std::vector<CostedProduct> products = listCostedProducts(function, batch);
  CostMemory memory(*costModel);
  bool isResolved = true;
  for (CostedProduct &product : products) {
    given.resolve(product.left);
    given.resolve(product.right);
    bool isKnown = !product.left.isSymbol() && !product.right.isSymbol();
    isResolved &= isKnown;
    ProductCost cost;
    cost.product = &product;
    // What waits for a width needs no search.
    if (isKnown)
      cost = costProduct(product, {{}}, trainingMapping, memory);
    product.op->setAttr("frac.cost", makeAttribute(cost));
  }
  if (print.empty() || products.empty())
    return success();
  if (!isResolved)
    return function.emitError()
           << "has widths that are symbols; to print costs, give them by "
              "widths=activation=8,weight=8,error=8";
  CostReport report;
  report.subject = "@" + function.getName().str();
  report.model = costModel.get();
  report.batch = batch;
  report.mapping = trainingMapping;
  report.stages = {{"", {{}}, 1}};
  evaluateReport(report, products, memory);
  if (print == "json")
    objects.push_back(toJSON(report));
  else
    printTable(report, llvm::outs());
  return success();
}

void EstimateCost::runOnOperation() {
  llvm::json::Array objects;
  WalkResult result = getOperation().walk([&](func::FuncOp function) {
    if (!function.isExternal() && !function.getBody().hasOneBlock()) {
      function.emitRemark() << "left as it is: how often each of its blocks "
                               "runs is not known";
      return WalkResult::advance();
    }
    return WalkResult(annotate(function, objects));
  });
  if (result.wasInterrupted())
    return signalPassFailure();
  if (print == "json")
    llvm::outs() << llvm::formatv("{0:2}\n",
                                  llvm::json::Value(std::move(objects)));
}

//===- InsertGates.cpp - A gate for each block ----------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/interfaces/FloatLocation.h"
#include "dialects/interfaces/NodeName.h"
#include "dialects/interfaces/TrainingModeOpInterface.h"
#include "passes/gate/GateCost.h"
#include "passes/gate/GateNetwork.h"
#include "passes/gate/Passes.h"
#include "passes/gate/SkipChoice.h"
#include "passes/precision/LayerChoice.h"
#include "runtime/frac_runtime.h"

namespace frac {
#define GEN_PASS_DEF_INSERTGATES
#include "passes/gate/Passes.h.inc"
} // namespace frac

using namespace mlir;
using namespace frac;

namespace {

struct InsertGates : frac::impl::InsertGatesBase<InsertGates> {
  using InsertGatesBase::InsertGatesBase;

  void runOnOperation() override;

private:
  LogicalResult checkOptions();
  LogicalResult checkSkips(ArrayRef<GatedBlock> blocks);
  GateSizes getSizes(ArrayRef<ContractionOpInterface> contractions) const;
  void mixFactors(const GatedBlock &block, int64_t index, Value choice,
                  const GateNumbers &numbers, const SkipChoice *skip);
  void addResults(func::FuncOp forward, const GateCost &cost);

  /// The candidates of 0 bits.
  SmallVector<int64_t> skips;
};

} // namespace

LogicalResult InsertGates::checkOptions() {
  if (forward.empty() || forward.size() != backward.size())
    return getOperation().emitError()
           << "gates need as many widths of errors as of activations, at least "
              "one; there are "
           << backward.size() << " and " << forward.size();
  for (int64_t width : llvm::concat<const int64_t>(forward, backward))
    if (width != 0 &&
        (width < precision::minBits || width > precision::maxBits))
      return getOperation().emitError()
             << "a candidate has the width " << width << ", which is not in "
             << precision::minBits << " to " << precision::maxBits
             << ", and not 0";
  skips.clear();
  for (auto [index, pair] : llvm::enumerate(llvm::zip(forward, backward))) {
    auto [activation, error] = pair;
    if ((activation == 0) != (error == 0))
      return getOperation().emitError()
             << "a candidate has the widths " << activation << " and " << error
             << "; one that skips a block has 0 and 0";
    if (activation == 0)
      skips.push_back(static_cast<int64_t>(index));
  }
  if (skips.size() == forward.size())
    return getOperation().emitError()
           << "every candidate has the width 0; at least one must run a block";
  return success();
}

/// Checks that there is a block for candidates of 0 bits.
LogicalResult InsertGates::checkSkips(ArrayRef<GatedBlock> blocks) {
  if (skips.empty() || llvm::any_of(blocks, [](const GatedBlock &block) {
        return block.canSkip;
      }))
    return success();
  return getOperation().emitError()
         << "a candidate has the width 0, but there is no block that a sample "
            "can skip: a residual block that adds its own entry, without "
            "depthwise contractions or any that stay in float, under the "
            "granularity 'block'";
}

GateSizes
InsertGates::getSizes(ArrayRef<ContractionOpInterface> contractions) const {
  bool isMobile = llvm::any_of(
      contractions, [](ContractionOpInterface op) { return op.isDepthwise(); });
  GateSizes sizes;
  sizes.features.assign(features.begin(), features.end());
  if (sizes.features.empty())
    sizes.features =
        isMobile ? SmallVector<int64_t>{64, 32} : SmallVector<int64_t>{32, 16};
  sizes.hidden = hidden > 0 ? hidden.getValue() : isMobile ? 32 : 16;
  sizes.candidates = static_cast<int64_t>(forward.size());
  return sizes;
}

/// For each row of `choice` the width that it picks, from `least` to the
/// largest of `bounds`.
static Value pickWidths(AdjointBuilder &b, Value choice, Value widths,
                        int64_t least, ArrayRef<int64_t> bounds) {
  auto type = cast<RankedTensorType>(choice.getType());
  Value rows = nn::BroadcastOp::create(b, type, widths, b.dynamicSizes(choice),
                                       ArrayRef<int64_t>{1});
  auto sums = type.clone(type.getShape().take_front());
  Value picked = nn::ReduceOp::create(
      b, sums, nn::ReduceKind::sum, b.mul(choice, rows), ArrayRef<int64_t>{1});
  auto integers = sums.clone(b.getI32Type());
  Value width = arith::FPToSIOp::create(b, integers, picked);
  // No winner is possible where scores are no numbers; storage is safe still.
  auto bound = [&](int64_t value) -> Value {
    Value number = arith::ConstantOp::create(
        b, b.getI32IntegerAttr(static_cast<int32_t>(value)));
    return tensor::SplatOp::create(b, integers, number, b.dynamicSizes(width));
  };
  width = arith::MaxSIOp::create(b, width, bound(least));
  return arith::MinSIOp::create(
      b, width, bound(*std::max_element(bounds.begin(), bounds.end())));
}

/// Lets `choice` decide on the factors of the block's contractions that depend
/// on the samples. If it may skip the block, `skip` is what follows from it.
void InsertGates::mixFactors(const GatedBlock &block, int64_t index,
                             Value choice, const GateNumbers &numbers,
                             const SkipChoice *skip) {
  OpBuilder builder(choice.getContext());
  builder.setInsertionPointAfterValue(skip ? skip->besides : choice);
  AdjointBuilder b(choice.getLoc(), builder);
  int64_t least = skip ? 0 : precision::minBits;
  Value errors = pickWidths(b, choice, numbers.backward, least, backward);
  Value evaluated = choice;
  if (skip) {
    // What runs, and what is computed besides, each at its width.
    evaluated = b.add(choice, skip->besides);
    choice = skip->width;
  }
  Value widths = pickWidths(b, evaluated, numbers.forward, least, forward);
  Value rows = skip ? skip->ranged : Value();
  llvm::DenseMap<Value, Value> mixed;
  for (ContractionOpInterface op : block.contractions)
    for (unsigned place : {op.getLeftFactor(), op.getRightFactor()}) {
      Value factor = op->getOperand(place);
      auto type = dyn_cast<RankedTensorType>(factor.getType());
      if (!type || type.getRank() == 0 || !type.isDynamicDim(0))
        continue;
      Value &mix = mixed[factor];
      if (!mix) {
        // The first of its readers: contractions are in order.
        builder.setInsertionPoint(op);
        mix = precision::MixOp::create(builder, op->getLoc(), type, factor,
                                       choice, widths, errors, numbers.forward,
                                       numbers.sampling, rows, index);
      }
      op->setOperand(place, mix);
    }
}

/// Lets the model return the cost.
void InsertGates::addResults(func::FuncOp forward, const GateCost &cost) {
  Operation *terminator = forward.getBody().front().getTerminator();
  unsigned count = terminator->getNumOperands();
  Value results[] = {cost.penalty, cost.choices};
  terminator->insertOperands(count, results);
  OpBuilder builder(&getContext());
  StringRef kinds[] = {"penalty", "choices"};
  for (unsigned i = 0; i < 2; ++i) {
    DictionaryAttr attributes = builder.getDictionaryAttr(
        builder.getNamedAttr("frac.kind", builder.getStringAttr(kinds[i])));
    // Fails only where the function has no body.
    (void)forward.insertResult(count + i, results[i].getType(), attributes);
  }
}

void InsertGates::runOnOperation() {
  ModuleOp module = getOperation();
  SymbolTable symbols(module);
  auto function = symbols.lookup<func::FuncOp>("forward");
  if (!function || !function.getBody().hasOneBlock()) {
    module.emitError() << "needs a function 'forward' of one block";
    return signalPassFailure();
  }
  if (failed(checkOptions()))
    return signalPassFailure();
  llvm::Expected<LayerChoice> choice = LayerChoice::parse(
      SmallVector<std::string>(keepFloat.begin(), keepFloat.end()));
  if (!choice) {
    module.emitError() << llvm::toString(choice.takeError());
    return signalPassFailure();
  }
  SmallVector<ContractionOpInterface> contractions(
      function.getOps<ContractionOpInterface>());
  std::vector<GatedBlock> blocks =
      findGatedBlocks(function, choice->select(contractions), granularity);
  if (blocks.empty()) {
    module.emitError() << "there is no block to gate: every contraction stays "
                          "in float (precision.keep_float), is depthwise, or "
                          "works on rows that are not samples one by one";
    return signalPassFailure();
  }

  if (failed(checkSkips(blocks)))
    return signalPassFailure();

  auto count = static_cast<int64_t>(forward.size());
  OpBuilder builder(&getContext());
  Location loc =
      createFloatLocation(NameLoc::get(builder.getStringAttr("gate")));
  unsigned place = function.getNumArguments();
  (void)function.insertArgument(
      place,
      RankedTensorType::get({FRAC_GATE_SIZE + 3 * count}, builder.getF32Type()),
      builder.getDictionaryAttr(
          builder.getNamedAttr("frac.kind", builder.getStringAttr("gates"))),
      loc);
  Block &body = function.getBody().front();
  builder.setInsertionPointToStart(&body);
  AdjointBuilder atStart(loc, builder);
  GateNumbers numbers(atStart, function.getArgument(place), count);
  Value forced = numbers.get(atStart, FRAC_GATE_FORCED);
  // The model takes from the gates what they learn from the samples at hand:
  // with the weight that these have in the gates' own gradients, the same
  // samples would be weighed once more by the gate of each block before.
  Value attenuation =
      atStart.reciprocal(numbers.get(atStart, FRAC_GATE_PERIOD));

  Operation *last = function;
  for (auto global : module.getOps<ml_program::GlobalOp>())
    last = global;
  GateNetwork network(symbols, last, getSizes(contractions));
  SmallVector<Value> choices, besides;
  SmallVector<Attribute> described;
  llvm::DenseMap<Value, Value> merged;
  for (auto [index, block] : llvm::enumerate(blocks)) {
    if (Value exit = merged.lookup(block.entry))
      block.entry = exit;
    bool canSkip = block.canSkip && !skips.empty();
    builder.setInsertionPoint(canSkip ? block.operations.front()
                                      : block.contractions.front());
    AdjointBuilder b(createFloatLocation(NameLoc::get(
                         builder.getStringAttr(block.name + ".gate"))),
                     builder);
    ArrayRef<int64_t> withheld = canSkip ? ArrayRef<int64_t>() : skips;
    Value scores =
        network.build(b, block.name, block.entry, attenuation, withheld);
    scores = precision::SampleGradientOp::create(b, scores, numbers.sampling);
    Value choice = precision::ChooseOp::create(
        b, scores, allowForced(b, forced, withheld));
    choices.push_back(choice);
    std::optional<SkipChoice> skip;
    if (canSkip) {
      skip = buildSkipChoice(b, numbers, scores, choice, forced, skips);
      for (Operation *op : block.operations)
        if (auto modal = dyn_cast<TrainingModeOpInterface>(op))
          modal.restrictToSamples(skip->runs);
    }
    if (!skips.empty())
      besides.push_back(skip ? skip->besides : b.zeros(choice));
    mixFactors(block, static_cast<int64_t>(index), choice, numbers,
               skip ? &*skip : nullptr);
    if (skip)
      merged[block.exit] = mergeSkipped(block, skip->share);
    NamedAttrList attributes;
    attributes.set("name", builder.getStringAttr(block.name));
    attributes.set("macs", builder.getI64IntegerAttr(block.macs));
    attributes.set("depthwise_macs",
                   builder.getI64IntegerAttr(block.depthwiseMacs));
    if (canSkip)
      attributes.set("skips", builder.getUnitAttr());
    described.push_back(attributes.getDictionary(&getContext()));
  }
  builder.setInsertionPoint(body.getTerminator());
  AdjointBuilder atEnd(loc, builder);
  addResults(function, buildGateCost(atEnd, numbers, blocks, choices, besides));
  module->setAttr("frac.gated_blocks", builder.getArrayAttr(described));
  module->setAttr("frac.candidates", builder.getI64IntegerAttr(count));
}

//===- BuildTrainingProgram.cpp - Step, eval and grad of a model ----------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/adjoints/Gradients.h"
#include "dialects/interfaces/TrainingModeOpInterface.h"
#include "mlir/IR/SymbolTable.h"
#include "passes/train/Passes.h"
#include "runtime/frac_runtime.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace frac;

namespace frac {
#define GEN_PASS_DEF_BUILDTRAININGPROGRAM
#include "passes/train/Passes.h.inc"
} // namespace frac

static constexpr StringLiteral roleAttr = "frac.role";
static constexpr StringLiteral kindAttr = "frac.kind";
static constexpr StringLiteral ofAttr = "frac.of";

namespace {

/// Which of the three functions of a program is built.
enum class EntryKind { Step, Eval, Grad };

/// An entry under construction: a copy of the model up to its loss.
struct Entry {
  func::FuncOp function;
  /// Stands at the end of the body.
  OpBuilder builder;
  Value hyper;
  LossValues values;
  /// Added to the loss for its gradients; null where there is none.
  Value penalty;
  /// What was differentiated: the loss and the penalty.
  Value total;
  /// What the model returns besides for the runtime to see.
  SmallVector<Value> observed;
  SmallVector<RunningMean> observations;
};

struct BuildTrainingProgram
    : frac::impl::BuildTrainingProgramBase<BuildTrainingProgram> {
  using BuildTrainingProgramBase::BuildTrainingProgramBase;

  void runOnOperation() override;

private:
  LogicalResult buildStep(func::FuncOp forward, RankedTensorType target);
  void buildEval(func::FuncOp forward, RankedTensorType target);
  LogicalResult buildGrad(func::FuncOp forward, RankedTensorType target);

  /// Copies the model into a new function `name` with the loss behind it.
  Entry startEntry(EntryKind kind, StringRef name, func::FuncOp forward,
                   RankedTensorType targetType);

  /// Stores the running statistics that the model has observed.
  void storeObservations(Entry &entry);

  /// The gradients of the parameters in the order of `parameters`; null where
  /// the loss does not depend on one.
  FailureOr<SmallVector<Value>> differentiate(Entry &entry);

  /// The loss and the penalty, which `penaltyCap` bounds; the bound has no
  /// gradient. `factor` is what the penalty has been multiplied by, and the
  /// constant that stands for it until the gradients are built.
  Value addPenalty(Entry &entry, std::pair<Value, Value> &factor);

  /// A new variable for `parameter`, of its type and full of zeros.
  ml_program::GlobalOp createVariable(ml_program::GlobalOp parameter,
                                      StringRef suffix, StringRef role);

  SmallVector<ml_program::GlobalOp> parameters;
  /// What new variables are put behind.
  ml_program::GlobalOp lastVariable;
  std::optional<SymbolTable> symbols;
};

} // namespace

//===----------------------------------------------------------------------===//
// Parts of entries
//===----------------------------------------------------------------------===//

/// What the loss is taken of: the model's first output, or the logits that it
/// is the softmax of where the loss has a softmax of its own.
static Value getLossInput(LossKind kind, Value output) {
  if (kind != LossKind::SoftmaxCrossEntropy)
    return output;
  auto softmax = output.getDefiningOp<nn::SoftmaxOp>();
  if (softmax && softmax.getDimension() == 1)
    return softmax.getInput();
  return output;
}

Entry BuildTrainingProgram::startEntry(EntryKind kind, StringRef name,
                                       func::FuncOp forward,
                                       RankedTensorType targetType) {
  OpBuilder builder(forward);
  Location loc = forward.getLoc();
  SmallVector<Type> inputs(forward.getArgumentTypes());
  inputs.push_back(targetType);
  if (kind != EntryKind::Eval) {
    inputs.push_back(
        RankedTensorType::get({FRAC_HYPER_SIZE}, builder.getF32Type()));
    inputs.push_back(RankedTensorType::get({2}, builder.getI64Type()));
  }
  auto function = func::FuncOp::create(builder, loc, name,
                                       builder.getFunctionType(inputs, {}));
  if (ArrayAttr attributes = forward.getAllArgAttrs())
    for (auto [index, attribute] : llvm::enumerate(attributes))
      function.setArgAttrs(index, cast<DictionaryAttr>(attribute));

  Block *body = function.addEntryBlock();
  builder.setInsertionPointToEnd(body);
  IRMapping mapping;
  mapping.map(forward.getArguments(),
              body->getArguments().take_front(forward.getNumArguments()));
  for (Operation &op : forward.getBody().front().without_terminator())
    builder.clone(op, mapping);
  mergeGlobalLoads(*body);

  Entry entry{function, builder, Value(), LossValues(),
              Value(),  Value(), {},      {}};
  Value target = body->getArgument(forward.getNumArguments());
  Value counter;
  if (kind != EntryKind::Eval) {
    entry.hyper = body->getArguments().drop_back().back();
    counter = body->getArguments().back();
  }
  // A conversion may replace what the output is mapped to.
  SmallVector<Value> returned = {
      mapping.lookup(forward.getBody().front().getTerminator()->getOperand(0))};
  for (unsigned i = 1; i < forward.getNumResults(); ++i)
    if (forward.getResultAttr(i, kindAttr))
      returned.push_back(mapping.lookup(
          forward.getBody().front().getTerminator()->getOperand(i)));
  auto output = func::ReturnOp::create(builder, loc, returned);
  for (Operation &op : llvm::make_early_inc_range(*body)) {
    auto modal = dyn_cast<TrainingModeOpInterface>(op);
    if (!modal)
      continue;
    OpBuilder before(&op);
    if (kind == EntryKind::Eval)
      modal.convertToEvaluation(before);
    else
      modal.convertToTraining(before, counter, entry.observations);
  }
  Value result = getLossInput(loss, output.getOperand(0));
  unsigned next = 1;
  for (unsigned i = 1; i < forward.getNumResults(); ++i) {
    auto kind = forward.getResultAttrOfType<StringAttr>(i, kindAttr);
    if (!kind)
      continue;
    Value value = output.getOperand(next++);
    if (kind.getValue() == "penalty")
      entry.penalty = value;
    else
      entry.observed.push_back(value);
  }
  output.erase();
  entry.builder.setInsertionPointToEnd(body);
  entry.values = buildLoss(entry.builder, loc, loss, result, target);
  return entry;
}

/// Ends the entry: it returns `results`, and what nothing uses goes.
static void finishEntry(Entry &entry, ValueRange results) {
  func::FuncOp function = entry.function;
  func::ReturnOp::create(entry.builder, function.getLoc(), results);
  function.setFunctionType(entry.builder.getFunctionType(
      function.getArgumentTypes(), results.getTypes()));
  for (Operation &op :
       llvm::make_early_inc_range(llvm::reverse(function.getBody().front())))
    if (isOpTriviallyDead(&op))
      op.erase();
}

FailureOr<SmallVector<Value>>
BuildTrainingProgram::differentiate(Entry &entry) {
  llvm::DenseMap<StringRef, Value> loads;
  for (auto load : entry.function.getOps<ml_program::GlobalLoadOp>())
    loads[load.getGlobal().getLeafReference()] = load.getResult();
  SmallVector<Value> leaves;
  for (ml_program::GlobalOp parameter : parameters)
    if (Value load = loads.lookup(parameter.getSymName()))
      leaves.push_back(load);
  std::pair<Value, Value> factor;
  Value loss = entry.penalty ? addPenalty(entry, factor) : entry.values.loss;
  FailureOr<SmallVector<Value>> built =
      buildGradients(entry.builder, loss, Value(), leaves);
  if (failed(built))
    return failure();
  if (factor.second)
    factor.second.replaceAllUsesWith(factor.first);
  entry.total = loss;
  SmallVector<Value> gradients;
  auto *next = built->begin();
  for (ml_program::GlobalOp parameter : parameters)
    gradients.push_back(loads.contains(parameter.getSymName()) ? *next++
                                                               : Value());
  return gradients;
}

Value BuildTrainingProgram::addPenalty(Entry &entry,
                                       std::pair<Value, Value> &factor) {
  AdjointBuilder b(entry.penalty.getLoc(), entry.builder);
  Value loss = entry.values.loss, penalty = entry.penalty;
  if (penaltyCap <= 0)
    return b.add(loss, penalty);
  Value size = math::AbsFOp::create(b, penalty);
  Value bound = b.scale(loss, penaltyCap);
  Value isAbove = b.compare(arith::CmpFPredicate::OGT, size, bound);
  factor.first = b.select(isAbove, b.div(bound, size), b.constant(1, loss));
  factor.second = tensor::SplatOp::create(
      b, loss.getType(),
      arith::ConstantOp::create(b, b.getF32FloatAttr(1.0f)).getResult(),
      ValueRange());
  return b.add(loss, b.mul(penalty, factor.second));
}

void BuildTrainingProgram::storeObservations(Entry &entry) {
  // Two normalizations may share a variable: the second goes on from where the
  // first has left it.
  llvm::MapVector<SymbolRefAttr, Value> states;
  for (const RunningMean &mean : entry.observations) {
    auto load = mean.state.getDefiningOp<ml_program::GlobalLoadOp>();
    if (!load)
      continue;
    auto global = symbols->lookup<ml_program::GlobalOp>(
        load.getGlobal().getLeafReference());
    auto role = global->getAttrOfType<StringAttr>(roleAttr);
    if (!global.getIsMutable() || !role || role.getValue() != "state")
      continue;
    Value &state = states[load.getGlobal()];
    if (!state)
      state = mean.state;
    AdjointBuilder b(mean.observed.getLoc(), entry.builder);
    if (mean.mayBeUnseen) {
      Value change = b.sub(mean.observed, state);
      state = b.add(state, b.scale(change, 1.0 - mean.momentum));
      continue;
    }
    Value kept = b.scale(state, mean.momentum);
    state = b.add(kept, b.scale(mean.observed, 1.0 - mean.momentum));
  }
  for (auto [global, value] : states)
    ml_program::GlobalStoreOp::create(entry.builder, value.getLoc(), global,
                                      value);
}

ml_program::GlobalOp
BuildTrainingProgram::createVariable(ml_program::GlobalOp parameter,
                                     StringRef suffix, StringRef role) {
  OpBuilder builder(parameter.getContext());
  auto type = cast<RankedTensorType>(parameter.getType());
  std::string name = (parameter.getSymName() + "/" + suffix).str();
  auto variable = ml_program::GlobalOp::create(
      builder, parameter.getLoc(), name, type, /*is_mutable=*/true,
      builder.getZeroAttr(type), builder.getStringAttr("private"));
  variable->setAttr(roleAttr, builder.getStringAttr(role));
  variable->setAttr(ofAttr, parameter.getSymNameAttr());
  symbols->insert(variable, std::next(lastVariable->getIterator()));
  lastVariable = variable;
  return variable;
}

//===----------------------------------------------------------------------===//
// Entries
//===----------------------------------------------------------------------===//

LogicalResult BuildTrainingProgram::buildStep(func::FuncOp forward,
                                              RankedTensorType target) {
  Entry entry = startEntry(EntryKind::Step, "step", forward, target);
  FailureOr<SmallVector<Value>> gradients = differentiate(entry);
  if (failed(gradients))
    return failure();

  Location loc = forward.getLoc();
  AdjointBuilder b(loc, entry.builder);
  Hyper hyper(b, entry.hyper);
  SmallVector<Value> reached = llvm::to_vector(llvm::make_filter_range(
      *gradients, [](Value gradient) { return !!gradient; }));
  Value factor;
  Value norm = b.zeros(entry.values.loss);
  if (clipNorm && !reached.empty()) {
    Value total = buildGradientNorm(b, reached);
    factor = buildClipFactor(b, hyper, total);
    norm = b.splat(total, norm);
  }

  OptimizerOptions options{optimizer, momentum, nesterov};
  SmallVector<std::pair<ml_program::GlobalOp, Value>> stores;
  for (auto [parameter, gradient] : llvm::zip_equal(parameters, *gradients)) {
    if (!gradient)
      continue;
    Value bounded =
        factor ? b.mul(gradient, b.splat(factor, gradient)) : gradient;
    auto load = [&](ml_program::GlobalOp global) -> Value {
      return ml_program::GlobalLoadOp::create(
          b, global.getType(), FlatSymbolRefAttr::get(global.getSymNameAttr()));
    };
    SmallVector<ml_program::GlobalOp> slots;
    SmallVector<Value> slotValues;
    for (StringRef name : getSlotNames(options)) {
      slots.push_back(createVariable(parameter, name, "slot"));
      slotValues.push_back(load(slots.back()));
    }
    Update update =
        buildUpdate(b, options, hyper, load(parameter), bounded, slotValues);
    stores.emplace_back(parameter, update.parameter);
    for (auto [slot, value] : llvm::zip_equal(slots, update.slots))
      stores.emplace_back(slot, value);
  }
  mergeGlobalLoads(entry.function.getBody().front());
  for (auto [global, value] : stores)
    ml_program::GlobalStoreOp::create(
        b, FlatSymbolRefAttr::get(global.getSymNameAttr()), value);
  storeObservations(entry);
  SmallVector<Value> results = {entry.values.loss, entry.values.correct, norm};
  results.append(entry.observed);
  finishEntry(entry, results);
  return success();
}

void BuildTrainingProgram::buildEval(func::FuncOp forward,
                                     RankedTensorType target) {
  Entry entry = startEntry(EntryKind::Eval, "eval", forward, target);
  SmallVector<Value> results = {entry.values.loss, entry.values.correct};
  results.append(entry.observed);
  finishEntry(entry, results);
}

LogicalResult BuildTrainingProgram::buildGrad(func::FuncOp forward,
                                              RankedTensorType target) {
  Entry entry = startEntry(EntryKind::Grad, "grad", forward, target);
  FailureOr<SmallVector<Value>> gradients = differentiate(entry);
  if (failed(gradients))
    return failure();
  AdjointBuilder b(forward.getLoc(), entry.builder);
  for (auto [parameter, gradient] : llvm::zip_equal(parameters, *gradients)) {
    auto variable = createVariable(parameter, "gradient", "gradient");
    Value value = gradient;
    if (!value)
      value = arith::ConstantOp::create(
          b, cast<TypedAttr>(b.getZeroAttr(parameter.getType())));
    ml_program::GlobalStoreOp::create(
        b, FlatSymbolRefAttr::get(variable.getSymNameAttr()), value);
  }
  SmallVector<Value> results = {entry.total};
  results.append(entry.observed);
  finishEntry(entry, results);
  return success();
}

void BuildTrainingProgram::runOnOperation() {
  ModuleOp module = getOperation();
  symbols.emplace(module);
  parameters.clear();
  auto forward = symbols->lookup<func::FuncOp>("forward");
  if (!forward || !forward.getBody().hasOneBlock() ||
      forward.getNumResults() == 0) {
    module.emitError() << "needs a function 'forward' of one block and at "
                          "least one result";
    return signalPassFailure();
  }
  for (StringRef name : {"step", "eval", "grad"})
    if (symbols->lookup(name)) {
      module.emitError() << "already has a symbol '" << name << "'";
      return signalPassFailure();
    }
  FailureOr<RankedTensorType> target =
      getTargetType(loss, forward.getResultTypes().front(), forward.getLoc());
  if (failed(target))
    return signalPassFailure();
  for (auto global : module.getOps<ml_program::GlobalOp>()) {
    auto role = global->getAttrOfType<StringAttr>(roleAttr);
    if (role && role.getValue() == "parameter")
      parameters.push_back(global);
  }
  if (parameters.empty()) {
    module.emitError() << "there is no parameter to train; let at least one "
                          "float initializer be trainable";
    return signalPassFailure();
  }

  lastVariable = parameters.back();
  // Operations without a derivative are the same ones in step and grad.
  if (failed(buildStep(forward, *target)) ||
      failed(buildGrad(forward, *target)))
    return signalPassFailure();
  buildEval(forward, *target);
  symbols->erase(forward);
}

//===- QuantizeInference.cpp - Quantize functions of others ---------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/precision/QuantizeInference.h"

#include "dialects/interfaces/NodeName.h"
#include "dialects/interfaces/PaddingOpInterface.h"
#include "mlir/IR/SymbolTable.h"
#include "passes/precision/InferenceObstacles.h"
#include "passes/precision/QuantizedFactor.h"
#include "passes/precision/WeightAnalysis.h"
#include "llvm/ADT/StringMap.h"

#include <map>

using namespace mlir;
using namespace frac;
using precision::Role;

/// Widths of depthwise products, as in the published models of MobileNetV2.
static constexpr int64_t depthwiseBits = 8;
/// The variable that holds the widths where no argument does.
static constexpr StringRef tableName = "frac_widths";

namespace {

/// A tensor that contractions take in the same role.
struct Factor {
  Value tensor;
  Role role;
  /// The contraction that came first.
  Operation *first;
  /// Dimensions that together count the channels; empty for one range.
  SmallVector<int64_t> channels;
  /// The width if it is fixed.
  std::optional<int64_t> bits;
  /// Operands to replace.
  SmallVector<OpOperand *> uses;
  /// The name of the width if it is chosen, and its place in the table.
  FlatSymbolRefAttr symbol;
  int64_t place = 0;
};

/// What one function needs.
struct FunctionPlan {
  func::FuncOp function;
  std::vector<Factor> factors;
};

class InferenceQuantizer {
public:
  InferenceQuantizer(ModuleOp module, const InsertQuantizeOptions &options,
                     const LayerChoice &keepFloat)
      : module(module), options(options), keepFloat(keepFloat),
        symbols(module) {}

  LogicalResult run();

private:
  LogicalResult checkOptions();
  FailureOr<SmallVector<func::FuncOp>> getFunctions();
  void plan(func::FuncOp function);
  /// Says of each contraction outside of the functions that can be quantized
  /// where it lies.
  void reportOthers();
  bool isWanted(Role role) const;
  SmallVector<int64_t> getChannels(ContractionOpInterface op, unsigned operand);
  void createSymbol(Factor &factor, llvm::StringMap<int> &names);
  Value createTable(func::FuncOp function);
  void quantize(const Factor &factor, Value table);
  /// A remark at `op`, or an error if nothing may be left out.
  InFlightDiagnostic report(Operation *op);

  ModuleOp module;
  const InsertQuantizeOptions &options;
  const LayerChoice &keepFloat;
  SymbolTable symbols;
  std::vector<FunctionPlan> plans;
  /// What the integers of each symbol are stored in.
  std::vector<int32_t> widest;
  Operation *lastSymbol = nullptr;
  bool failed = false;
};

} // namespace

/// Whether the first result is a loss.
static bool returnsLoss(func::FuncOp function) {
  if (function.getNumResults() == 0)
    return false;
  auto type = dyn_cast<RankedTensorType>(function.getResultTypes().front());
  return type && type.getRank() == 0;
}

/// Whether the last argument is a seed and an iteration.
static bool takesCounter(func::FuncOp function) {
  if (function.getNumArguments() == 0)
    return false;
  auto type = dyn_cast<RankedTensorType>(function.getArgumentTypes().back());
  return type && type.getElementType().isInteger(64) &&
         type.getShape() == ArrayRef<int64_t>{2};
}

bool frac::isTrainingProgram(ModuleOp module) {
  bool hasEntry = false;
  for (auto function : module.getOps<func::FuncOp>()) {
    StringRef name = function.getName();
    if (name != "step" && name != "grad" && name != "eval")
      continue;
    if (function.isExternal() || !returnsLoss(function) ||
        (name != "eval" && !takesCounter(function)))
      return false;
    hasEntry = true;
  }
  return hasEntry;
}

InFlightDiagnostic InferenceQuantizer::report(Operation *op) {
  failed |= options.strict;
  return options.strict ? op->emitError() : op->emitRemark();
}

LogicalResult InferenceQuantizer::checkOptions() {
  for (auto [name, bits] :
       {std::pair<StringRef, int64_t>("activation-bits",
                                      options.activationBits),
        std::pair<StringRef, int64_t>("weight-bits", options.weightBits)})
    if (bits != 0 && (bits < precision::minBits || bits > precision::maxBits))
      return module.emitError()
             << name << " is 0 or " << precision::minBits << " to "
             << precision::maxBits << ", not " << bits;
  for (const std::string &role : options.roles)
    if (role != "activation" && role != "weight")
      return module.emitError() << "roles has '" << role
                                << "'; it takes 'activation' and 'weight'";
  if (options.weightGranularity != "channel" &&
      options.weightGranularity != "tensor")
    return module.emitError() << "weight-granularity is 'channel' or 'tensor', "
                                 "not '"
                              << options.weightGranularity << "'";
  if (options.table != "argument" && options.table != "global")
    return module.emitError()
           << "table is 'argument' or 'global', not '" << options.table << "'";
  return success();
}

FailureOr<SmallVector<func::FuncOp>> InferenceQuantizer::getFunctions() {
  SmallVector<func::FuncOp> functions;
  if (options.functions.empty()) {
    llvm::copy_if(module.getOps<func::FuncOp>(), std::back_inserter(functions),
                  [](func::FuncOp function) { return !function.isExternal(); });
  }
  for (const std::string &name : options.functions) {
    auto function = symbols.lookup<func::FuncOp>(name);
    if (!function || function.isExternal()) {
      module.emitError() << "there is no function '" << name
                         << "' with a body to quantize";
      return failure();
    }
    functions.push_back(function);
  }
  for (func::FuncOp function : functions)
    for (unsigned number : options.weightArguments)
      if (number >= function.getNumArguments()) {
        function.emitError()
            << "has no argument " << number << ", which weight-arguments names";
        return failure();
      }
  return functions;
}

bool InferenceQuantizer::isWanted(Role role) const {
  return options.roles.empty() ||
         llvm::is_contained(options.roles,
                            precision::stringifyRole(role).str());
}

void InferenceQuantizer::reportOthers() {
  module.walk([&](Operation *op) {
    if (!isa<ContractionOpInterface>(op) && !looksLikeProduct(op))
      return;
    Operation *top = op;
    while (top->getParentOp() != module)
      top = top->getParentOp();
    if (!isa<func::FuncOp>(top))
      report(op) << "left as it is: it lies in '" << top->getName()
                 << "', which is no func.func of this module";
  });
}

/// The channels of factor `operand`, without dimensions of extent 1; empty
/// with a remark if they cannot have a range each.
SmallVector<int64_t> InferenceQuantizer::getChannels(ContractionOpInterface op,
                                                     unsigned operand) {
  if (options.weightGranularity == "tensor")
    return {};
  auto type = cast<RankedTensorType>(op->getOperand(operand).getType());
  SmallVector<int64_t> all = op.getChannelDimensions(operand), channels;
  llvm::copy_if(all, std::back_inserter(channels),
                [&](int64_t dim) { return type.getDimSize(dim) != 1; });
  if (channels.empty())
    channels.assign(all.begin(),
                    all.end() - (all.size() > 1 ? all.size() - 1 : 0));
  if (channels.empty())
    return {};
  bool areNeighbours = channels.back() - channels.front() + 1 ==
                       static_cast<int64_t>(channels.size());
  bool areKnown = llvm::none_of(
      channels, [&](int64_t dim) { return type.isDynamicDim(dim); });
  if (areNeighbours && areKnown)
    return channels;
  report(op) << "its weights have one range for the tensor: their channels are "
             << (areNeighbours ? "not of known extents"
                               : "dimensions that are no neighbours");
  return {};
}

/// The operations between factor `operand` of `op` and what to quantize: up to
/// the first of the paddings with zeros behind it, if need be through reshapes.
static unsigned countPaddings(Operation *op, unsigned operand,
                              bool takesReshapes) {
  unsigned passed = 0, paddings = 0;
  Value value = op->getOperand(operand);
  while (Operation *definition = value.getDefiningOp()) {
    ++passed;
    auto padding = dyn_cast<PaddingOpInterface>(definition);
    if (padding && padding.addsZeros() &&
        isa<RankedTensorType>(definition->getOperand(0).getType()))
      paddings = passed;
    else if (!takesReshapes || !isReshape(definition))
      break;
    value = definition->getOperand(0);
  }
  return paddings;
}

/// The operand to quantize so that factor `operand` of `op` is quantized: that
/// of the padding with zeros behind it. The padding becomes one of this
/// contraction alone. A reshape lies between only where there is one range.
static OpOperand &getQuantizedOperand(Operation *op, unsigned operand,
                                      bool takesReshapes) {
  OpOperand *place = &op->getOpOperand(operand);
  for (unsigned count = countPaddings(op, operand, takesReshapes); count > 0;
       --count) {
    Operation *definition = place->get().getDefiningOp();
    if (!definition->hasOneUse()) {
      OpBuilder builder(place->getOwner());
      definition = builder.clone(*definition);
      place->set(definition->getResult(0));
    }
    place = &definition->getOpOperand(0);
  }
  return *place;
}

static void addFactor(FunctionPlan &plan, Value tensor, Role role,
                      Operation *first, ArrayRef<int64_t> channels,
                      int64_t bits) {
  Factor &factor = plan.factors.emplace_back();
  factor.tensor = tensor;
  factor.role = role;
  factor.first = first;
  factor.channels.assign(channels.begin(), channels.end());
  if (bits != 0)
    factor.bits = bits;
}

void InferenceQuantizer::plan(func::FuncOp function) {
  WeightAnalysis weights(function, options.weightArguments);
  SmallVector<ContractionOpInterface> contractions;
  function.walk([&](Operation *op) {
    if (auto contraction = dyn_cast<ContractionOpInterface>(op)) {
      std::string obstacle = findObstacle(function, contraction);
      if (obstacle.empty())
        contractions.push_back(contraction);
      else
        report(op) << "left as it is: " << obstacle;
    } else if (looksLikeProduct(op)) {
      report(op) << "left as it is: " << explainUnknownProduct(op);
    }
  });
  DenseSet<Operation *> kept = keepFloat.select(contractions);

  FunctionPlan &plan = plans.emplace_back();
  plan.function = function;
  using Key = std::tuple<void *, Role, int64_t, SmallVector<int64_t>>;
  std::map<Key, size_t> places;
  for (ContractionOpInterface op : contractions) {
    if (kept.contains(op))
      continue;
    unsigned left = op.getLeftFactor(), right = op.getRightFactor();
    bool isRightWeight = weights.isWeight(op->getOperand(right));
    for (unsigned operand : {left, right}) {
      if (getDequantization(op->getOperand(operand)))
        continue;
      // Of two weights the left one is what goes through the layer.
      bool isWeight = weights.isWeight(op->getOperand(operand)) &&
                      (operand == right || !isRightWeight);
      Role role = isWeight ? Role::weight : Role::activation;
      if (!isWanted(role))
        continue;
      OpOperand &place = getQuantizedOperand(op, operand, !isWeight);
      Value tensor = place.get();
      SmallVector<int64_t> channels;
      if (isWeight)
        channels = getChannels(op, operand);
      int64_t bits = isWeight ? options.weightBits : options.activationBits;
      if (options.fixDepthwise && op.isDepthwise())
        bits = depthwiseBits;
      auto [known, isNew] = places.try_emplace(
          {tensor.getAsOpaquePointer(), role, bits, channels},
          plan.factors.size());
      if (isNew)
        addFactor(plan, tensor, role, op, channels, bits);
      plan.factors[known->second].uses.push_back(&place);
    }
  }
}

/// The symbol of a width that is chosen, behind those that are there.
void InferenceQuantizer::createSymbol(Factor &factor,
                                      llvm::StringMap<int> &names) {
  StringRef layer = getNodeName(factor.first->getLoc());
  if (layer.empty())
    layer = factor.first->getName().stripDialect();
  std::string stem =
      (layer + "." + precision::stringifyRole(factor.role)).str();
  std::string name;
  do {
    int count = ++names[stem];
    name = count == 1 ? stem : stem + "." + std::to_string(count);
  } while (symbols.lookup(name));
  int64_t storage = factor.role == Role::weight ? options.weightStorage
                                                : options.activationStorage;
  OpBuilder builder(module.getContext());
  factor.place = static_cast<int64_t>(widest.size());
  factor.symbol = FlatSymbolRefAttr::get(module.getContext(), name);
  auto symbol = precision::SymbolOp::create(
      builder, factor.first->getLoc(), name, factor.role, layer, factor.place,
      storage, IntegerAttr(), /*block=*/IntegerAttr(), /*skips=*/false);
  widest.push_back(static_cast<int32_t>(storage));
  Block::iterator place = lastSymbol ? std::next(lastSymbol->getIterator())
                                     : module.getBody()->begin();
  symbols.insert(symbol, place);
  lastSymbol = symbol;
}

/// The table of widths, from where the option says.
Value InferenceQuantizer::createTable(func::FuncOp function) {
  Type word = IntegerType::get(module.getContext(), 32);
  auto symbolCount = static_cast<int64_t>(widest.size());
  Location loc = function.getLoc();
  if (options.table == "argument") {
    unsigned place = function.getNumArguments();
    auto type = RankedTensorType::get(symbolCount, word);
    // Fails only where the function has no block.
    (void)function.insertArgument(place, type, {}, loc);
    return function.getArgument(place);
  }
  auto type = MemRefType::get(symbolCount, word);
  OpBuilder builder = OpBuilder::atBlockBegin(&function.getBody().front());
  Value memory = memref::GetGlobalOp::create(builder, loc, type, tableName);
  return bufferization::ToTensorOp::create(
      builder, loc, RankedTensorType::get(symbolCount, word), memory,
      /*restrict=*/true);
}

/// Quantizes one factor where its tensor is made.
void InferenceQuantizer::quantize(const Factor &factor, Value table) {
  Location loc = factor.first->getLoc();
  OpBuilder builder(module.getContext());
  if (Operation *definition = factor.tensor.getDefiningOp())
    builder.setInsertionPointAfter(definition);
  else
    builder.setInsertionPointToStart(
        cast<BlockArgument>(factor.tensor).getOwner());
  // The table stands at the start as well.
  if (Operation *source = table ? table.getDefiningOp() : nullptr;
      source && source->getBlock() == builder.getInsertionBlock() &&
      !source->isBeforeInBlock(&*builder.getInsertionPoint()))
    builder.setInsertionPointAfter(source);

  auto original = cast<RankedTensorType>(factor.tensor.getType());
  Value tensor = factor.tensor;
  SmallVector<ReassociationIndices> groups;
  if (factor.channels.size() > 1) {
    for (int64_t dim = 0; dim < original.getRank(); ++dim)
      if (!llvm::is_contained(ArrayRef(factor.channels).drop_front(), dim))
        groups.push_back({dim});
      else
        groups.back().push_back(dim);
    tensor = tensor::CollapseShapeOp::create(builder, loc, tensor, groups);
  }
  auto type = cast<RankedTensorType>(tensor.getType());
  SmallVector<int64_t> scales;
  IntegerAttr dimension;
  if (!factor.channels.empty()) {
    scales.push_back(
        type.getDimSize(static_cast<unsigned>(factor.channels.front())));
    dimension = builder.getI64IntegerAttr(factor.channels.front());
  }
  Value bits;
  int64_t storage;
  if (factor.bits) {
    bits = precision::ConstantOp::create(builder, loc,
                                         static_cast<uint64_t>(*factor.bits));
    storage = *factor.bits > 8 ? 16 : 8;
  } else {
    bits = precision::ResolveOp::create(builder, loc, factor.symbol, table);
    storage = widest[static_cast<size_t>(factor.place)];
  }
  auto scaleType = RankedTensorType::get(scales, type.getElementType());
  auto range = precision::RangeOp::create(builder, loc, scaleType, scaleType,
                                          tensor, /*rows=*/Value(), dimension,
                                          /*symmetric=*/UnitAttr());
  auto integers = RankedTensorType::get(
      type.getShape(), builder.getIntegerType(static_cast<unsigned>(storage)));
  auto quantized = precision::QuantizeOp::create(
      builder, loc, integers, scaleType, tensor, range.getLow(),
      range.getHigh(), bits, /*counter=*/Value(), dimension, /*stream=*/0);
  Value numbers = precision::DequantizeOp::create(
      builder, loc, type, quantized.getIntegers(), quantized.getScale(),
      range.getLow(), bits, dimension);
  if (!groups.empty())
    numbers = tensor::ExpandShapeOp::create(
        builder, loc, original, numbers, groups,
        tensor::getMixedSizes(builder, loc, factor.tensor));
  for (OpOperand *use : factor.uses)
    use->set(numbers);
}

LogicalResult InferenceQuantizer::run() {
  if (mlir::failed(checkOptions()))
    return failure();
  FailureOr<SmallVector<func::FuncOp>> functions = getFunctions();
  if (mlir::failed(functions))
    return failure();
  for (func::FuncOp function : *functions)
    plan(function);
  if (options.functions.empty())
    reportOthers();

  llvm::StringMap<int> names;
  for (FunctionPlan &plan : plans) {
    bool needsTable = llvm::any_of(
        plan.factors, [](const Factor &factor) { return !factor.bits; });
    if (needsTable && options.table == "argument" &&
        !SymbolTable::symbolKnownUseEmpty(plan.function, module)) {
      report(plan.function)
          << "left as it is: it is called, so that it cannot get the table of "
             "widths as one more argument; use table=global or fixed widths";
      plan.factors.clear();
    }
    for (Factor &factor : plan.factors)
      if (!factor.bits)
        createSymbol(factor, names);
  }
  if (failed)
    return failure();
  if (!widest.empty() && options.table == "global") {
    if (symbols.lookup(tableName))
      return module.emitError() << "there is already a symbol @" << tableName;
    OpBuilder builder(module.getContext());
    auto size = static_cast<int64_t>(widest.size());
    auto type = RankedTensorType::get(size, builder.getI32Type());
    auto global = memref::GlobalOp::create(
        builder, module.getLoc(), tableName, /*sym_visibility=*/StringAttr(),
        MemRefType::get(size, builder.getI32Type()),
        DenseElementsAttr::get(type, ArrayRef<int32_t>(widest)),
        /*constant=*/false, /*alignment=*/IntegerAttr());
    symbols.insert(global, std::next(lastSymbol->getIterator()));
  }
  for (FunctionPlan &plan : plans) {
    Value table;
    if (llvm::any_of(plan.factors,
                     [](const Factor &factor) { return !factor.bits; }))
      table = createTable(plan.function);
    for (const Factor &factor : plan.factors)
      quantize(factor, table);
  }
  return success();
}

LogicalResult frac::quantizeInference(ModuleOp module,
                                      const InsertQuantizeOptions &options,
                                      const LayerChoice &keepFloat) {
  return InferenceQuantizer(module, options, keepFloat).run();
}

//===- InsertQuantize.cpp - Quantize the factors of contractions ----------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/adjoints/AdjointBuilder.h"
#include "dialects/interfaces/FloatLocation.h"
#include "dialects/interfaces/NodeName.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/SymbolTable.h"
#include "passes/precision/LayerChoice.h"
#include "passes/precision/Passes.h"
#include "passes/precision/Products.h"
#include "passes/precision/QuantizeInference.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringMap.h"

#include <map>

namespace frac {
#define GEN_PASS_DEF_INSERTQUANTIZE
#include "passes/precision/Passes.h.inc"
} // namespace frac

using namespace mlir;
using namespace frac;
using precision::Role;

/// Widths of depthwise products, as in the published models of MobileNetV2.
static constexpr int64_t depthwiseBits = 8;
static constexpr int64_t depthwiseErrorBits = 16;

namespace {

/// What is the same in all entries.
struct ProgramWidths {
  ModuleOp module;
  SymbolTable symbols;
  llvm::MapVector<StringAttr, precision::SymbolOp> widths;
  /// What new symbols are put behind.
  Operation *last = nullptr;

  explicit ProgramWidths(ModuleOp module) : module(module), symbols(module) {}
};

struct InsertQuantize : frac::impl::InsertQuantizeBase<InsertQuantize> {
  using InsertQuantizeBase::InsertQuantizeBase;

  void runOnOperation() override;

private:
  InsertQuantizeOptions getOptions() const;
};

/// Quantizes in one entry.
class EntryQuantizer {
public:
  EntryQuantizer(func::FuncOp function, const InsertQuantizeOptions &options,
                 ProgramWidths &program)
      : function(function), options(options), program(program),
        products(function), builder(function.getContext()) {}

  LogicalResult run(const LayerChoice &keepFloat);

  /// The table of widths; null if nothing was quantized.
  BlockArgument table;

private:
  void quantizeFactor(ContractionOpInterface op, unsigned operand);
  Value quantize(Value tensor, Role role, ContractionOpInterface op,
                 std::optional<int64_t> dimension);
  precision::SymbolOp getSymbol(StringRef layer, Role role,
                                std::optional<int64_t> fixed,
                                precision::MixOp mixture);
  int64_t getStorage(Role role) const;
  ml_program::GlobalOp getRunning(precision::SymbolOp symbol, StringRef suffix,
                                  Type type);
  Value loadRunning(ml_program::GlobalOp global, Location loc);
  void trackRange(precision::SymbolOp symbol, Value low, Value high,
                  bool mayBeUnseen, Location loc);
  std::pair<Value, Value> getKnownRange(precision::SymbolOp symbol, Value low,
                                        Value high, Location loc);

  LogicalResult eraseMixtures();

  func::FuncOp function;
  const InsertQuantizeOptions &options;
  ProgramWidths &program;
  Products products;
  OpBuilder builder;
  /// Names that this entry has given, by how often.
  llvm::StringMap<int> names;
  /// Dequantized tensors, by tensor, fixed width, the widths that a gate has
  /// chosen (an error may be that of several blocks) and whether there is one
  /// scale.
  std::map<std::tuple<void *, int64_t, void *, bool>, Value> done;
  /// The symbols of weights, and the dimensions of their scales.
  llvm::DenseMap<Value, precision::SymbolOp> weightSymbols;
  llvm::DenseMap<Value, std::optional<int64_t>> weightDimensions;
  /// The mixtures that gated contractions read, by location: the backward
  /// products of a contraction have its location.
  llvm::DenseMap<Location, precision::MixOp> mixtures;
};

} // namespace

/// Gives the function a table of `size` widths as its last input.
static BlockArgument addTable(func::FuncOp function, int64_t size) {
  auto type =
      RankedTensorType::get(size, IntegerType::get(function.getContext(), 32));
  unsigned place = function.getNumArguments();
  // Fails only where the entry has no block.
  (void)function.insertArgument(place, type, {}, function.getLoc());
  return function.getArgument(place);
}

int64_t EntryQuantizer::getStorage(Role role) const {
  switch (role) {
  case Role::activation:
    return options.activationStorage;
  case Role::weight:
    return options.weightStorage;
  case Role::error:
    return options.errorStorage;
  }
  return 0;
}

/// The symbol of the next tensor of that role and layer. Entries ask in the
/// same order, so that they get the same ones.
precision::SymbolOp EntryQuantizer::getSymbol(StringRef layer, Role role,
                                              std::optional<int64_t> fixed,
                                              precision::MixOp mixture) {
  std::string name = (layer + "." + precision::stringifyRole(role)).str();
  if (int count = ++names[name]; count > 1)
    name += "." + std::to_string(count);
  precision::SymbolOp &symbol =
      program.widths[StringAttr::get(builder.getContext(), name)];
  if (symbol)
    return symbol;
  OpBuilder atModule(builder.getContext());
  int64_t storage = getStorage(role);
  if (fixed)
    storage = *fixed > 8 ? 16 : 8;
  symbol = precision::SymbolOp::create(
      atModule, function.getLoc(), name, role, layer,
      static_cast<int64_t>(program.widths.size()) - 1, storage,
      fixed ? atModule.getI64IntegerAttr(*fixed) : IntegerAttr(),
      mixture ? mixture.getBlockAttr() : IntegerAttr(),
      mixture && mixture.getRows());
  Block::iterator place = program.last ? std::next(program.last->getIterator())
                                       : program.module.getBody()->begin();
  program.symbols.insert(symbol, place);
  program.last = symbol;
  return symbol;
}

/// The variable that follows one end of the ranges of a tensor.
ml_program::GlobalOp EntryQuantizer::getRunning(precision::SymbolOp symbol,
                                                StringRef suffix, Type type) {
  std::string name = (symbol.getSymName() + "/" + suffix).str();
  if (auto known = program.symbols.lookup<ml_program::GlobalOp>(name))
    return known;
  OpBuilder atModule(builder.getContext());
  auto variable = ml_program::GlobalOp::create(
      atModule, symbol.getLoc(), name, type, /*is_mutable=*/true,
      atModule.getZeroAttr(type), atModule.getStringAttr("private"));
  variable->setAttr("frac.role", atModule.getStringAttr("state"));
  program.symbols.insert(variable, std::next(program.last->getIterator()));
  return variable;
}

Value EntryQuantizer::loadRunning(ml_program::GlobalOp global, Location loc) {
  return ml_program::GlobalLoadOp::create(
      builder, loc, global.getType(),
      FlatSymbolRefAttr::get(global.getSymNameAttr()));
}

/// Moves the running range towards that of the batch, for its lower end and
/// its extent separately. If `mayBeUnseen`, a range without extent is that of
/// no samples, and moves nothing.
void EntryQuantizer::trackRange(precision::SymbolOp symbol, Value low,
                                Value high, bool mayBeUnseen, Location loc) {
  AdjointBuilder b(loc, builder);
  Value extent = b.sub(high, low);
  for (auto [suffix, value] :
       {std::pair<StringRef, Value>("range_low", low),
        std::pair<StringRef, Value>("range_extent", extent)}) {
    ml_program::GlobalOp running = getRunning(symbol, suffix, value.getType());
    Value known = loadRunning(running, loc);
    Value kept = b.scale(known, options.momentum);
    Value updated = b.add(kept, b.scale(value, 1.0 - options.momentum));
    if (mayBeUnseen) {
      Value seen =
          b.compare(arith::CmpFPredicate::OGT, extent, b.zeros(extent));
      updated = b.select(seen, updated, known);
    }
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPoint(function.getBody().front().getTerminator());
    ml_program::GlobalStoreOp::create(
        builder, loc, FlatSymbolRefAttr::get(running.getSymNameAttr()),
        updated);
  }
}

/// The running range; where none has been seen yet, `low` to `high`.
std::pair<Value, Value>
EntryQuantizer::getKnownRange(precision::SymbolOp symbol, Value low, Value high,
                              Location loc) {
  AdjointBuilder b(loc, builder);
  Value start =
      loadRunning(getRunning(symbol, "range_low", low.getType()), loc);
  Value extent =
      loadRunning(getRunning(symbol, "range_extent", low.getType()), loc);
  Value seen = b.compare(arith::CmpFPredicate::OGT, extent, b.zeros(extent));
  return {b.select(seen, start, low),
          b.select(seen, b.add(start, extent), high)};
}

/// Whether `op` reduces a tensor of type `type` to one number a channel: the
/// gradient of a bias.
static bool isSumOverChannels(Operation *op, RankedTensorType type) {
  if (op->getNumOperands() != 1 || op->getNumResults() != 1 || !isPure(op) ||
      op->hasTrait<OpTrait::Elementwise>() || isa<ContractionOpInterface>(op))
    return false;
  auto result = dyn_cast<RankedTensorType>(op->getResult(0).getType());
  return result && result.hasStaticShape() && !type.hasStaticShape() &&
         result.getNumElements() == type.getShape().back();
}

/// The number of rank 0 for each sample of `like`.
static Value repeatForSamples(OpBuilder &builder, Location loc, Value number,
                              Value like) {
  auto type = cast<RankedTensorType>(like.getType());
  Value scalar = tensor::ExtractOp::create(builder, loc, number);
  SmallVector<Value> sizes;
  if (type.isDynamicDim(0))
    sizes.push_back(tensor::DimOp::create(builder, loc, like, 0));
  auto numbers = RankedTensorType::get(
      {type.getDimSize(0)},
      cast<RankedTensorType>(number.getType()).getElementType());
  return tensor::SplatOp::create(builder, loc, numbers, scalar, sizes);
}

/// `ends`, one for each sample, but 0 where its width is 0: so are then the
/// numbers that are quantized in their range.
static Value clearUnneeded(OpBuilder &builder, Location loc, Value ends,
                           Value widths) {
  AdjointBuilder b(loc, builder);
  Value zero = arith::ConstantOp::create(b, b.getI32IntegerAttr(0));
  Value zeros = tensor::SplatOp::create(b, widths.getType(), zero,
                                        b.dynamicSizes(widths));
  Value isNeeded =
      arith::CmpIOp::create(b, arith::CmpIPredicate::ne, widths, zeros);
  return b.select(isNeeded, ends, b.zeros(ends));
}

/// `tensor` as the numbers that its integers stand for, quantized before `op`.
Value EntryQuantizer::quantize(Value tensor, Role role,
                               ContractionOpInterface op,
                               std::optional<int64_t> dimension) {
  std::optional<int64_t> fixed;
  if (options.fixDepthwise && op.isDepthwise())
    fixed = role == Role::error ? depthwiseErrorBits : depthwiseBits;
  bool oneScale = role == Role::weight && !dimension;
  // The widths that a gate chooses, and the tensor that it mixes.
  precision::MixOp mixture;
  if (role == Role::activation)
    mixture = tensor.getDefiningOp<precision::MixOp>();
  else if (role == Role::error && !op.isDepthwise())
    mixture = mixtures.lookup(op->getLoc());
  Value chosen;
  if (mixture)
    chosen =
        role == Role::error ? mixture.getErrorWidths() : mixture.getWidths();
  Value &known = done[{tensor.getAsOpaquePointer(), fixed.value_or(0),
                       chosen.getAsOpaquePointer(), oneScale}];
  if (known)
    return known;

  Location loc = op->getLoc();
  // An error has readers before its products.
  if (role == Role::error && tensor.getDefiningOp())
    builder.setInsertionPointAfterValue(tensor);
  else
    builder.setInsertionPoint(op);
  StringRef layer = getNodeName(loc);
  // Products of one layer share its weights, which the forward one names.
  precision::SymbolOp symbol =
      role == Role::weight ? weightSymbols.lookup(tensor) : nullptr;
  if (!symbol)
    symbol = getSymbol(layer.empty() ? op->getName().stripDialect() : layer,
                       role, fixed, mixture);
  if (role == Role::weight)
    weightSymbols[tensor] = symbol;
  if (!table)
    table = addTable(function, ShapedType::kDynamic);
  auto symbolName = FlatSymbolRefAttr::get(symbol.getSymNameAttr());
  Value bits;
  if (mixture)
    bits = precision::SampleBitsOp::create(builder, loc, symbolName, chosen);
  else
    bits = precision::ResolveOp::create(builder, loc, symbolName, table);

  auto type = cast<RankedTensorType>(tensor.getType());
  Value source =
      mixture && role == Role::activation ? mixture.getInput() : tensor;
  SmallVector<int64_t> scales;
  IntegerAttr dimensionAttr;
  if (dimension) {
    scales.push_back(type.getDimSize(*dimension));
    dimensionAttr = builder.getI64IntegerAttr(*dimension);
  }
  auto scaleType = RankedTensorType::get(scales, type.getElementType());
  bool skips = mixture && mixture.getRows();
  auto range = precision::RangeOp::create(
      builder, loc, scaleType, scaleType, source,
      role == Role::activation && skips ? mixture.getRows() : Value(),
      dimensionAttr, /*symmetric=*/UnitAttr());
  Value low = range.getLow(), high = range.getHigh();
  if (role == Role::activation) {
    if (function.getName() == "step")
      trackRange(symbol, low, high, skips, loc);
    else if (function.getName() == "eval")
      std::tie(low, high) = getKnownRange(symbol, low, high, loc);
  }
  if (mixture) {
    low = repeatForSamples(builder, loc, low, source);
    high = repeatForSamples(builder, loc, high, source);
    if (skips) {
      low = clearUnneeded(builder, loc, low, chosen);
      high = clearUnneeded(builder, loc, high, chosen);
    }
    scaleType = cast<RankedTensorType>(low.getType());
    dimensionAttr = builder.getI64IntegerAttr(0);
  }
  Value counter;
  int64_t stream = 0;
  if (role == Role::error && options.stochastic) {
    // The counter comes before the table.
    Block &body = function.getBody().front();
    counter = body.getArgument(body.getNumArguments() - 2);
    stream = symbol.getIndex();
  }
  Type element =
      builder.getIntegerType(static_cast<unsigned>(symbol.getMaxBits()));
  auto integers = RankedTensorType::get(type.getShape(), element);
  auto quantized = precision::QuantizeOp::create(
      builder, loc, integers, scaleType, source, low, high, bits, counter,
      dimensionAttr, stream);
  known = precision::DequantizeOp::create(
      builder, loc, type, quantized.getIntegers(), quantized.getScale(), low,
      bits, dimensionAttr);
  // A bias is added where the error is quantized, so that its gradient is a sum
  // of that.
  if (role == Role::error)
    tensor.replaceUsesWithIf(known, [&](OpOperand &use) {
      return isSumOverChannels(use.getOwner(), type);
    });
  return known;
}

void EntryQuantizer::quantizeFactor(ContractionOpInterface op,
                                    unsigned operand) {
  Value tensor = op->getOperand(operand);
  Role role = products.getRole(tensor);
  std::optional<int64_t> dimension;
  bool isErrorProduct = products.getProduct(op) == Product::Error;
  if (role == Role::weight && !(isErrorProduct && options.oneScaleForErrors)) {
    // The channels of the forward product, which came first.
    auto known = weightDimensions.find(tensor);
    if (known != weightDimensions.end())
      dimension = known->second;
    else if (operand == op.getRightFactor() &&
             op.getRightChannelDimension() >= 0)
      dimension = op.getRightChannelDimension();
    weightDimensions[tensor] = dimension;
  }
  op->setOperand(operand, quantize(tensor, role, op, dimension));
}

/// Where nothing was quantized a mixture is the tensor itself. What else reads
/// one would not have the widths that were chosen.
LogicalResult EntryQuantizer::eraseMixtures() {
  SmallVector<precision::MixOp> left(
      function.getBody().getOps<precision::MixOp>());
  for (precision::MixOp mixture : left) {
    for (Operation *user : mixture->getUsers())
      if (!isa<ContractionOpInterface>(user))
        return user->emitError()
               << "reads a factor whose width each sample has chosen, and is "
                  "no contraction";
    mixture.getResult().replaceAllUsesWith(mixture.getInput());
    mixture.erase();
  }
  return success();
}

LogicalResult EntryQuantizer::run(const LayerChoice &keepFloat) {
  SmallVector<ContractionOpInterface> forward, all;
  function.walk([&](ContractionOpInterface op) {
    if (isFloatLocation(op->getLoc()))
      return;
    all.push_back(op);
    if (products.getProduct(op) != Product::Forward)
      return;
    forward.push_back(op);
    for (Value operand : op->getOperands())
      if (auto mixture = operand.getDefiningOp<precision::MixOp>())
        mixtures[op->getLoc()] = mixture;
  });
  // The backward products of a layer have its location.
  DenseSet<Operation *> kept = keepFloat.select(forward);
  DenseSet<Attribute> keptLocations;
  for (Operation *op : kept)
    keptLocations.insert(op->getLoc());
  // Where there are gates, what none of them decides on.
  if (!mixtures.empty())
    for (ContractionOpInterface op : forward)
      if (!op.isDepthwise() && !mixtures.contains(op->getLoc()))
        keptLocations.insert(op->getLoc());
  for (ContractionOpInterface op : all) {
    Value left = op->getOperand(op.getLeftFactor());
    auto type = dyn_cast<RankedTensorType>(left.getType());
    if (keptLocations.contains(op->getLoc()) || !type ||
        !type.getElementType().isF32())
      continue;
    quantizeFactor(op, op.getLeftFactor());
    quantizeFactor(op, op.getRightFactor());
  }
  return eraseMixtures();
}

InsertQuantizeOptions InsertQuantize::getOptions() const {
  InsertQuantizeOptions options;
  options.keepFloat.assign(keepFloat.begin(), keepFloat.end());
  options.stochastic = stochastic;
  options.momentum = momentum;
  options.activationStorage = activationStorage;
  options.weightStorage = weightStorage;
  options.errorStorage = errorStorage;
  options.fixDepthwise = fixDepthwise;
  options.oneScaleForErrors = oneScaleForErrors;
  options.functions.assign(functions.begin(), functions.end());
  options.roles.assign(roles.begin(), roles.end());
  options.weightArguments.assign(weightArguments.begin(),
                                 weightArguments.end());
  options.activationBits = activationBits;
  options.weightBits = weightBits;
  options.weightGranularity = weightGranularity;
  options.table = table;
  options.strict = strict;
  return options;
}

void InsertQuantize::runOnOperation() {
  ModuleOp module = getOperation();
  InsertQuantizeOptions options = getOptions();
  for (int64_t storage :
       {options.activationStorage, options.weightStorage, options.errorStorage})
    if (storage != 8 && storage != 16) {
      module.emitError() << "integers are stored in 8 or 16 bits, not in "
                         << storage;
      return signalPassFailure();
    }
  llvm::Expected<LayerChoice> choice = LayerChoice::parse(options.keepFloat);
  if (!choice) {
    module.emitError() << llvm::toString(choice.takeError());
    return signalPassFailure();
  }
  if (!options.functions.empty() || !isTrainingProgram(module)) {
    if (failed(quantizeInference(module, options, *choice)))
      signalPassFailure();
    return;
  }
  ProgramWidths program(module);
  SmallVector<std::pair<func::FuncOp, BlockArgument>> tables;
  for (StringRef name : {"step", "grad", "eval"}) {
    auto function = program.symbols.lookup<func::FuncOp>(name);
    if (!function)
      continue;
    if (!function.getBody().hasOneBlock()) {
      function.emitError() << "needs a body of one block";
      return signalPassFailure();
    }
    EntryQuantizer quantizer(function, options, program);
    if (failed(quantizer.run(*choice)))
      return signalPassFailure();
    tables.emplace_back(function, quantizer.table);
  }
  if (program.widths.empty())
    return;
  auto size = static_cast<int64_t>(program.widths.size());
  for (auto [function, table] : tables) {
    if (!table)
      table = addTable(function, size);
    auto type = cast<RankedTensorType>(table.getType());
    table.setType(RankedTensorType::get(size, type.getElementType()));
    function.setFunctionType(FunctionType::get(
        &getContext(), function.getBody().front().getArgumentTypes(),
        function.getResultTypes()));
  }
}

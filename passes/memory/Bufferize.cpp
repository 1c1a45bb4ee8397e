//===- Bufferize.cpp - From tensors to buffers ----------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/memory/BufferSizes.h"
#include "passes/memory/Passes.h"
#include "passes/memory/TensorUses.h"

#include "dialects/nn/NNDialect.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/TypeSwitch.h"

namespace frac {
#define GEN_PASS_DEF_BUFFERIZE
#include "passes/memory/Passes.h.inc"
} // namespace frac

using namespace mlir;
using namespace frac;

/// The dense buffer that holds a tensor of type `type`.
static MemRefType getBufferType(Type type) {
  auto tensor = cast<RankedTensorType>(type);
  return MemRefType::get(tensor.getShape(), tensor.getElementType());
}

namespace {

/// Bufferizes one function. Operations are visited in order; the new ones are
/// built before the old ones, which are erased at the end.
class FunctionBufferizer {
public:
  FunctionBufferizer(func::FuncOp func, SymbolTable &symbols)
      : func(func), symbols(symbols), block(func.getBody().front()),
        builder(func.getContext()) {}

  LogicalResult run();

private:
  LogicalResult checkForm();
  void separateFills();
  void addArguments();
  LogicalResult convert(Operation &op);
  LogicalResult convertGeneric(linalg::GenericOp op);
  LogicalResult convertConv(Operation *op, rt::ConvKind kind, Value lhs,
                            Value rhs);
  void convertMatmul(nn::MatmulOp op);
  void convertConstant(arith::ConstantOp op);
  void convertView(Operation *op);
  void finish();
  void changeSignature();

  Value getStateBuffer(ml_program::GlobalOp global);
  Value getDynamicSize(Value tensor);
  Value allocate(Location loc, RankedTensorType type, Value size);
  Value viewAs(Location loc, Value buffer, RankedTensorType type, Value size);
  Value getTargetBuffer(OpResult result);
  bool oldValueIsDead(ml_program::GlobalOp global, OpResult result);
  Value getReusableOperand(linalg::GenericOp op, OpOperand *init,
                           ArrayRef<Value> taken);
  bool isOnlyOperandIn(linalg::GenericOp op, Value root, OpOperand &operand);
  bool isOnlyReadAlike(linalg::GenericOp op, Value root, AffineMap map);
  Value constantIndex(int64_t value) {
    return arith::ConstantIndexOp::create(builder, func.getLoc(), value);
  }

  func::FuncOp func;
  SymbolTable &symbols;
  Block &block;
  OpBuilder builder;
  std::optional<TensorUses> uses;
  /// Values of the new signature.
  Value batch, state;
  SmallVector<Value> outputs;
  unsigned numInputs = 0;
  /// The buffer of each tensor, and the extent of its dynamic dimension.
  DenseMap<Value, Value> buffers;
  DenseMap<Value, Value> dynamicSizes;
  /// The last position where an allocated buffer or a view of it is read.
  DenseMap<Value, unsigned> rootLastUses;
  DenseMap<Operation *, Value> stateBuffers;
  /// Old values: the loads of each variable; the last store of each.
  DenseMap<Operation *, SmallVector<Value>> loads;
  llvm::MapVector<Operation *, ml_program::GlobalStoreOp> stores;
  /// Stores and outputs that the producer of the value wrote directly.
  DenseSet<std::pair<Operation *, unsigned>> done;
  SmallVector<Operation *> obsolete;
};

} // namespace

LogicalResult FunctionBufferizer::checkForm() {
  if (!func.getBody().hasOneBlock())
    return func.emitError("needs a body of one block");
  auto oneDynamic = [&](Type type) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    return !tensor || tensor.getNumDynamicDims() <= 1;
  };
  for (Value argument : block.getArguments())
    if (!isa<RankedTensorType>(argument.getType()) ||
        !oneDynamic(argument.getType()))
      return func.emitError("needs tensors with at most one dynamic dimension "
                            "as inputs, but has ")
             << argument.getType();
  for (Operation &op : block) {
    for (Type type : op.getResultTypes())
      if (!oneDynamic(type))
        return op.emitOpError("has more than one dynamic dimension in ")
               << type;
    if (auto load = dyn_cast<ml_program::GlobalLoadOp>(op)) {
      Operation *global = symbols.lookup(load.getGlobal().getLeafReference());
      if (!global)
        return load.emitOpError("reads an unknown variable");
      if (stores.count(global))
        load.getResult().replaceAllUsesWith(stores[global].getValue());
      else
        loads[global].push_back(load.getResult());
    } else if (auto store = dyn_cast<ml_program::GlobalStoreOp>(op)) {
      Operation *global = symbols.lookup(store.getGlobal().getLeafReference());
      if (!global)
        return store.emitOpError("writes an unknown variable");
      stores[global] = store;
    }
  }
  // Of several stores to one variable the last one counts.
  for (auto store :
       llvm::make_early_inc_range(block.getOps<ml_program::GlobalStoreOp>()))
    if (stores[symbols.lookup(store.getGlobal().getLeafReference())] != store)
      store.erase();
  return success();
}

/// Gives each use of a constant fill a fill of its own, so that a reduction can
/// start from it in place.
void FunctionBufferizer::separateFills() {
  for (auto op :
       llvm::make_early_inc_range(block.getOps<linalg::GenericOp>())) {
    if (op.getNumResults() != 1 || op.getNumDpsInputs() != 0 ||
        op.getBody()->getOperations().size() != 1)
      continue;
    builder.setInsertionPoint(op);
    while (!op->use_empty() && !op->hasOneUse())
      op->getUses().begin()->set(builder.clone(*op)->getResult(0));
  }
}

void FunctionBufferizer::addArguments() {
  Location loc = func.getLoc();
  Type bytes = MemRefType::get({ShapedType::kDynamic}, builder.getI8Type());
  numInputs = block.getNumArguments();
  block.insertArgument(0u, builder.getIndexType(), loc);
  block.insertArgument(1u, bytes, loc);
  block.insertArgument(2u, bytes, loc);
  batch = block.getArgument(0);
  state = block.getArgument(1);
  for (unsigned i = 0; i < numInputs; ++i) {
    BlockArgument tensor = block.getArgument(3 + 2 * i);
    Value buffer = block.insertArgument(
        3 + 2 * i, getBufferType(tensor.getType()), tensor.getLoc());
    tensor = block.getArgument(4 + 2 * i);
    buffers[tensor] = buffer;
    if (!cast<RankedTensorType>(tensor.getType()).hasStaticShape())
      dynamicSizes[tensor] = batch;
  }
  for (Type type : func.getResultTypes())
    outputs.push_back(block.addArgument(getBufferType(type), loc));
}

Value FunctionBufferizer::getStateBuffer(ml_program::GlobalOp global) {
  Value &buffer = stateBuffers[global];
  if (!buffer) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(&block);
    auto offset = global->getAttrOfType<IntegerAttr>("frac.offset");
    buffer = memref::ViewOp::create(
        builder, global.getLoc(), getBufferType(global.getType()), state,
        constantIndex(offset.getInt()), ValueRange());
  }
  return buffer;
}

/// The extent of the dynamic dimension of `tensor`, null if it is static.
Value FunctionBufferizer::getDynamicSize(Value tensor) {
  auto type = cast<RankedTensorType>(tensor.getType());
  if (type.hasStaticShape())
    return Value();
  auto it = dynamicSizes.find(tensor);
  return it == dynamicSizes.end() ? Value() : it->second;
}

Value FunctionBufferizer::allocate(Location loc, RankedTensorType type,
                                   Value size) {
  return memref::AllocOp::create(builder, loc, getBufferType(type),
                                 size ? ValueRange(size) : ValueRange());
}

Value FunctionBufferizer::viewAs(Location loc, Value buffer,
                                 RankedTensorType type, Value size) {
  MemRefType bufferType = getBufferType(type);
  if (buffer.getType() == bufferType)
    return buffer;
  return rt::ReshapeOp::create(builder, loc, bufferType, getRootBuffer(buffer),
                               size);
}

/// Whether `result` may overwrite the variable: nobody reads the old value
/// after `result` is computed, and while it is, only element by element.
bool FunctionBufferizer::oldValueIsDead(ml_program::GlobalOp global,
                                        OpResult result) {
  unsigned position = uses->getPosition(result.getOwner());
  unsigned last = 0;
  for (Value load : loads.lookup(global))
    last = std::max(last, uses->getLastUse(load));
  if (last < position)
    return true;
  auto op = dyn_cast<linalg::GenericOp>(result.getOwner());
  if (last > position || !op)
    return false;
  AffineMap map =
      op.getMatchingIndexingMap(op.getDpsInitOperand(result.getResultNumber()));
  return isOnlyReadAlike(op, getStateBuffer(global), map);
}

/// Whether `op` reads the buffer `root` in the iteration that `map` writes the
/// same element in, and every element in one iteration only.
bool FunctionBufferizer::isOnlyReadAlike(linalg::GenericOp op, Value root,
                                         AffineMap map) {
  if (!map.isPermutation())
    return false;
  bool alike = true;
  for (OpOperand &operand : op->getOpOperands()) {
    auto it = buffers.find(operand.get());
    if (it == buffers.end() || getRootBuffer(it->second) != root)
      continue;
    // A view of another shape may order the iterations differently.
    bool sameShape = it->second.getType() == root.getType() || map.isIdentity();
    alike &= op.getMatchingIndexingMap(&operand) == map && sameShape;
  }
  op.getBody()->walk([&](Operation *inner) {
    for (Value operand : inner->getOperands()) {
      auto it = buffers.find(operand);
      if (it != buffers.end() && getRootBuffer(it->second) == root)
        alike = false;
    }
  });
  return alike;
}

/// The variable or output that `result` can be computed into, seen under the
/// shape of `result`; null if there is none.
Value FunctionBufferizer::getTargetBuffer(OpResult result) {
  TensorUses::Target target = uses->findTarget(result);
  if (!target.consumer ||
      !done.insert({target.consumer, target.operand}).second)
    return Value();
  Value buffer;
  if (auto store = dyn_cast<ml_program::GlobalStoreOp>(target.consumer)) {
    auto global = cast<ml_program::GlobalOp>(
        symbols.lookup(store.getGlobal().getLeafReference()));
    if (!oldValueIsDead(global, result)) {
      done.erase({target.consumer, target.operand});
      return Value();
    }
    buffer = getStateBuffer(global);
  } else {
    buffer = outputs[target.operand];
  }
  auto type = cast<RankedTensorType>(result.getType());
  return viewAs(result.getLoc(), buffer, type, getDynamicSize(result));
}

/// An operand of `op` that dies there and whose buffer can hold the result of
/// `init`; null if there is none.
Value FunctionBufferizer::getReusableOperand(linalg::GenericOp op,
                                             OpOperand *init,
                                             ArrayRef<Value> taken) {
  unsigned position = uses->getPosition(op);
  AffineMap map = op.getMatchingIndexingMap(init);
  for (OpOperand *input : op.getDpsInputOperands()) {
    if (input->get().getType() != init->get().getType())
      continue;
    Value buffer = buffers.lookup(input->get());
    Value root = getRootBuffer(buffer);
    auto it = rootLastUses.find(root);
    if (it == rootLastUses.end() || it->second > position ||
        llvm::is_contained(taken, root) ||
        op.getMatchingIndexingMap(input) != map ||
        !isOnlyReadAlike(op, root, map))
      continue;
    return buffer;
  }
  return Value();
}

/// Whether `operand` is the only way in which `op` sees the buffer `root`.
bool FunctionBufferizer::isOnlyOperandIn(linalg::GenericOp op, Value root,
                                         OpOperand &operand) {
  bool only = true;
  op->walk([&](Operation *inner) {
    for (OpOperand &other : inner->getOpOperands()) {
      auto it = buffers.find(other.get());
      if (&other != &operand && it != buffers.end() &&
          getRootBuffer(it->second) == root)
        only = false;
    }
  });
  return only;
}

LogicalResult FunctionBufferizer::convertGeneric(linalg::GenericOp op) {
  Location loc = op.getLoc();
  SmallVector<Value> inputs, inits, taken;
  for (OpOperand *input : op.getDpsInputOperands()) {
    Value buffer = buffers.lookup(input->get());
    if (!buffer && isa<TensorType>(input->get().getType())) {
      // A tensor without contents, which tells the extents of a window.
      buffer = allocate(loc, cast<RankedTensorType>(input->get().getType()),
                        getDynamicSize(input->get()));
      rootLastUses[buffer] = TensorUses::endPosition;
    }
    inputs.push_back(buffer ? buffer : input->get());
  }
  unsigned position = uses->getPosition(op);
  for (auto [index, init] : llvm::enumerate(op.getDpsInitsMutable())) {
    OpResult result = op->getResult(index);
    auto type = cast<RankedTensorType>(result.getType());
    if (Value size = getDynamicSize(init.get()))
      dynamicSizes[result] = size;
    Value size = getDynamicSize(result);
    bool readsInit = needsInitialValue(op, init);
    Value initBuffer = readsInit ? buffers.lookup(init.get()) : Value();

    // An initial value that dies here is updated in place.
    Value buffer;
    if (initBuffer) {
      Value root = getRootBuffer(initBuffer);
      auto it = rootLastUses.find(root);
      bool dead = it != rootLastUses.end() && it->second <= position;
      bool isTarget = it == rootLastUses.end() &&
                      init.get().getDefiningOp<linalg::GenericOp>() &&
                      init.get().hasOneUse();
      if ((dead || isTarget) && !llvm::is_contained(taken, root) &&
          isOnlyOperandIn(op, root, init))
        buffer = initBuffer;
    }
    if (!buffer) {
      buffer = getTargetBuffer(result);
      if (!buffer && !readsInit)
        buffer = getReusableOperand(op, &init, taken);
      if (!buffer)
        buffer = allocate(loc, type, size);
      if (initBuffer)
        memref::CopyOp::create(builder, loc, initBuffer, buffer);
    }
    Value root = getRootBuffer(buffer);
    taken.push_back(root);
    inits.push_back(buffer);
    if (root.getDefiningOp<memref::AllocOp>())
      rootLastUses[root] = std::max(
          {rootLastUses.lookup(root), uses->getLastUse(result), position});
  }
  for (auto [result, buffer] : llvm::zip(op.getResults(), inits))
    buffers[result] = buffer;

  auto loops = linalg::GenericOp::create(builder, loc, TypeRange(), inputs,
                                         inits, op.getIndexingMapsArray(),
                                         op.getIteratorTypesArray());
  loops.getRegion().takeBody(op.getRegion());
  loops.walk([&](tensor::ExtractOp extract) {
    builder.setInsertionPoint(extract);
    Value buffer = buffers.lookup(extract.getTensor());
    Value element = memref::LoadOp::create(builder, extract.getLoc(), buffer,
                                           extract.getIndices());
    extract.replaceAllUsesWith(element);
    extract.erase();
  });
  return success();
}

LogicalResult FunctionBufferizer::convertConv(Operation *op, rt::ConvKind kind,
                                              Value lhs, Value rhs) {
  auto image = cast<ChannelsLastOpInterface>(op);
  if (!image.isChannelsLast())
    return op->emitOpError("needs channels-last images here");
  OpResult result = op->getResult(0);
  Value size = kind == rt::ConvKind::weight_grad ? getDynamicSize(rhs)
                                                 : getDynamicSize(lhs);
  auto type = cast<RankedTensorType>(result.getType());
  if (!type.hasStaticShape())
    dynamicSizes[result] = size;
  Value buffer = getTargetBuffer(result);
  if (!buffer) {
    buffer = allocate(op->getLoc(), type, getDynamicSize(result));
    rootLastUses[buffer] =
        std::max(uses->getLastUse(result), uses->getPosition(op));
  }
  buffers[result] = buffer;
  auto attribute = [&](StringRef name) {
    return op->getAttrOfType<DenseI64ArrayAttr>(name).asArrayRef();
  };
  rt::ConvOp::create(builder, op->getLoc(), kind, buffers.lookup(lhs),
                     buffers.lookup(rhs), buffer, attribute("strides"),
                     attribute("dilations"), attribute("pads_begin"),
                     attribute("pads_end"),
                     op->getAttrOfType<IntegerAttr>("groups").getInt(), size);
  return success();
}

void FunctionBufferizer::convertMatmul(nn::MatmulOp op) {
  Location loc = op.getLoc();
  Value lhs = op.getLhs(), rhs = op.getRhs();
  auto type = cast<RankedTensorType>(op.getType());
  auto extent = [&](Value tensor, int64_t dimension) -> Value {
    auto tensorType = cast<RankedTensorType>(tensor.getType());
    return tensorType.isDynamicDim(dimension)
               ? getDynamicSize(tensor)
               : constantIndex(tensorType.getDimSize(dimension));
  };
  int64_t rank = type.getRank();
  bool left = op.getTransposeLhs(), right = op.getTransposeRhs();
  Value count = rank == 3 ? extent(lhs, 0) : constantIndex(1);
  Value m = extent(lhs, left ? rank - 1 : rank - 2);
  Value k = extent(lhs, left ? rank - 2 : rank - 1);
  Value n = extent(rhs, right ? rank - 2 : rank - 1);
  if (!type.hasStaticShape()) {
    int64_t dimension = llvm::find(type.getShape(), ShapedType::kDynamic) -
                        type.getShape().begin();
    dynamicSizes[op.getResult()] = dimension == rank - 1   ? n
                                   : dimension == rank - 2 ? m
                                                           : count;
  }
  OpResult result = op->getResult(0);
  Value buffer = getTargetBuffer(result);
  if (!buffer) {
    buffer = allocate(loc, type, getDynamicSize(result));
    rootLastUses[buffer] =
        std::max(uses->getLastUse(result), uses->getPosition(op));
  }
  buffers[result] = buffer;
  rt::MatmulOp::create(builder, loc, buffers.lookup(lhs), buffers.lookup(rhs),
                       buffer, count, m, n, k, left, right);
}

void FunctionBufferizer::convertConstant(arith::ConstantOp op) {
  auto type = cast<RankedTensorType>(op.getType());
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(
      &cast<ModuleOp>(symbols.getOp()).getBodyRegion().front());
  auto global = memref::GlobalOp::create(
      builder, op.getLoc(), "constant", builder.getStringAttr("private"),
      getBufferType(type), op.getValue(), /*constant=*/true,
      /*alignment=*/IntegerAttr());
  symbols.insert(global);
  builder.setInsertionPoint(op);
  buffers[op.getResult()] = memref::GetGlobalOp::create(
      builder, op.getLoc(), global.getType(), global.getSymName());
}

void FunctionBufferizer::convertView(Operation *op) {
  Value source = op->getOperand(0), result = op->getResult(0);
  auto type = cast<RankedTensorType>(result.getType());
  auto sourceType = cast<RankedTensorType>(source.getType());
  Value size;
  if (!type.hasStaticShape()) {
    if (auto expand = dyn_cast<tensor::ExpandShapeOp>(op)) {
      size = expand.getOutputShape()[0];
    } else if (sourceType.hasStaticShape()) {
      int64_t dimension = llvm::find(type.getShape(), ShapedType::kDynamic) -
                          type.getShape().begin();
      size = constantIndex(sourceType.getDimSize(dimension));
    } else {
      // The dynamic extent times what is merged with it.
      size = getDynamicSize(source);
      int64_t factor = 1;
      for (int64_t extent : sourceType.getShape())
        factor *= ShapedType::isDynamic(extent) ? 1 : extent;
      for (int64_t extent : type.getShape())
        factor /= ShapedType::isDynamic(extent) ? 1 : extent;
      if (factor != 1)
        size = arith::MulIOp::create(builder, op->getLoc(), size,
                                     constantIndex(factor));
    }
    dynamicSizes[result] = size;
  }
  buffers[result] = viewAs(op->getLoc(), buffers.lookup(source), type, size);
}

LogicalResult FunctionBufferizer::convert(Operation &op) {
  builder.setInsertionPoint(&op);
  return TypeSwitch<Operation *, LogicalResult>(&op)
      .Case([&](linalg::GenericOp generic) { return convertGeneric(generic); })
      .Case([&](nn::ConvOp conv) {
        return convertConv(conv, rt::ConvKind::forward, conv.getInput(),
                           conv.getWeights());
      })
      .Case([&](nn::ConvInputGradOp conv) {
        return convertConv(conv, rt::ConvKind::input_grad, conv.getError(),
                           conv.getWeights());
      })
      .Case([&](nn::ConvWeightGradOp conv) {
        return convertConv(conv, rt::ConvKind::weight_grad, conv.getInput(),
                           conv.getError());
      })
      .Case([&](nn::MatmulOp matmul) {
        convertMatmul(matmul);
        return success();
      })
      .Case([&](tensor::EmptyOp empty) {
        if (!empty.getDynamicSizes().empty())
          dynamicSizes[empty.getResult()] = empty.getDynamicSizes()[0];
        return success();
      })
      .Case([&](tensor::DimOp dim) {
        auto type = cast<RankedTensorType>(dim.getSource().getType());
        std::optional<int64_t> index = dim.getConstantIndex();
        if (!index)
          return LogicalResult(dim.emitOpError("needs a constant dimension"));
        Value size = type.isDynamicDim(*index)
                         ? getDynamicSize(dim.getSource())
                         : constantIndex(type.getDimSize(*index));
        dim.replaceAllUsesWith(size);
        return success();
      })
      .Case([&](tensor::ExtractOp extract) {
        Value element = memref::LoadOp::create(
            builder, extract.getLoc(), buffers.lookup(extract.getTensor()),
            extract.getIndices());
        extract.replaceAllUsesWith(element);
        return success();
      })
      .Case([&](tensor::FromElementsOp from) {
        auto type = cast<RankedTensorType>(from.getType());
        OpResult result = from->getResult(0);
        Value buffer = getTargetBuffer(result);
        if (!buffer) {
          buffer = allocate(from.getLoc(), type, Value());
          rootLastUses[buffer] =
              std::max(uses->getLastUse(result), uses->getPosition(from));
        }
        buffers[result] = buffer;
        int64_t number = 0;
        for (Value element : from.getElements()) {
          SmallVector<Value> indices;
          int64_t rest = number++, count = type.getNumElements();
          for (int64_t extent : type.getShape()) {
            count /= extent;
            indices.push_back(constantIndex(rest / count));
            rest %= count;
          }
          memref::StoreOp::create(builder, from.getLoc(), element, buffer,
                                  indices);
        }
        return success();
      })
      .Case([&](ml_program::GlobalLoadOp load) {
        buffers[load.getResult()] = getStateBuffer(cast<ml_program::GlobalOp>(
            symbols.lookup(load.getGlobal().getLeafReference())));
        return success();
      })
      .Case<ml_program::GlobalStoreOp, func::ReturnOp>(
          [](Operation *) { return success(); })
      .Case([&](arith::ConstantOp constant) {
        if (isa<RankedTensorType>(constant.getType()))
          convertConstant(constant);
        return success();
      })
      .Default([&](Operation *other) -> LogicalResult {
        if (isTensorView(other)) {
          convertView(other);
          return success();
        }
        auto isTensor = [](Type type) { return isa<TensorType>(type); };
        if (llvm::none_of(other->getOperandTypes(), isTensor) &&
            llvm::none_of(other->getResultTypes(), isTensor) &&
            other->getNumRegions() == 0)
          return success();
        return other->emitOpError("cannot be given a place in memory");
      });
}

/// Copies to outputs and variables what their producers did not write there.
void FunctionBufferizer::finish() {
  Operation *terminator = block.getTerminator();
  builder.setInsertionPoint(terminator);
  for (auto [index, output] : llvm::enumerate(outputs)) {
    if (done.contains({terminator, index}))
      continue;
    Value buffer = buffers.lookup(terminator->getOperand(index));
    memref::CopyOp::create(builder, terminator->getLoc(), buffer, output);
  }
  // A variable that takes another's old value reads it before any is written.
  SmallVector<std::pair<Value, Value>> copies;
  for (auto &[op, store] : stores) {
    if (done.contains({store, 0}))
      continue;
    Value target = getStateBuffer(cast<ml_program::GlobalOp>(op));
    Value source = buffers.lookup(store.getValue());
    if (getRootBuffer(source) == target)
      continue;
    if (!getRootBuffer(source).getDefiningOp<memref::AllocOp>()) {
      auto type = cast<RankedTensorType>(store.getValue().getType());
      Value copy = allocate(store.getLoc(), type, Value());
      memref::CopyOp::create(builder, store.getLoc(), source, copy);
      source = copy;
    }
    copies.push_back({source, target});
  }
  for (auto [source, target] : copies)
    memref::CopyOp::create(builder, terminator->getLoc(), source, target);
}

void FunctionBufferizer::changeSignature() {
  Operation *terminator = block.getTerminator();
  builder.setInsertionPoint(terminator);
  func::ReturnOp::create(builder, terminator->getLoc());
  obsolete.push_back(terminator);
  for (Operation *op : llvm::reverse(obsolete)) {
    op->dropAllUses();
    op->erase();
  }
  block.eraseArguments([](BlockArgument argument) {
    return isa<TensorType>(argument.getType());
  });
  func.setType(builder.getFunctionType(block.getArgumentTypes(), {}));
  func->setAttr("frac.inputs", builder.getI64IntegerAttr(numInputs));
  func.removeResAttrsAttr();
  func.removeArgAttrsAttr();
}

LogicalResult FunctionBufferizer::run() {
  if (failed(checkForm()))
    return failure();
  separateFills();
  uses.emplace(block);
  addArguments();
  for (Operation &op : llvm::make_early_inc_range(block)) {
    if (!uses->getPosition(&op))
      continue;
    if (failed(convert(op)))
      return failure();
    auto isTensor = [](Type type) { return isa<TensorType>(type); };
    if (&op != block.getTerminator() &&
        (llvm::any_of(op.getOperandTypes(), isTensor) ||
         llvm::any_of(op.getResultTypes(), isTensor)))
      obsolete.push_back(&op);
  }
  finish();
  changeSignature();
  return success();
}

namespace {
struct Bufferize : frac::impl::BufferizeBase<Bufferize> {
  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    for (auto func : llvm::to_vector(getOperation().getOps<func::FuncOp>())) {
      if (func.isPrivate() || func.isExternal())
        continue;
      // From here on there is one kind of loop.
      IRRewriter rewriter(&getContext());
      for (auto op : llvm::make_early_inc_range(
               func.getBody().getOps<linalg::LinalgOp>())) {
        if (isa<linalg::GenericOp>(op))
          continue;
        rewriter.setInsertionPoint(op);
        if (failed(linalg::generalizeNamedOp(rewriter, op)))
          return signalPassFailure();
      }
      if (failed(FunctionBufferizer(func, symbols).run()))
        return signalPassFailure();
    }
  }
};
} // namespace

//===- Bufferize.cpp - From tensors to buffers ----------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/memory/BufferSizes.h"
#include "passes/memory/FunctionBufferizer.h"
#include "passes/memory/Passes.h"

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
      .Case([&](precision::DequantizeOp dequantize) {
        convertDequantize(dequantize);
        return success();
      })
      .Case<precision::ResolveOp, precision::SampleBitsOp>([&](Operation *) {
        // What reads the width finds its place.
        return success();
      })
      .Case([&](precision::ConstantOp constant) {
        obsolete.push_back(constant);
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

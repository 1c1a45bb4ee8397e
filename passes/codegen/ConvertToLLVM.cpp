//===- ConvertToLLVM.cpp - Entries, kernels and runtime calls in LLVM -----===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/codegen/Passes.h"
#include "passes/memory/BufferSizes.h"

#include "dialects/frac/FracDialect.h"
#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "runtime/frac_runtime.h"
#include "llvm/Support/MathExtras.h"

namespace frac {
#define GEN_PASS_DEF_CONVERTTOLLVM
#include "passes/codegen/Passes.h.inc"
} // namespace frac

using namespace mlir;
using namespace frac;

namespace {

/// Rewrites what this project adds to upstream's dialects; arithmetic and
/// control flow are left to upstream's conversions. Casts mark where the two
/// meet.
struct ConvertToLLVM : frac::impl::ConvertToLLVMBase<ConvertToLLVM> {
  void runOnOperation() override;

private:
  void declareRuntime();
  void convertConstant(memref::GlobalOp global);
  void convertKernel(func::FuncOp func);
  void convertEntry(func::FuncOp func);
  void convertMemory(Operation *op);
  void convertLaunch(rt::LaunchOp op, Value runtime, Value arguments);
  template <typename OpTy>
  Value getConvShape(OpTy op);
  template <typename OpTy>
  void callConv(OpTy op, StringRef prefix, Value runtime, Value lhs, Value rhs);
  template <typename OpTy>
  void callMatmul(OpTy op, StringRef name, Value runtime, Value lhs, Value rhs);
  void describeFactor(Value record, Value integers, Value scale, Value zero,
                      Value table, int64_t place,
                      std::optional<uint64_t> dimension);
  template <typename OpTy>
  std::pair<Value, Value> describeFactors(OpTy op, Value records);
  bool convertContraction(Operation &op, Value runtime, Value records);

  Type getLLVMType(Type type);
  Value toLLVM(Value value);
  Value fromLLVM(Value value, Type type);
  Value toWord(Value value);
  Value fromWord(Value word, Type type);
  Value constant(int64_t value) {
    return LLVM::ConstantOp::create(*builder, loc, i64, value);
  }
  Value loadField(Type type, Value base, int64_t byteOffset);
  Value getElementPointer(Value buffer, ValueRange indices);
  Value getShapeConstant(ArrayRef<int64_t> words);
  /// Moves the body of `func` behind the operations at `block`'s end, with
  /// `arguments` in place of its own.
  void spliceBody(func::FuncOp func, Block *block, ArrayRef<Value> arguments);

  std::optional<OpBuilder> builder;
  LocationAttr loc;
  Type i64, i32, i8, ptr;
  LLVM::LLVMVoidType voidType;
  DenseMap<ArrayAttr, LLVM::GlobalOp> shapes;
};

} // namespace

Type ConvertToLLVM::getLLVMType(Type type) {
  if (isa<MemRefType>(type))
    return ptr;
  return isa<IndexType>(type) ? i64 : type;
}

Value ConvertToLLVM::toLLVM(Value value) {
  Type type = getLLVMType(value.getType());
  if (type == value.getType())
    return value;
  return UnrealizedConversionCastOp::create(*builder, loc, type, value)
      .getResult(0);
}

Value ConvertToLLVM::fromLLVM(Value value, Type type) {
  if (type == value.getType())
    return value;
  return UnrealizedConversionCastOp::create(*builder, loc, type, value)
      .getResult(0);
}

/// `value` in the 64 bits of a pointer.
Value ConvertToLLVM::toWord(Value value) {
  value = toLLVM(value);
  Type type = value.getType();
  if (type == ptr)
    return value;
  if (isa<FloatType>(type)) {
    type = builder->getIntegerType(type.getIntOrFloatBitWidth());
    value = LLVM::BitcastOp::create(*builder, loc, type, value);
  }
  if (type.getIntOrFloatBitWidth() < 64)
    value = LLVM::ZExtOp::create(*builder, loc, i64, value);
  return LLVM::IntToPtrOp::create(*builder, loc, ptr, value);
}

Value ConvertToLLVM::fromWord(Value word, Type type) {
  if (type == ptr)
    return word;
  Value value = LLVM::PtrToIntOp::create(*builder, loc, i64, word);
  unsigned width = type.getIntOrFloatBitWidth();
  if (width < 64)
    value = LLVM::TruncOp::create(*builder, loc, builder->getIntegerType(width),
                                  value);
  if (isa<FloatType>(type))
    value = LLVM::BitcastOp::create(*builder, loc, type, value);
  return value;
}

Value ConvertToLLVM::loadField(Type type, Value base, int64_t byteOffset) {
  Value place = LLVM::GEPOp::create(
      *builder, loc, ptr, i8, base,
      ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(byteOffset)});
  return LLVM::LoadOp::create(*builder, loc, type, place);
}

void ConvertToLLVM::declareRuntime() {
  builder->setInsertionPointToStart(getOperation().getBody());
  auto declare = [&](StringRef name, ArrayRef<Type> arguments) {
    LLVM::LLVMFuncOp::create(*builder, loc, name,
                             LLVM::LLVMFunctionType::get(voidType, arguments));
  };
  declare("frac_parallel_for", {ptr, i64, i64, ptr, ptr});
  for (StringRef name :
       {"frac_conv_forward", "frac_conv_input_grad", "frac_conv_weight_grad"})
    declare(name, {ptr, ptr, i64, ptr, ptr, ptr});
  for (StringRef name : {"frac_qconv_forward", "frac_qconv_input_grad",
                         "frac_qconv_weight_grad"})
    declare(name, {ptr, ptr, i64, ptr, ptr, ptr});
  for (StringRef name : {"frac_matmul", "frac_qmatmul"})
    declare(name, {ptr, i64, i64, i64, i64, i32, i32, ptr, ptr, ptr});
}

void ConvertToLLVM::convertConstant(memref::GlobalOp global) {
  loc = global.getLoc();
  builder->setInsertionPoint(global);
  MemRefType type = global.getType();
  auto value = cast<ElementsAttr>(*global.getInitialValue());
  Type element = type.getElementType();
  if (element.isInteger(1)) {
    element = i8;
    value = cast<DenseElementsAttr>(value).mapValues(
        i8, [](const APInt &bit) { return bit.zext(8); });
  }
  Type array = element;
  for (int64_t extent : llvm::reverse(type.getShape()))
    array = LLVM::LLVMArrayType::get(array, extent);
  Attribute initial = value;
  if (type.getRank() == 0)
    initial = *value.value_begin<Attribute>();
  LLVM::GlobalOp::create(*builder, loc, array, /*isConstant=*/true,
                         LLVM::Linkage::Internal, global.getSymName(), initial,
                         /*alignment=*/FRAC_ALIGNMENT);
  global.erase();
}

void ConvertToLLVM::spliceBody(func::FuncOp func, Block *block,
                               ArrayRef<Value> arguments) {
  Block &body = func.getBody().front();
  for (auto [old, value] : llvm::zip(body.getArguments(), arguments))
    old.replaceAllUsesWith(value);
  Operation *end = body.getTerminator();
  builder->setInsertionPointToEnd(block);
  block->getOperations().splice(block->end(), body.getOperations());
  builder->setInsertionPointToEnd(block);
  LLVM::ReturnOp::create(*builder, loc, ValueRange());
  end->erase();
}

/// A kernel becomes two functions: one whose arguments are known not to
/// overlap, so that its loops vectorize without checks at run time, and a
/// wrapper of type frac_range_fn that unpacks them.
void ConvertToLLVM::convertKernel(func::FuncOp func) {
  loc = func.getLoc();
  builder->setInsertionPoint(func);
  SmallVector<Type> types;
  for (Type type : func.getArgumentTypes())
    types.push_back(getLLVMType(type));
  auto inner = LLVM::LLVMFuncOp::create(
      *builder, loc, func.getName(),
      LLVM::LLVMFunctionType::get(voidType, types), LLVM::Linkage::Internal);
  inner.setNoInline(true);
  for (auto [index, type] : llvm::enumerate(types)) {
    if (type != ptr)
      continue;
    inner.setArgAttr(index, LLVM::LLVMDialect::getNoAliasAttrName(),
                     builder->getUnitAttr());
    inner.setArgAttr(index, LLVM::LLVMDialect::getNonNullAttrName(),
                     builder->getUnitAttr());
    inner.setArgAttr(index, LLVM::LLVMDialect::getNoUndefAttrName(),
                     builder->getUnitAttr());
  }
  Block *block = inner.addEntryBlock(*builder);
  builder->setInsertionPointToStart(block);
  SmallVector<Value> arguments;
  for (auto [argument, type] :
       llvm::zip(block->getArguments(), func.getArgumentTypes()))
    arguments.push_back(fromLLVM(argument, type));
  spliceBody(func, block, arguments);

  builder->setInsertionPoint(func);
  auto wrapper = LLVM::LLVMFuncOp::create(
      *builder, loc, (func.getName() + "_range").str(),
      LLVM::LLVMFunctionType::get(voidType, {i64, i64, ptr}),
      LLVM::Linkage::Internal);
  Block *outer = wrapper.addEntryBlock(*builder);
  builder->setInsertionPointToStart(outer);
  SmallVector<Value> operands{outer->getArgument(0), outer->getArgument(1)};
  for (auto [index, type] : llvm::enumerate(ArrayRef(types).drop_front(2)))
    operands.push_back(
        fromWord(loadField(ptr, outer->getArgument(2), 8 * index), type));
  LLVM::CallOp::create(*builder, loc, inner, operands);
  LLVM::ReturnOp::create(*builder, loc, ValueRange());
  func.erase();
}

void ConvertToLLVM::convertLaunch(rt::LaunchOp op, Value runtime,
                                  Value arguments) {
  for (auto [index, argument] : llvm::enumerate(op.getArguments())) {
    Value place = LLVM::GEPOp::create(
        *builder, loc, ptr, ptr, arguments,
        ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(index)});
    LLVM::StoreOp::create(*builder, loc, toWord(argument), place);
  }
  Value kernel = LLVM::AddressOfOp::create(*builder, loc, ptr,
                                           (op.getKernel() + "_range").str());
  LLVM::CallOp::create(*builder, loc, TypeRange(), "frac_parallel_for",
                       ValueRange{runtime, toLLVM(op.getExtent()),
                                  toLLVM(op.getGrain()), kernel, arguments});
}

/// The address of a constant frac_conv_shape that holds `words`.
Value ConvertToLLVM::getShapeConstant(ArrayRef<int64_t> words) {
  LLVM::GlobalOp &global = shapes[builder->getI64ArrayAttr(words)];
  if (!global) {
    OpBuilder::InsertionGuard guard(*builder);
    builder->setInsertionPointToStart(getOperation().getBody());
    global = LLVM::GlobalOp::create(
        *builder, loc, LLVM::LLVMArrayType::get(i64, words.size()),
        /*isConstant=*/true, LLVM::Linkage::Internal,
        ("conv_shape_" + Twine(shapes.size() - 1)).str(),
        builder->getI64TensorAttr(words));
  }
  return LLVM::AddressOfOp::create(*builder, loc, global);
}

/// The address of a constant frac_conv_shape for a convolution.
template <typename OpTy>
Value ConvertToLLVM::getConvShape(OpTy op) {
  auto input = cast<MemRefType>(op.getImageInput().getType());
  auto output = cast<MemRefType>(op.getImageOutput().getType());
  auto weights = cast<MemRefType>(op.getWeights().getType());
  int64_t spatialRank = input.getRank() - 2;
  SmallVector<int64_t> words{spatialRank, static_cast<int64_t>(op.getGroups()),
                             input.getShape().back(), output.getShape().back()};
  // The order and length of the fields of frac_conv_shape.
  auto append = [&](ArrayRef<int64_t> list, int64_t rest) {
    llvm::append_range(words, list);
    words.append(3 - spatialRank, rest);
  };
  append(input.getShape().slice(1, spatialRank), 1);
  append(output.getShape().slice(1, spatialRank), 1);
  append(weights.getShape().drop_front(2), 1);
  append(op.getStrides(), 1);
  append(op.getDilations(), 1);
  append(op.getPadsBegin(), 0);
  append(op.getPadsEnd(), 0);
  static_assert(sizeof(frac_conv_shape) == 25 * sizeof(int64_t));
  return getShapeConstant(words);
}

/// Calls the function that computes a convolution: `prefix` and the kind.
template <typename OpTy>
void ConvertToLLVM::callConv(OpTy op, StringRef prefix, Value runtime,
                             Value lhs, Value rhs) {
  Value batch =
      op.getBatch()
          ? toLLVM(op.getBatch())
          : constant(cast<MemRefType>(op.getLhs().getType()).getDimSize(0));
  std::string name = (prefix + stringifyConvKind(op.getKind())).str();
  LLVM::CallOp::create(*builder, loc, TypeRange(), name,
                       ValueRange{runtime, getConvShape(op), batch, lhs, rhs,
                                  toLLVM(op.getDst())});
}

/// Calls the function `name`, which computes a matrix product.
template <typename OpTy>
void ConvertToLLVM::callMatmul(OpTy op, StringRef name, Value runtime,
                               Value lhs, Value rhs) {
  auto flag = [&](bool value) -> Value {
    return LLVM::ConstantOp::create(*builder, loc, i32, value ? 1 : 0);
  };
  LLVM::CallOp::create(*builder, loc, TypeRange(), name,
                       ValueRange{runtime, toLLVM(op.getBatch()),
                                  toLLVM(op.getM()), toLLVM(op.getN()),
                                  toLLVM(op.getK()), flag(op.getTransposeLhs()),
                                  flag(op.getTransposeRhs()), lhs, rhs,
                                  toLLVM(op.getDst())});
}

/// Fills in a frac_quantized.
void ConvertToLLVM::describeFactor(Value record, Value integers, Value scale,
                                   Value zero, Value table, int64_t place,
                                   std::optional<uint64_t> dimension) {
  auto store = [&](Value value, size_t offset) {
    Value field = LLVM::GEPOp::create(
        *builder, loc, ptr, i8, record,
        ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(offset)});
    LLVM::StoreOp::create(*builder, loc, value, field);
  };
  auto number = [&](int64_t value) -> Value {
    return LLVM::ConstantOp::create(*builder, loc, i32, value);
  };
  bool isPerSample = place < 0;
  Value bits = LLVM::GEPOp::create(
      *builder, loc, ptr, i32, toLLVM(table),
      ArrayRef<LLVM::GEPArg>{isPerSample ? 0 : static_cast<int32_t>(place)});
  unsigned width =
      cast<MemRefType>(integers.getType()).getElementTypeBitWidth();
  store(toLLVM(integers), offsetof(frac_quantized, data));
  store(toLLVM(scale), offsetof(frac_quantized, scale));
  store(toLLVM(zero), offsetof(frac_quantized, zero));
  store(bits, offsetof(frac_quantized, bits));
  store(number(width / 8), offsetof(frac_quantized, bytes));
  store(number(dimension ? static_cast<int64_t>(*dimension) : -1),
        offsetof(frac_quantized, scale_dim));
  store(number(isPerSample ? 0 : -1), offsetof(frac_quantized, bits_dim));
  store(number(0), offsetof(frac_quantized, reserved));
}

/// The addresses of descriptions of both factors.
template <typename OpTy>
std::pair<Value, Value> ConvertToLLVM::describeFactors(OpTy op, Value records) {
  Value second = LLVM::GEPOp::create(
      *builder, loc, ptr, i8, records,
      ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(sizeof(frac_quantized))});
  describeFactor(records, op.getLhs(), op.getLhsScale(), op.getLhsZero(),
                 op.getLhsTable(), op.getLhsPlace(), op.getLhsDimension());
  describeFactor(second, op.getRhs(), op.getRhsScale(), op.getRhsZero(),
                 op.getRhsTable(), op.getRhsPlace(), op.getRhsDimension());
  return {records, second};
}

/// Converts `op` if it is a contraction. `records` is room for the
/// descriptions of two factors.
bool ConvertToLLVM::convertContraction(Operation &op, Value runtime,
                                       Value records) {
  if (auto conv = dyn_cast<rt::ConvOp>(op)) {
    callConv(conv, "frac_conv_", runtime, toLLVM(conv.getLhs()),
             toLLVM(conv.getRhs()));
  } else if (auto conv = dyn_cast<rt::QuantizedConvOp>(op)) {
    auto [lhs, rhs] = describeFactors(conv, records);
    callConv(conv, "frac_qconv_", runtime, lhs, rhs);
  } else if (auto matmul = dyn_cast<rt::MatmulOp>(op)) {
    callMatmul(matmul, "frac_matmul", runtime, toLLVM(matmul.getLhs()),
               toLLVM(matmul.getRhs()));
  } else if (auto matmul = dyn_cast<rt::QuantizedMatmulOp>(op)) {
    auto [lhs, rhs] = describeFactors(matmul, records);
    callMatmul(matmul, "frac_qmatmul", runtime, lhs, rhs);
  } else {
    return false;
  }
  return true;
}

/// The address of an element of a dense buffer.
Value ConvertToLLVM::getElementPointer(Value buffer, ValueRange indices) {
  auto type = cast<MemRefType>(buffer.getType());
  Value place;
  for (auto [dimension, index] : llvm::enumerate(indices)) {
    if (place) {
      Value extent = type.isDynamicDim(dimension)
                         ? toLLVM(getDynamicExtent(buffer))
                         : constant(type.getDimSize(dimension));
      place = LLVM::MulOp::create(*builder, loc, place, extent);
    }
    Value step = toLLVM(index);
    place = place ? LLVM::AddOp::create(*builder, loc, place, step).getResult()
                  : step;
  }
  Value base = toLLVM(buffer);
  if (!place)
    return base;
  Type element = type.getElementType();
  if (element.isInteger(1))
    element = i8;
  return LLVM::GEPOp::create(
      *builder, loc, ptr, element, base, ArrayRef<LLVM::GEPArg>{place},
      LLVM::GEPNoWrapFlags::inbounds | LLVM::GEPNoWrapFlags::nuw);
}

void ConvertToLLVM::convertMemory(Operation *op) {
  builder->setInsertionPoint(op);
  loc = op->getLoc();
  if (auto load = dyn_cast<memref::LoadOp>(op)) {
    Value place = getElementPointer(load.getMemRef(), load.getIndices());
    Type type = load.getType();
    Value value = LLVM::LoadOp::create(
        *builder, loc, type.isInteger(1) ? i8 : getLLVMType(type), place);
    // A truth value takes a byte.
    if (type.isInteger(1))
      value = LLVM::TruncOp::create(*builder, loc, type, value);
    load.replaceAllUsesWith(fromLLVM(value, type));
  } else if (auto store = dyn_cast<memref::StoreOp>(op)) {
    Value place = getElementPointer(store.getMemRef(), store.getIndices());
    Value value = toLLVM(store.getValue());
    if (value.getType().isInteger(1))
      value = LLVM::ZExtOp::create(*builder, loc, i8, value);
    LLVM::StoreOp::create(*builder, loc, value, place);
  } else if (auto view = dyn_cast<memref::ViewOp>(op)) {
    Value place = LLVM::GEPOp::create(
        *builder, loc, ptr, i8, toLLVM(view.getSource()),
        ArrayRef<LLVM::GEPArg>{toLLVM(view.getByteShift())});
    view.replaceAllUsesWith(fromLLVM(place, view.getType()));
  } else if (auto view = dyn_cast<rt::ReshapeOp>(op)) {
    view.replaceAllUsesWith(fromLLVM(toLLVM(view.getSource()), view.getType()));
  } else if (auto get = dyn_cast<memref::GetGlobalOp>(op)) {
    Value place = LLVM::AddressOfOp::create(*builder, loc, ptr, get.getName());
    get.replaceAllUsesWith(fromLLVM(place, get.getType()));
  } else if (auto copy = dyn_cast<memref::CopyOp>(op)) {
    auto type = cast<MemRefType>(copy.getSource().getType());
    Value bytes = constant(getStaticElements(type) *
                           llvm::divideCeil(type.getElementTypeBitWidth(), 8));
    Value size = getDynamicExtent(copy.getSource());
    if (!size)
      size = getDynamicExtent(copy.getTarget());
    if (size)
      bytes = LLVM::MulOp::create(*builder, loc, bytes, toLLVM(size));
    LLVM::MemcpyOp::create(*builder, loc, toLLVM(copy.getTarget()),
                           toLLVM(copy.getSource()), bytes,
                           /*isVolatile=*/false);
  } else {
    return;
  }
  op->erase();
}

void ConvertToLLVM::convertEntry(func::FuncOp func) {
  loc = func.getLoc();
  builder->setInsertionPoint(func);
  std::string name(func.getName());
  func.setName(name + "_body");
  auto entry = LLVM::LLVMFuncOp::create(
      *builder, loc, name, LLVM::LLVMFunctionType::get(voidType, {ptr}));
  // Thousands of calls in a row: LLVM would spend most of its time on them and
  // gain nothing.
  entry.setOptimizeNone(true);
  entry.setNoInline(true);
  Block *block = entry.addEntryBlock(*builder);
  builder->setInsertionPointToStart(block);
  Value call = block->getArgument(0);
  Value runtime = loadField(ptr, call, offsetof(frac_invocation, runtime));
  Value batch = loadField(i64, call, offsetof(frac_invocation, batch));
  Value inputs = loadField(ptr, call, offsetof(frac_invocation, inputs));
  Value outputs = loadField(ptr, call, offsetof(frac_invocation, outputs));
  SmallVector<Value> arguments{
      batch, loadField(ptr, call, offsetof(frac_invocation, state)),
      loadField(ptr, call, offsetof(frac_invocation, workspace))};
  int64_t numInputs = func->getAttrOfType<IntegerAttr>("frac.inputs").getInt();
  int64_t numOutputs = func.getNumArguments() - 3 - numInputs;
  for (int64_t i = 0; i < numInputs; ++i)
    arguments.push_back(loadField(ptr, inputs, 8 * i));
  for (int64_t i = 0; i < numOutputs; ++i)
    arguments.push_back(loadField(ptr, outputs, 8 * i));
  for (auto [argument, type] : llvm::zip(arguments, func.getArgumentTypes()))
    argument = fromLLVM(argument, type);

  size_t maxArguments = 1;
  func.walk([&](rt::LaunchOp launch) {
    maxArguments = std::max(maxArguments, launch.getArguments().size());
  });
  Value launchArguments = LLVM::AllocaOp::create(
      *builder, loc, ptr, ptr, constant(maxArguments), /*alignment=*/8);
  Value records = LLVM::AllocaOp::create(*builder, loc, ptr, i8,
                                         constant(2 * sizeof(frac_quantized)),
                                         /*alignment=*/8);
  spliceBody(func, block, arguments);

  // Calls first: they ask buffers for their sizes.
  for (Operation &op : llvm::make_early_inc_range(*block)) {
    builder->setInsertionPoint(&op);
    loc = op.getLoc();
    if (auto launch = dyn_cast<rt::LaunchOp>(op))
      convertLaunch(launch, runtime, launchArguments);
    else if (!convertContraction(op, runtime, records))
      continue;
    op.erase();
  }
  func.erase();
}

void ConvertToLLVM::runOnOperation() {
  ModuleOp module = getOperation();
  MLIRContext *context = &getContext();
  builder.emplace(context);
  loc = UnknownLoc::get(context);
  i64 = IntegerType::get(context, 64);
  i32 = IntegerType::get(context, 32);
  i8 = IntegerType::get(context, 8);
  ptr = LLVM::LLVMPointerType::get(context);
  voidType = LLVM::LLVMVoidType::get(context);
  shapes.clear();

  declareRuntime();
  for (auto func : llvm::to_vector(module.getOps<func::FuncOp>())) {
    if (func->hasAttr("frac.kernel"))
      convertKernel(func);
    else if (func->hasAttr("frac.inputs"))
      convertEntry(func);
  }
  // Copies ask views for their sizes, so that views go last.
  SmallVector<Operation *> accesses, views;
  module.walk([&](Operation *op) {
    if (isa<memref::CopyOp, memref::LoadOp, memref::StoreOp>(op))
      accesses.push_back(op);
    else if (isa<memref::ViewOp, rt::ReshapeOp, memref::GetGlobalOp>(op))
      views.push_back(op);
  });
  for (Operation *op : accesses)
    convertMemory(op);
  for (Operation *op : views)
    convertMemory(op);
  for (auto global :
       llvm::make_early_inc_range(module.getOps<memref::GlobalOp>()))
    convertConstant(global);
  for (auto global :
       llvm::make_early_inc_range(module.getOps<ml_program::GlobalOp>()))
    global.erase();
  for (auto symbol :
       llvm::make_early_inc_range(module.getOps<precision::SymbolOp>()))
    symbol.erase();
}

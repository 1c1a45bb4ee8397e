//===- TensorBuilder.cpp - Building of tensor operations -----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/TensorBuilder.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"

#include <onnx/onnx_pb.h>

using namespace mlir;
using namespace frac;
using namespace frac::frontend;

/// Elements a sample that a tensor may have; far beyond what fits into memory,
/// far below where sizes in bytes overflow.
static constexpr int64_t maxElements = int64_t(1) << 40;

//===----------------------------------------------------------------------===//
// What is known of a tensor
//===----------------------------------------------------------------------===//

Type frac::frontend::getElementType(MLIRContext &context, int dataType) {
  switch (dataType) {
  case onnx::TensorProto::FLOAT:
    return Float32Type::get(&context);
  case onnx::TensorProto::INT64:
    return IntegerType::get(&context, 64);
  case onnx::TensorProto::INT32:
    return IntegerType::get(&context, 32);
  case onnx::TensorProto::BOOL:
    return IntegerType::get(&context, 1);
  default:
    return nullptr;
  }
}

Type frac::frontend::getConstantType(MLIRContext &context, int dataType) {
  switch (dataType) {
  case onnx::TensorProto::DOUBLE:
    return Float64Type::get(&context);
  case onnx::TensorProto::FLOAT16:
    return Float16Type::get(&context);
  case onnx::TensorProto::BFLOAT16:
    return BFloat16Type::get(&context);
  default:
    return getElementType(context, dataType);
  }
}

DenseElementsAttr frac::frontend::getElements(RankedTensorType type,
                                              llvm::StringRef raw) {
  unsigned bits = type.getElementTypeBitWidth();
  int64_t bytes = type.getNumElements() * ((bits + 7) / 8);
  if (!type.hasStaticShape() || bytes != static_cast<int64_t>(raw.size()))
    return nullptr;
  if (bits != 1)
    return DenseElementsAttr::getFromRawBuffer(
        type, ArrayRef<char>(raw.data(), raw.size()));
  SmallVector<bool> flags;
  for (char byte : raw)
    flags.push_back(byte != 0);
  return DenseElementsAttr::get(type, flags);
}

std::optional<std::vector<Extent>>
frac::frontend::getIntegers(const Tensor &tensor) {
  if (tensor.integers)
    return *tensor.integers;
  if (!tensor.constant || isa<FloatType>(tensor.elementType) ||
      tensor.constant.getNumElements() > maxFoldedElements)
    return std::nullopt;
  std::vector<Extent> elements;
  for (APInt element : tensor.constant.getValues<APInt>())
    elements.push_back(tensor.isBool() ? int64_t(element.getZExtValue())
                                       : element.getSExtValue());
  return elements;
}

std::optional<std::vector<int64_t>>
frac::frontend::getStaticIntegers(const Tensor &tensor) {
  std::optional<std::vector<Extent>> elements = getIntegers(tensor);
  if (!elements)
    return std::nullopt;
  std::vector<int64_t> numbers;
  for (Extent element : *elements) {
    if (!element.isStatic())
      return std::nullopt;
    numbers.push_back(element.offset);
  }
  return numbers;
}

std::optional<std::vector<float>>
frac::frontend::getFloats(const Tensor &tensor) {
  if (!isa<FloatType>(tensor.elementType))
    return std::nullopt;
  if (tensor.constant) {
    std::vector<float> values;
    for (llvm::APFloat value : tensor.constant.getValues<llvm::APFloat>()) {
      bool losesInfo;
      value.convert(llvm::APFloat::IEEEsingle(),
                    llvm::APFloat::rmNearestTiesToEven, &losesInfo);
      values.push_back(value.convertToFloat());
    }
    return values;
  }
  if (!tensor.initializer)
    return std::nullopt;
  const std::string &raw = tensor.initializer->proto->raw_data();
  std::vector<float> values(raw.size() / sizeof(float));
  std::copy_n(raw.data(), values.size() * sizeof(float),
              reinterpret_cast<char *>(values.data()));
  return values;
}

//===----------------------------------------------------------------------===//
// Types and constants
//===----------------------------------------------------------------------===//

RankedTensorType TensorBuilder::getType(Type elementType,
                                        ArrayRef<Extent> shape) {
  SmallVector<int64_t> extents;
  int64_t elements = 1, dynamic = 0;
  bool valid = true;
  for (Extent extent : shape) {
    if (!extent.isStatic()) {
      ++dynamic;
      extents.push_back(ShapedType::kDynamic);
      valid &= extent.scale > 0 && extent.scale <= maxElements;
      continue;
    }
    if (extent.offset < 0 || extent.offset > maxElements) {
      valid = false;
      extents.push_back(1);
      continue;
    }
    elements *= std::max<int64_t>(extent.offset, 1);
    valid &= elements <= maxElements;
    elements = std::min(elements, maxElements);
    extents.push_back(extent.offset);
  }
  if (!valid || dynamic > 1) {
    if (problem.empty())
      problem = "the shape " + toString(shape) +
                (valid ? " has two dimensions that depend on the batch size n, "
                         "but only one may"
                       : " is not possible");
    llvm::fill(extents, 1);
  }
  return RankedTensorType::get(extents, elementType);
}

Tensor TensorBuilder::wrap(Value value, ArrayRef<Extent> shape) {
  Tensor tensor;
  tensor.value = value;
  tensor.elementType = cast<RankedTensorType>(value.getType()).getElementType();
  tensor.shape.assign(shape.begin(), shape.end());
  DenseElementsAttr elements;
  if (matchPattern(value, m_Constant(&elements)) &&
      elements.getNumElements() <= maxFoldedElements)
    tensor.constant = elements;
  return tensor;
}

Value TensorBuilder::getIndex(Extent extent) {
  auto constant = [&](int64_t number) -> Value {
    return arith::ConstantIndexOp::create(b, loc, number);
  };
  if (extent.isStatic())
    return constant(extent.offset);
  Value value = batch;
  if (extent.scale != 1)
    value = arith::MulIOp::create(b, loc, value, constant(extent.scale));
  if (extent.offset != 0)
    value = arith::AddIOp::create(b, loc, value, constant(extent.offset));
  return value;
}

Value TensorBuilder::getValue(Tensor &tensor) {
  if (tensor.value)
    return tensor.value;
  if (tensor.initializer) {
    tensor.value = loadInitializer(*tensor.initializer);
    return tensor.value;
  }
  if (tensor.constant) {
    if (isa<FloatType>(tensor.elementType) && !tensor.isFloat() &&
        problem.empty())
      problem = "an operand is a float constant of another type than float32; "
                "export the model in float32";
    tensor.value = arith::ConstantOp::create(b, loc, tensor.constant);
    return tensor.value;
  }
  // Integers that depend on the batch.
  RankedTensorType type = getType(tensor.elementType, tensor.shape);
  SmallVector<Value> elements;
  for (Extent element : *tensor.integers)
    elements.push_back(arith::IndexCastOp::create(b, loc, tensor.elementType,
                                                  getIndex(element)));
  tensor.value = tensor::FromElementsOp::create(b, loc, type, elements);
  return tensor.value;
}

Tensor TensorBuilder::integers(std::vector<Extent> elements,
                               ArrayRef<Extent> shape, Type elementType) {
  Tensor tensor;
  tensor.elementType = elementType;
  tensor.shape.assign(shape.begin(), shape.end());
  tensor.integers =
      std::make_shared<const std::vector<Extent>>(std::move(elements));
  if (std::optional<std::vector<int64_t>> numbers = getStaticIntegers(tensor)) {
    SmallVector<APInt> values;
    for (int64_t number : *numbers)
      values.push_back(APInt(elementType.getIntOrFloatBitWidth(), number,
                             /*isSigned=*/true, /*implicitTrunc=*/true));
    tensor.constant =
        DenseElementsAttr::get(getType(elementType, shape), values);
  }
  return tensor;
}

Tensor TensorBuilder::splat(double number, Type elementType,
                            ArrayRef<Extent> shape) {
  Attribute element;
  if (isa<FloatType>(elementType))
    element = b.getFloatAttr(elementType, number);
  else
    element = b.getIntegerAttr(elementType, static_cast<int64_t>(number));
  bool isStatic =
      llvm::all_of(shape, [](Extent extent) { return extent.isStatic(); });
  Tensor tensor;
  tensor.elementType = elementType;
  if (isStatic)
    tensor.shape.assign(shape.begin(), shape.end());
  tensor.constant = DenseElementsAttr::get(getType(elementType, tensor.shape),
                                           ArrayRef(element));
  return isStatic ? tensor : broadcast(tensor, shape);
}

Tensor TensorBuilder::constant(DenseElementsAttr elements) {
  auto type = cast<RankedTensorType>(elements.getType());
  Tensor tensor;
  tensor.elementType = type.getElementType();
  for (int64_t extent : type.getShape())
    tensor.shape.push_back(extent);
  tensor.constant = elements;
  return tensor;
}

//===----------------------------------------------------------------------===//
// Changes of shape
//===----------------------------------------------------------------------===//

std::optional<Shape> TensorBuilder::broadcastShapes(ArrayRef<Extent> a,
                                                    ArrayRef<Extent> b) {
  if (a.size() < b.size())
    std::swap(a, b);
  Shape shape(a.begin(), a.end());
  size_t lead = a.size() - b.size();
  for (size_t i = 0; i != b.size(); ++i) {
    Extent &extent = shape[lead + i];
    if (extent.is(1))
      extent = b[i];
    else if (extent != b[i] && !b[i].is(1))
      return std::nullopt;
  }
  return shape;
}

Shape TensorBuilder::getCommonShape(const Tensor &lhs, const Tensor &rhs) {
  std::optional<Shape> shape = broadcastShapes(lhs.shape, rhs.shape);
  if (shape)
    return *shape;
  if (problem.empty())
    problem = "shapes " + toString(lhs.shape) + " and " + toString(rhs.shape) +
              " do not broadcast";
  return lhs.shape;
}

Tensor TensorBuilder::broadcast(Tensor tensor, ArrayRef<Extent> shape) {
  SmallVector<int64_t> dimensions;
  int64_t lead = static_cast<int64_t>(shape.size()) - tensor.getRank();
  for (int64_t i = 0; i < tensor.getRank(); ++i)
    dimensions.push_back(lead + i);
  return broadcast(tensor, shape, dimensions);
}

Tensor TensorBuilder::broadcast(Tensor tensor, ArrayRef<Extent> shape,
                                ArrayRef<int64_t> dimensions) {
  if (ArrayRef<Extent>(tensor.shape) == shape)
    return tensor;
  SmallVector<Value> sizes;
  for (Extent extent : shape)
    if (!extent.isStatic())
      sizes.push_back(getIndex(extent));
  Value value = getValue(tensor);
  RankedTensorType type = getType(tensor.elementType, shape);
  return wrap(nn::BroadcastOp::create(b, loc, type, value, sizes, dimensions),
              shape);
}

std::optional<Tensor> TensorBuilder::repeatForBatch(const Tensor &tensor,
                                                    Extent batch) {
  auto op = tensor.value ? tensor.value.getDefiningOp<nn::BroadcastOp>()
                         : nn::BroadcastOp();
  if (!op || tensor.shape.empty() || tensor.shape[0] == batch)
    return std::nullopt;
  RankedTensorType type = cast<RankedTensorType>(op.getInput().getType());
  ArrayRef<int64_t> dimensions = op.getDimensions();
  // The first dimension must be a new one or one of extent 1.
  if (!type.hasStaticShape() ||
      (!dimensions.empty() && dimensions[0] == 0 && type.getDimSize(0) != 1))
    return std::nullopt;
  Shape own, shape = tensor.shape;
  for (int64_t extent : type.getShape())
    own.push_back(extent);
  shape[0] = batch;
  return broadcast(wrap(op.getInput(), own), shape,
                   SmallVector<int64_t>(dimensions));
}

Tensor TensorBuilder::reshape(Tensor tensor, ArrayRef<Extent> shape) {
  if (ArrayRef<Extent>(tensor.shape) == shape)
    return tensor;
  RankedTensorType type = getType(tensor.elementType, shape);
  // Constants stay known.
  if (tensor.integers)
    return integers(*tensor.integers, shape, tensor.elementType);
  if (tensor.constant)
    return constant(tensor.constant.reshape(type));
  return wrap(nn::ReshapeOp::create(b, loc, type, getValue(tensor)), shape);
}

Tensor TensorBuilder::transpose(Tensor tensor, ArrayRef<int64_t> permutation) {
  bool isIdentity = true;
  Shape shape;
  for (auto [i, dimension] : llvm::enumerate(permutation)) {
    shape.push_back(tensor.shape[dimension]);
    isIdentity &= static_cast<int64_t>(i) == dimension;
  }
  if (isIdentity)
    return tensor;
  RankedTensorType type = getType(tensor.elementType, shape);
  return wrap(
      nn::TransposeOp::create(b, loc, type, getValue(tensor), permutation),
      shape);
}

Tensor TensorBuilder::reduce(nn::ReduceKind kind, Tensor tensor,
                             ArrayRef<int64_t> dimensions,
                             bool keepDimensions) {
  if (dimensions.empty())
    return tensor;
  Shape shape, kept;
  for (auto [i, extent] : llvm::enumerate(tensor.shape)) {
    bool reduced = llvm::is_contained(dimensions, static_cast<int64_t>(i));
    kept.push_back(reduced ? Extent(1) : extent);
    if (!reduced)
      shape.push_back(extent);
  }
  RankedTensorType type = getType(tensor.elementType, shape);
  Tensor reduced = wrap(
      nn::ReduceOp::create(b, loc, type, kind, getValue(tensor), dimensions),
      shape);
  return keepDimensions ? reshape(reduced, kept) : reduced;
}

Tensor TensorBuilder::slice(Tensor tensor, ArrayRef<int64_t> offsets,
                            ArrayRef<int64_t> strides, ArrayRef<Extent> shape) {
  if (ArrayRef<Extent>(tensor.shape) == shape &&
      llvm::all_of(strides, [](int64_t stride) { return stride == 1; }))
    return tensor;
  RankedTensorType type = getType(tensor.elementType, shape);
  return wrap(
      nn::SliceOp::create(b, loc, type, getValue(tensor), offsets, strides),
      shape);
}

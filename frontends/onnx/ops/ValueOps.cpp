//===- ValueOps.cpp - Constants, shapes as values, and what passes values on
//-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/Folding.h"
#include "frontends/onnx/NodeContext.h"
#include "frontends/onnx/Operators.h"
#include "frontends/onnx/TensorData.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

#include <cmath>
#include <onnx/onnx_pb.h>

using namespace mlir;
using namespace frac;
using namespace frac::frontend;

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

/// A tensor in an attribute, whose values are in raw form.
static FailureOr<Tensor> getTensor(NodeContext &node,
                                   const onnx::TensorProto &proto) {
  TensorBuilder &b = node.getBuilder();
  Type elementType =
      getConstantType(*b.getBuilder().getContext(), proto.data_type());
  if (!elementType)
    return node.error("constants of type " + getTypeName(proto.data_type()) +
                      " are not supported; export the model in float32");
  Shape shape;
  for (int64_t extent : proto.dims())
    shape.push_back(extent);
  DenseElementsAttr elements =
      getElements(b.getType(elementType, shape), proto.raw_data());
  if (!elements)
    return node.error("the constant has " +
                      llvm::Twine(proto.raw_data().size()) +
                      " bytes of data, which does not fit its shape");
  return b.constant(elements);
}

static LogicalResult importConstant(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  if (node.getNode().attribute_size() != 1)
    return node.error("a constant must have exactly one value");
  const onnx::AttributeProto &value = node.getNode().attribute(0);
  llvm::StringRef name = value.name();
  if (name == "value") {
    FailureOr<Tensor> tensor = getTensor(node, value.t());
    if (failed(tensor))
      return failure();
    node.setOutput(0, *tensor);
  } else if (name == "value_float") {
    node.setOutput(0, b.splat(value.f(), b.f32(), {}));
  } else if (name == "value_int") {
    node.setOutput(0, b.integers({Extent(value.i())}, {}, b.i64()));
  } else if (name == "value_floats") {
    SmallVector<float> floats(value.floats().begin(), value.floats().end());
    node.setOutput(0, b.constant(DenseElementsAttr::get(
                          b.getType(b.f32(), {Extent(floats.size())}),
                          ArrayRef<float>(floats))));
  } else {
    std::vector<Extent> integers(value.ints().begin(), value.ints().end());
    Extent count(integers.size());
    node.setOutput(0, b.integers(std::move(integers), {count}, b.i64()));
  }
  return success();
}

static LogicalResult importConstantOfShape(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  std::optional<std::vector<Extent>> shape = getIntegers(node.getInput(0));
  if (!shape)
    return node.error("the shape must be constant or computed from shapes; "
                      "export the model with constant shapes");
  Tensor element = b.splat(0, b.f32(), {});
  if (const onnx::AttributeProto *value = node.getAttribute("value")) {
    FailureOr<Tensor> tensor = getTensor(node, value->t());
    if (failed(tensor))
      return failure();
    if (tensor->constant.getNumElements() != 1)
      return node.error("attribute 'value' must have one element");
    element = b.reshape(*tensor, {});
  }
  std::optional<Tensor> folded = foldBroadcast(b, element, *shape);
  if (!folded && llvm::all_of(*shape, [](Extent e) { return e.isStatic(); })) {
    RankedTensorType type = b.getType(element.elementType, *shape);
    folded = b.constant(DenseElementsAttr::get(
        type, ArrayRef(*element.constant.value_begin<Attribute>())));
    folded->shape.assign(shape->begin(), shape->end());
  }
  node.setOutput(0, folded ? *folded : b.broadcast(element, *shape));
  return success();
}

static LogicalResult importRange(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  constexpr int64_t maxCount = int64_t(1) << 24;
  for (int i : {0, 1, 2})
    if (node.getInput(i).elementType != node.getInput(0).elementType ||
        getNumElements(node.getInput(i).shape) != Extent(1))
      return node.error("start, limit and delta must be scalars of one type");
  std::vector<int64_t> integers[3];
  std::vector<float> floats[3];
  bool isFloat = node.getInput(0).isFloat();
  double bounds[3];
  for (int i : {0, 1, 2}) {
    if (isFloat) {
      auto value = getFloats(node.getInput(i));
      if (!value)
        return node.error("start, limit and delta must be constant");
      bounds[i] = value->front();
      continue;
    }
    FailureOr<std::vector<int64_t>> value =
        node.getConstantInput(i, "start, limit and delta");
    if (failed(value))
      return failure();
    integers[i] = *value;
    bounds[i] = value->front();
  }
  double count = std::ceil((bounds[1] - bounds[0]) / bounds[2]);
  if (!(bounds[2] != 0) || !(count <= maxCount))
    return node.error("the range is endless or too long");
  int64_t elements = std::max<int64_t>(static_cast<int64_t>(count), 0);
  if (isFloat) {
    SmallVector<float> values;
    for (int64_t i = 0; i != elements; ++i)
      values.push_back(static_cast<float>(bounds[0] + i * bounds[2]));
    node.setOutput(0, b.constant(DenseElementsAttr::get(
                          b.getType(b.f32(), {Extent(elements)}),
                          ArrayRef<float>(values))));
    return success();
  }
  std::vector<Extent> values;
  for (int64_t i = 0; i != elements; ++i)
    values.push_back(integers[0][0] + i * integers[2][0]);
  node.setOutput(0, b.integers(std::move(values), {Extent(elements)},
                               node.getInput(0).elementType));
  return success();
}

//===----------------------------------------------------------------------===//
// Shapes as values
//===----------------------------------------------------------------------===//

static LogicalResult importShape(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  ArrayRef<Extent> shape = node.getInput(0).shape;
  int64_t rank = shape.size();
  auto clamp = [&](int64_t place) {
    return std::clamp<int64_t>(place < 0 ? place + rank : place, 0, rank);
  };
  int64_t start = clamp(node.getInt("start", 0)),
          end = clamp(node.getInt("end", rank));
  shape = shape.slice(start, std::max<int64_t>(end - start, 0));
  node.setOutput(0, b.integers(std::vector<Extent>(shape.begin(), shape.end()),
                               {Extent(shape.size())}, b.i64()));
  return success();
}

static LogicalResult importSize(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  std::optional<Extent> elements = getNumElements(node.getInput(0).shape);
  if (!elements)
    return node.error("the shape " + toString(node.getInput(0).shape) +
                      " is not supported");
  node.setOutput(0, b.integers({*elements}, {}, b.i64()));
  return success();
}

//===----------------------------------------------------------------------===//
// Passing values on
//===----------------------------------------------------------------------===//

static LogicalResult importIdentity(NodeContext &node) {
  node.setOutput(0, node.getInput(0));
  return success();
}

/// Converts a tensor that is not known at import.
static Value createCast(TensorBuilder &b, Tensor &input, Type target) {
  OpBuilder &builder = b.getBuilder();
  Location loc = b.getLoc();
  Value value = b.getValue(input);
  Type type = b.getType(target, input.shape);
  bool toFloat = isa<FloatType>(target);
  if (target.isInteger(1)) {
    Tensor zero = b.splat(0, input.elementType, input.shape);
    Value none = b.getValue(zero);
    if (input.isFloat())
      return arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::UNE,
                                   value, none);
    return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne, value,
                                 none);
  }
  if (input.isFloat())
    return arith::FPToSIOp::create(builder, loc, type, value);
  if (input.isBool() && toFloat)
    return arith::UIToFPOp::create(builder, loc, type, value);
  if (toFloat)
    return arith::SIToFPOp::create(builder, loc, type, value);
  if (input.isBool())
    return arith::ExtUIOp::create(builder, loc, type, value);
  if (input.elementType.getIntOrFloatBitWidth() <
      target.getIntOrFloatBitWidth())
    return arith::ExtSIOp::create(builder, loc, type, value);
  return arith::TruncIOp::create(builder, loc, type, value);
}

static LogicalResult importCast(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  Tensor input = node.getInput(0);
  int64_t number = node.getInt("to", 0);
  // 0 is no type.
  int to = llvm::isInt<32>(number) ? static_cast<int>(number) : 0;
  Type target = getElementType(*b.getBuilder().getContext(), to);
  if (!target)
    return node.error("casts to " + getTypeName(to) +
                      " are not supported; export the model in float32");
  if (target == input.elementType) {
    node.setOutput(0, input);
    return success();
  }
  // Floats of other types exist as constants alone.
  if (isa<FloatType>(input.elementType) && !input.isFloat()) {
    std::optional<std::vector<float>> floats = getFloats(input);
    if (!floats)
      return node.error("casts from this type are not supported; export the "
                        "model in float32");
    input = b.constant(DenseElementsAttr::get(b.getType(b.f32(), input.shape),
                                              ArrayRef<float>(*floats)));
    if (target == b.f32()) {
      node.setOutput(0, input);
      return success();
    }
  }
  // Numbers that are known stay known.
  bool narrows = target.isInteger(1);
  if (!input.isFloat() && !isa<FloatType>(target)) {
    if (std::optional<Tensor> folded = foldUnary(
            b, input,
            [&](Extent x) -> std::optional<Extent> {
              if (!narrows)
                return x;
              return x.isStatic() ? std::optional<Extent>(x.is(0) ? 0 : 1)
                                  : std::nullopt;
            },
            target)) {
      node.setOutput(0, *folded);
      return success();
    }
  } else if (auto integers = getStaticIntegers(input);
             integers && isa<FloatType>(target)) {
    SmallVector<float> values(integers->begin(), integers->end());
    node.setOutput(
        0, b.constant(DenseElementsAttr::get(b.getType(target, input.shape),
                                             ArrayRef<float>(values))));
    return success();
  } else if (auto floats = getFloats(input);
             floats && !input.initializer && !narrows &&
             floats->size() <= maxFoldedElements &&
             llvm::all_of(*floats, [](float x) {
               return std::abs(x) < float(int64_t(1) << 53);
             })) {
    std::vector<Extent> values;
    for (float x : *floats)
      values.push_back(static_cast<int64_t>(x));
    node.setOutput(0, b.integers(std::move(values), input.shape, target));
    return success();
  }
  node.setOutput(0, b.wrap(createCast(b, input, target), input.shape));
  return success();
}

static LogicalResult importDropout(NodeContext &node) {
  TensorBuilder &b = node.getBuilder();
  Tensor input = node.getInput(0);
  float ratio = node.getFloat("ratio", 0.5f);
  if (node.hasInput(1)) {
    auto value = getFloats(node.getInput(1));
    if (!value || value->size() != 1)
      return node.error("the ratio must be a constant number");
    ratio = value->front();
  }
  if (!(ratio >= 0) || !(ratio < 1))
    return node.error("the ratio must be at least 0 and less than 1");
  bool training = node.getOpset() < 7 && node.getInt("is_test", 0) == 0;
  if (node.hasInput(2)) {
    FailureOr<std::vector<int64_t>> value =
        node.getConstantInput(2, "training_mode");
    if (failed(value) || value->size() != 1)
      return node.error("training_mode must be a constant bool");
    training = value->front() != 0;
  }
  if (ratio == 0)
    node.setOutput(0, input);
  else
    node.setOutput(0, b.unary<nn::DropoutOp>(input, llvm::APFloat(ratio),
                                             b.takeRandomStream(), training));
  // Only without dropping is the mask known: all elements are kept.
  if (node.isUsed(1) && !(training && ratio != 0))
    node.setOutput(
        1, b.splat(1, node.getOpset() < 10 ? Type(b.f32()) : Type(b.i1()),
                   input.shape));
  return success();
}

llvm::ArrayRef<Operator> frac::frontend::getValueOperators() {
  static const Operator table[] = {
      {"Cast", minOpset, maxOpset, 1, 1, 0, "saturate to", importCast, "input",
       "between float32, int64, int32 and bool"},
      {"Constant", minOpset, maxOpset, 0, 0, 0,
       "value value_float value_floats value_int value_ints", importConstant,
       "", "dense, of numbers or bools"},
      {"ConstantOfShape", 9, maxOpset, 1, 1, 0, "value", importConstantOfShape,
       "", "the shape must be known at import"},
      {"Dropout", minOpset, maxOpset, 1, 3, 2, "is_test ratio seed",
       importDropout, "data", "constant ratio; no mask output in training"},
      {"Identity", minOpset, maxOpset, 1, 1, 0, "", importIdentity, "input",
       ""},
      {"Range", 11, maxOpset, 3, 3, 0, "", importRange, "",
       "the operands must be known at import"},
      {"Shape", minOpset, maxOpset, 1, 1, 0, "end start", importShape, "", ""},
      {"Size", minOpset, maxOpset, 1, 1, 0, "", importSize, "", ""},
  };
  return table;
}

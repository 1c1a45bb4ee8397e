//===- CostedProducts.cpp - The contractions of a program, for costs ------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/cost/CostedProducts.h"

#include "dialects/interfaces/NodeName.h"
#include "dialects/interfaces/SampleLayout.h"
#include "passes/precision/QuantizedFactor.h"

using namespace mlir;
using namespace frac;

static SymbolRole getSymbolRole(precision::Role role) {
  switch (role) {
  case precision::Role::activation:
    return SymbolRole::Activation;
  case precision::Role::weight:
    return SymbolRole::Weight;
  case precision::Role::error:
    return SymbolRole::Error;
  }
  return SymbolRole::Activation;
}

void CostedProduct::setWidth(SymbolRole role, int bits) {
  for (WidthExpression *width : {&left, &right}) {
    if (width->role != role)
      continue;
    width->bits = bits;
    width->symbol.clear();
  }
}

/// What is known of the bits of a factor.
static WidthExpression getWidth(Value factor, const Products &products) {
  WidthExpression width;
  width.role = getSymbolRole(products.getRole(factor));
  precision::DequantizeOp dequantize = getDequantization(factor);
  if (!dequantize) {
    Type element = getElementTypeOrSelf(factor.getType());
    if (element.isIntOrIndexOrFloat() && !element.isIndex())
      width.bits = isa<FloatType>(element)
                       ? floatOperandBits
                       : static_cast<int>(element.getIntOrFloatBitWidth());
    return width;
  }
  Value bits = dequantize.getBits();
  if (auto constant = bits.getDefiningOp<precision::ConstantOp>()) {
    width.bits = static_cast<int>(constant.getValue());
    return width;
  }
  auto resolve = bits.getDefiningOp<precision::ResolveOp>();
  auto symbol = resolve
                    ? SymbolTable::lookupNearestSymbolFrom<precision::SymbolOp>(
                          resolve, resolve.getSymbolAttr())
                    : precision::SymbolOp();
  if (!symbol)
    return width;
  if (std::optional<uint64_t> fixed = symbol.getFixed()) {
    width.bits = static_cast<int>(*fixed);
    return width;
  }
  width.symbol = symbol.getSymName().str();
  width.role = getSymbolRole(symbol.getRole());
  return width;
}

static ProductForm getForm(ContractionGeometry::Form form, Product pass) {
  switch (form) {
  case ContractionGeometry::Form::Matrices:
    return pass == Product::WeightGradient ? ProductForm::WeightMatrices
                                           : ProductForm::Matrices;
  case ContractionGeometry::Form::Convolution:
    return ProductForm::Convolution;
  case ContractionGeometry::Form::InputGradient:
    return ProductForm::InputGradient;
  case ContractionGeometry::Form::WeightGradient:
    return ProductForm::WeightGradient;
  }
  return ProductForm::Matrices;
}

/// Two entries, (height, width); one spatial dimension is a width, none a
/// pixel.
static std::array<int64_t, 2> getPair(ArrayRef<int64_t> extents) {
  std::array<int64_t, 2> pair = {1, 1};
  llvm::copy(extents, pair.end() - extents.size());
  return pair;
}

/// The product with `batchExtent` for each row of a sample in place of what is
/// dynamic. Stacks of matrices are groups of a product, as models of arrays
/// have them.
static void setPattern(CostedProduct &costed,
                       const ContractionGeometry &geometry) {
  auto resolve = [&](int64_t extent) {
    return ShapedType::isDynamic(extent) ? costed.rows * batchExtent : extent;
  };
  if (geometry.kernel.size() > 2) {
    costed.problem = "has " + std::to_string(geometry.kernel.size()) +
                     " spatial dimensions, an array has two";
    return;
  }
  ProductPattern pattern;
  pattern.form = getForm(geometry.form, costed.pass);
  ContractionShape &layer = pattern.layer;
  layer.batch = resolve(geometry.batch);
  layer.inChannels = resolve(geometry.inChannels);
  layer.outChannels = resolve(geometry.outChannels);
  layer.groups = resolve(geometry.groups);
  SmallVector<int64_t> output = llvm::map_to_vector(geometry.output, resolve);
  layer.kernel = getPair(geometry.kernel);
  layer.output = getPair(output);
  layer.stride = getPair(geometry.strides);
  layer.dilation = getPair(geometry.dilations);
  costed.pattern = pattern;
}

/// Puts the activation on the left of a gradient of weights, as the mappings
/// have it, by the transposed product.
static void orderOperands(CostedProduct &costed, const Products &products) {
  Value left = costed.op->getOperand(costed.op.getLeftFactor());
  if (!costed.pattern || costed.pattern->form != ProductForm::WeightMatrices ||
      products.getRole(left) != precision::Role::error)
    return;
  std::swap(costed.pattern->layer.batch, costed.pattern->layer.outChannels);
  costed.pattern->isSwapped = true;
  std::swap(costed.left, costed.right);
}

/// Whether the first result is a loss, so that there is a backward pass.
static bool hasLoss(func::FuncOp function) {
  if (function.getNumResults() == 0)
    return false;
  auto type = dyn_cast<RankedTensorType>(function.getResultTypes().front());
  return type && type.getRank() == 0;
}

std::vector<CostedProduct> frac::listCostedProducts(func::FuncOp function,
                                                    int64_t batch,
                                                    bool allWindows) {
  std::vector<CostedProduct> list;
  if (function.isExternal())
    return list;
  Products products(function);
  SampleLayout samples(function);
  bool isTraining = hasLoss(function);
  bool hasFirst = false;
  function.walk([&](ContractionOpInterface op) {
    CostedProduct costed;
    costed.op = op;
    costed.name = getNodeName(op->getLoc()).str();
    costed.opName = op->getName().getStringRef().str();
    costed.rows = samples.getRows(op);
    costed.macsPerSample = samples.getMacs(op);
    costed.pass = isTraining ? products.getProduct(op) : Product::Forward;
    costed.left = getWidth(op->getOperand(op.getLeftFactor()), products);
    costed.right = getWidth(op->getOperand(op.getRightFactor()), products);
    if (std::optional<ContractionGeometry> geometry = op.getGeometry())
      setPattern(costed, *geometry);
    else
      costed.problem = "has no shape that the model knows";
    orderOperands(costed, products);
    if (costed.pattern && (allWindows || !hasFirst)) {
      bool isForward = costed.pass == Product::Forward &&
                       costed.pattern->form == ProductForm::Convolution;
      costed.pattern->layer.im2col =
          isForward ||
          (allWindows && costed.pattern->form == ProductForm::InputGradient);
      hasFirst |= isForward;
    }
    if (costed.pattern)
      costed.product = costed.pattern->at(batch);
    costed.macs = costed.product ? costed.product->macs()
                                 : static_cast<double>(costed.macsPerSample) *
                                       static_cast<double>(batch);
    list.push_back(std::move(costed));
  });
  return list;
}

//===- GateNetwork.cpp - The network that chooses widths ------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/gate/GateNetwork.h"

#include "dialects/frac/FracDialect.h"
#include "dialects/nn/NNDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/Support/xxhash.h"

#include <cmath>

using namespace mlir;
using namespace frac;

/// What makes the softmax of a candidate 0.
static constexpr float withheldOffset = -1e30f;

GateNetwork::GateNetwork(SymbolTable &symbols, Operation *last, GateSizes sizes)
    : symbols(symbols), last(last), sizes(std::move(sizes)) {}

/// Numbers uniform in [-bound, bound), as a function of the name and the place.
static SmallVector<float> drawUniform(StringRef name, int64_t count,
                                      double bound) {
  SmallVector<float> values;
  std::string key = name.str();
  for (int64_t i = 0; i < count; ++i) {
    uint64_t bits = llvm::xxh3_64bits(key + "#" + std::to_string(i));
    double unit = static_cast<double>(bits >> 11) * 0x1p-53;
    values.push_back(static_cast<float>((2 * unit - 1) * bound));
  }
  return values;
}

/// The variable `name`, made when it is first asked for. `inputs` bounds its
/// first values.
Value GateNetwork::load(AdjointBuilder &b, const Twine &name,
                        ArrayRef<int64_t> shape, int64_t inputs) {
  std::string full = ("gate/" + name).str();
  auto type = RankedTensorType::get(shape, b.getF32Type());
  auto global = symbols.lookup<ml_program::GlobalOp>(full);
  if (!global) {
    SmallVector<float> values =
        drawUniform(full, type.getNumElements(),
                    1 / std::sqrt(static_cast<double>(inputs)));
    OpBuilder atModule(b.getContext());
    global = ml_program::GlobalOp::create(
        atModule, b.getLoc(), full, type, /*is_mutable=*/true,
        DenseElementsAttr::get(type, ArrayRef<float>(values)),
        atModule.getStringAttr("private"));
    global->setAttr("frac.role", atModule.getStringAttr("parameter"));
    symbols.insert(global, std::next(last->getIterator()));
    last = global;
  }
  return ml_program::GlobalLoadOp::create(
      b, type, FlatSymbolRefAttr::get(global.getSymNameAttr()));
}

/// input x weights^T.
Value GateNetwork::product(AdjointBuilder &b, Value input, Value weights) {
  auto rows = cast<RankedTensorType>(input.getType());
  auto columns = cast<RankedTensorType>(weights.getType());
  auto type = RankedTensorType::get({rows.getDimSize(0), columns.getDimSize(0)},
                                    b.getF32Type());
  return nn::MatmulOp::create(b, type, input, weights,
                              /*transpose_lhs=*/UnitAttr(),
                              /*transpose_rhs=*/b.getUnitAttr());
}

/// `row` at every sample of `like`.
static Value addRow(AdjointBuilder &b, Value row, Value like) {
  Value rows = nn::BroadcastOp::create(
      b, like.getType(), row, b.dynamicSizes(like), ArrayRef<int64_t>{1});
  return b.add(like, rows);
}

Value GateNetwork::linear(AdjointBuilder &b, const Twine &name, Value input,
                          int64_t outputs) {
  int64_t inputs = cast<RankedTensorType>(input.getType()).getDimSize(1);
  std::string prefix = name.str();
  Value weights = load(b, prefix + "/weight", {outputs, inputs}, inputs);
  Value bias = load(b, prefix + "/bias", {outputs}, inputs);
  return addRow(b, bias, product(b, input, weights));
}

/// One step of the LSTM cell.
Value GateNetwork::cell(AdjointBuilder &b, Value input) {
  int64_t size = sizes.hidden;
  int64_t inputs = cast<RankedTensorType>(input.getType()).getDimSize(1);
  Value sum =
      addRow(b, load(b, "cell/bias", {4 * size}, size),
             product(b, input,
                     load(b, "cell/weight_input", {4 * size, inputs}, size)));
  if (hidden)
    sum = b.add(sum,
                product(b, hidden,
                        load(b, "cell/weight_hidden", {4 * size, size}, size)));
  auto type = RankedTensorType::get(
      {cast<RankedTensorType>(sum.getType()).getDimSize(0), size},
      b.getF32Type());
  auto part = [&](int64_t place) -> Value {
    return nn::SliceOp::create(b, type, sum, ArrayRef<int64_t>{0, place * size},
                               ArrayRef<int64_t>{1, 1});
  };
  auto sigmoid = [&](Value value) -> Value {
    return nn::SigmoidOp::create(b, type, value);
  };
  Value kept = b.mul(sigmoid(part(0)), math::TanhOp::create(b, part(2)));
  if (memory)
    kept = b.add(b.mul(sigmoid(part(1)), memory), kept);
  memory = kept;
  hidden = b.mul(sigmoid(part(3)), math::TanhOp::create(b, memory));
  return hidden;
}

Value GateNetwork::build(AdjointBuilder &b, StringRef block, Value entry,
                         Value attenuation, ArrayRef<int64_t> withheld) {
  auto type = cast<RankedTensorType>(entry.getType());
  Value features = entry;
  if (type.getRank() > 2) {
    auto pixels = llvm::to_vector(llvm::seq<int64_t>(2, type.getRank()));
    features =
        nn::ReduceOp::create(b, type.clone(type.getShape().take_front(2)),
                             nn::ReduceKind::mean, entry, pixels);
  }
  features = precision::ScaleGradientOp::create(b, features, attenuation);
  for (auto [index, outputs] : llvm::enumerate(sizes.features)) {
    if (index != 0)
      features = nn::ReluOp::create(b, features.getType(), features);
    features =
        linear(b, block + "/layer" + Twine(index + 1), features, outputs);
  }
  Value scores = linear(b, "head", cell(b, features), sizes.candidates);
  if (!withheld.empty()) {
    SmallVector<float> offsets(sizes.candidates, 0);
    for (int64_t candidate : withheld)
      offsets[candidate] = withheldOffset;
    auto row = RankedTensorType::get({sizes.candidates}, b.getF32Type());
    Value offset = arith::ConstantOp::create(
        b, DenseElementsAttr::get(row, ArrayRef<float>(offsets)));
    scores = addRow(b, offset, scores);
  }
  return nn::SoftmaxOp::create(b, scores.getType(), scores, /*dimension=*/1);
}

//===- LinearProgram.cpp - A program written by hand ----------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/support/LinearProgram.h"

#include "runtime/support/Bytes.h"

#include <cmath>
#include <csignal>
#include <cstring>
#include <nlohmann/json.hpp>

namespace frac::test {

int64_t divergeAtIteration = -1;
int64_t interruptAtIteration = -1;
std::vector<int64_t> stepBatches, evalBatches;
std::vector<std::vector<int32_t>> stepWidths, evalWidths, gradWidths;

namespace {
/// Places of the variables, shared by the entries, which are plain functions.
struct Layout {
  int64_t features = 0, classes = 0;
  uint64_t weight = 0, bias = 0, mean = 0, weightSlot = 0, biasSlot = 0;
  uint64_t stateBytes = 0;
  uint64_t weightGrad = 0, biasGrad = 0;
  uint64_t gradStateBytes = 0;
  bool quantized = false;
};
Layout layout;

uint64_t place(uint64_t &end, int64_t elements) {
  uint64_t at = end;
  uint64_t bytes = static_cast<uint64_t>(elements) * sizeof(float);
  end = (at + bytes + FRAC_ALIGNMENT - 1) / FRAC_ALIGNMENT * FRAC_ALIGNMENT;
  return at;
}

float *at(const frac_invocation *call, uint64_t offset) {
  return reinterpret_cast<float *>(call->state + offset);
}

/// The widths, which come as the last input, at place `input`.
std::vector<int32_t> widths(const frac_invocation *call, int input) {
  if (!layout.quantized)
    return {};
  const auto *first = static_cast<const int32_t *>(call->inputs[input]);
  return {first, first + 4};
}

/// A weight on the grid of its width.
double onGrid(float weight, const std::vector<int32_t> &widths) {
  return widths.empty()
             ? weight
             : std::ldexp(std::nearbyint(std::ldexp(weight, widths[1])),
                          -widths[1]);
}

/// Loss and correct samples; gradients if the pointers are not null.
void compute(const frac_invocation *call, const std::vector<int32_t> &widths,
             float *weightGrad, float *biasGrad, double &loss,
             double &correct) {
  const auto *x = static_cast<const float *>(call->inputs[0]);
  const auto *labels = static_cast<const int64_t *>(call->inputs[1]);
  const float *weight = at(call, layout.weight);
  const float *bias = at(call, layout.bias);
  int64_t features = layout.features, classes = layout.classes;
  loss = correct = 0;
  std::vector<double> p(static_cast<size_t>(classes));
  for (int64_t s = 0; s < call->batch; ++s) {
    const float *sample = x + s * features;
    double largest = -INFINITY, sum = 0;
    int64_t best = 0;
    for (int64_t c = 0; c < classes; ++c) {
      double logit = bias[c];
      for (int64_t i = 0; i < features; ++i)
        logit += onGrid(weight[c * features + i], widths) * sample[i];
      p[c] = logit;
      if (logit > largest) {
        largest = logit;
        best = c;
      }
    }
    for (double &value : p)
      sum += value = std::exp(value - largest);
    for (double &value : p)
      value /= sum;
    loss -= std::log(p[labels[s]]) / static_cast<double>(call->batch);
    correct += best == labels[s];
    if (!weightGrad)
      continue;
    for (int64_t c = 0; c < classes; ++c) {
      double error =
          (p[c] - (c == labels[s])) / static_cast<double>(call->batch);
      biasGrad[c] += static_cast<float>(error);
      for (int64_t i = 0; i < features; ++i)
        weightGrad[c * features + i] += static_cast<float>(error * sample[i]);
    }
  }
}

void store(const frac_invocation *call, int output, double value) {
  *static_cast<float *>(call->outputs[output]) = static_cast<float>(value);
}

void step(const frac_invocation *call) {
  const auto *hyper = static_cast<const float *>(call->inputs[2]);
  const auto *counter = static_cast<const int64_t *>(call->inputs[3]);
  stepBatches.push_back(call->batch);
  auto weights = static_cast<size_t>(layout.classes * layout.features);
  auto biases = static_cast<size_t>(layout.classes);
  std::vector<float> weightGrad(weights), biasGrad(biases);
  double loss, correct, norm = 0;
  stepWidths.push_back(widths(call, 4));
  compute(call, stepWidths.back(), weightGrad.data(), biasGrad.data(), loss,
          correct);
  auto update = [&](float *values, float *slot,
                    const std::vector<float> &grad) {
    for (size_t i = 0; i < grad.size(); ++i) {
      norm += static_cast<double>(grad[i]) * grad[i];
      slot[i] = hyper[FRAC_HYPER_MOMENTUM] * slot[i] + grad[i] +
                hyper[FRAC_HYPER_WEIGHT_DECAY] * values[i];
      values[i] -= hyper[FRAC_HYPER_LR] * slot[i];
    }
  };
  update(at(call, layout.weight), at(call, layout.weightSlot), weightGrad);
  update(at(call, layout.bias), at(call, layout.biasSlot), biasGrad);
  const auto *x = static_cast<const float *>(call->inputs[0]);
  float *mean = at(call, layout.mean);
  for (int64_t i = 0; i < layout.features; ++i)
    for (int64_t s = 0; s < call->batch; ++s)
      mean[i] = 0.99f * mean[i] + 0.01f * x[s * layout.features + i];
  if (counter[1] == interruptAtIteration)
    std::raise(SIGINT);
  store(call, 0, counter[1] == divergeAtIteration ? NAN : loss);
  store(call, 1, correct);
  store(call, 2, std::sqrt(norm));
}

void evaluate(const frac_invocation *call) {
  evalBatches.push_back(call->batch);
  double loss, correct;
  evalWidths.push_back(widths(call, 2));
  compute(call, evalWidths.back(), nullptr, nullptr, loss, correct);
  store(call, 0, loss);
  store(call, 1, correct);
}

void gradients(const frac_invocation *call) {
  float *weightGrad = at(call, layout.weightGrad);
  float *biasGrad = at(call, layout.biasGrad);
  std::memset(weightGrad, 0, sizeof(float) * layout.classes * layout.features);
  std::memset(biasGrad, 0, sizeof(float) * layout.classes);
  double loss, correct;
  gradWidths.push_back(widths(call, 4));
  compute(call, gradWidths.back(), weightGrad, biasGrad, loss, correct);
  store(call, 0, loss);
}

/// Appends a number in protobuf's variable length.
void varint(std::vector<unsigned char> &out, uint64_t value) {
  for (; value >= 0x80; value >>= 7)
    out.push_back(static_cast<unsigned char>(value | 0x80));
  out.push_back(static_cast<unsigned char>(value));
}

/// Appends a length-delimited field of a protobuf message.
void field(std::vector<unsigned char> &out, int number,
           const std::vector<unsigned char> &bytes) {
  varint(out, static_cast<uint64_t>(number) << 3 | 2);
  varint(out, bytes.size());
  out.insert(out.end(), bytes.begin(), bytes.end());
}

/// A TensorProto of floats; the values come last.
std::vector<unsigned char> tensor(const std::string &name,
                                  const std::vector<int64_t> &shape,
                                  const std::vector<float> &values) {
  std::vector<unsigned char> out, raw(values.size() * sizeof(float));
  for (int64_t dim : shape) {
    out.push_back(1 << 3);
    varint(out, static_cast<uint64_t>(dim));
  }
  out.push_back(2 << 3);
  out.push_back(1);
  field(out, 8, {name.begin(), name.end()});
  std::memcpy(raw.data(), values.data(), raw.size());
  field(out, 9, raw);
  return out;
}
} // namespace

LinearProgram::LinearProgram(const LinearShape &shape) {
  layout = Layout();
  layout.features = 1;
  for (int64_t dim : shape.input)
    layout.features *= dim;
  layout.classes = shape.classes;
  layout.quantized = shape.quantized;
  int64_t weights = layout.classes * layout.features;
  uint64_t end = 0;
  layout.weight = place(end, weights);
  layout.bias = place(end, layout.classes);
  layout.mean = place(end, layout.features);
  layout.weightSlot = place(end, weights);
  layout.biasSlot = place(end, layout.classes);
  layout.stateBytes = end;
  layout.weightGrad = place(end, weights);
  layout.biasGrad = place(end, layout.classes);
  layout.gradStateBytes = end;

  std::vector<float> weight(static_cast<size_t>(weights));
  for (size_t i = 0; i < weight.size(); ++i)
    weight[i] = 0.01f * static_cast<float>(static_cast<int>(i % 7) - 3);
  std::vector<float> bias(static_cast<size_t>(layout.classes), 0.125f);
  std::vector<float> mean(static_cast<size_t>(layout.features), 0.5f);
  initialState.resize(layout.weightSlot);
  std::memcpy(initialState.data() + layout.weight, weight.data(), weights * 4);
  std::memcpy(initialState.data() + layout.bias, bias.data(), bias.size() * 4);
  std::memcpy(initialState.data() + layout.mean, mean.data(), mean.size() * 4);

  // The values of each initializer are the last bytes of its field.
  std::vector<unsigned char> graph;
  std::vector<int64_t> ends;
  field(graph, 5, tensor("weight", {shape.classes, layout.features}, weight));
  ends.push_back(static_cast<int64_t>(graph.size()));
  field(graph, 5, tensor("bias", {shape.classes}, bias));
  ends.push_back(static_cast<int64_t>(graph.size()));
  field(graph, 5, tensor("mean", {layout.features}, mean));
  ends.push_back(static_cast<int64_t>(graph.size()));
  field(model, 7, graph);
  auto lead = static_cast<int64_t>(model.size() - graph.size());

  using Json = nlohmann::json;
  auto variable = [](const char *name, const char *role,
                     std::vector<int64_t> dims, uint64_t offset,
                     int64_t modelOffset, const char *of) {
    int64_t bytes = 4;
    for (int64_t dim : dims)
      bytes *= dim;
    return Json{{"name", name},     {"role", role},
                {"shape", dims},    {"dtype", "f32"},
                {"offset", offset}, {"bytes", bytes},
                {"of", of},         {"model_offset", modelOffset}};
  };
  std::vector<int64_t> weightShape = {shape.classes, layout.features};
  std::vector<int64_t> biasShape = {shape.classes};
  std::vector<int64_t> inputShape = shape.input;
  inputShape.insert(inputShape.begin(), -1);
  Json variables = Json::array();
  variables.push_back(variable("weight", "parameter", weightShape,
                               layout.weight, lead + ends[0] - weights * 4,
                               ""));
  variables.push_back(variable("bias", "parameter", biasShape, layout.bias,
                               lead + ends[1] - shape.classes * 4, ""));
  variables.push_back(variable("mean", "state", {layout.features}, layout.mean,
                               lead + ends[2] - layout.features * 4, ""));
  variables.push_back(variable("weight/momentum", "slot", weightShape,
                               layout.weightSlot, -1, "weight"));
  variables.push_back(variable("bias/momentum", "slot", biasShape,
                               layout.biasSlot, -1, "bias"));
  variables.push_back(variable("weight/gradient", "gradient", weightShape,
                               layout.weightGrad, -1, "weight"));
  variables.push_back(variable("bias/gradient", "gradient", biasShape,
                               layout.biasGrad, -1, "bias"));
  double macs = static_cast<double>(weights);
  Json json = {
      {"model", "linear.onnx"},
      {"recipe",
       {{"optimizer", {{"kind", "sgd"}, {"lr", 0.1}, {"momentum", 0.9}}},
        {"schedule", {{"kind", "constant"}}}}},
      {"batch", shape.batch},
      {"target_cpu", "generic"},
      {"inputs", {{{"name", "x"}, {"shape", inputShape}, {"dtype", "f32"}}}},
      {"target", {{"shape", {-1}}, {"dtype", "i64"}}},
      {"classes", shape.classes},
      {"state_bytes", layout.stateBytes},
      {"grad_state_bytes", layout.gradStateBytes},
      {"workspace_bytes", {{"step", 0}, {"eval", 0}, {"grad", 0}}},
      {"variables", variables},
      {"macs", {{"forward", macs}, {"error", 0}, {"weight_gradient", macs}}},
  };
  if (shape.quantized) {
    auto symbol = [](const char *role, const char *layer, int bits, int fixed) {
      return Json{{"name", std::string(layer) + "." + role},
                  {"layer", layer},
                  {"role", role},
                  {"max_bits", bits},
                  {"fixed", fixed}};
    };
    json["symbols"] = {
        symbol("activation", "linear", 8, 0), symbol("weight", "linear", 8, 0),
        symbol("error", "linear", 16, 0), symbol("error", "fixed", 16, 16)};
    auto operation = [&](const char *pass, int lhs, int rhs) {
      return Json{{"name", "linear"}, {"op", "Gemm"}, {"pass", pass},
                  {"macs", macs},     {"lhs", lhs},   {"rhs", rhs}};
    };
    json["operations"] = {operation("forward", 0, 1),
                          operation("weight_gradient", 0, 2),
                          operation("weight_gradient", -1, 3)};
    json["macs"]["weight_gradient"] = 2 * macs;
    json["recipe"]["precision"] = {
        {"policy", "static"},
        {"forward", 8},
        {"backward", 8},
        {"weight", 0},
        {"momentum", 0.9},
        {"eval", 0},
        {"interval", 0},
        {"pfq", {{"epsilon", 0.05}, {"turning_points", 3}}},
        {"gate", {{"beta", 0.001}}}};
  }
  metadata = json.dump();
  refresh();
}

void LinearProgram::refresh() {
  program.abi_version = FRAC_ABI_VERSION;
  program.metadata = metadata.data();
  program.metadata_size = metadata.size();
  program.initial_state = initialState.data();
  program.initial_state_size = initialState.size();
  program.model = model.data();
  program.model_size = model.size();
  program.step = step;
  program.eval = evaluate;
  program.grad = gradients;
}

} // namespace frac::test

//===- ProductPattern.cpp - A product of any batch ------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/cost/ProductPattern.h"

#include "runtime/cost/IntegerMath.h"

#include <nlohmann/json.hpp>

namespace frac {

using Json = nlohmann::json;

TrainingProduct ProductPattern::at(int64_t batch) const {
  TrainingProduct product{form, layer};
  ContractionShape &shape = product.layer;
  for (int64_t *extent : {&shape.batch, &shape.inChannels, &shape.outChannels,
                          &shape.groups, &shape.output[0], &shape.output[1]})
    if (*extent < 0)
      *extent = multiplyOrZero(*extent / batchExtent, batch);
  if (form == ProductForm::Matrices || form == ProductForm::WeightMatrices) {
    shape.inChannels = multiplyOrZero(shape.inChannels, shape.groups);
    shape.outChannels = multiplyOrZero(shape.outChannels, shape.groups);
  }
  return product;
}

std::string patternJson(const ProductPattern &pattern) {
  const ContractionShape &layer = pattern.layer;
  return Json{{"form", productFormName(pattern.form)},
              {"kernel", layer.kernel},
              {"output", layer.output},
              {"stride", layer.stride},
              {"dilation", layer.dilation},
              {"in_channels", layer.inChannels},
              {"out_channels", layer.outChannels},
              {"batch", layer.batch},
              {"groups", layer.groups},
              {"windows", layer.im2col},
              {"swapped", pattern.isSwapped}}
      .dump();
}

std::optional<ProductPattern> parsePattern(const std::string &text) {
  ProductPattern pattern;
  ContractionShape &layer = pattern.layer;
  try {
    Json json = Json::parse(text);
    std::string form = json.at("form").get<std::string>();
    bool isKnown = false;
    for (ProductForm candidate :
         {ProductForm::Matrices, ProductForm::WeightMatrices,
          ProductForm::Convolution, ProductForm::InputGradient,
          ProductForm::WeightGradient})
      if (form == productFormName(candidate)) {
        pattern.form = candidate;
        isKnown = true;
      }
    if (!isKnown)
      return std::nullopt;
    json.at("kernel").get_to(layer.kernel);
    json.at("output").get_to(layer.output);
    json.at("stride").get_to(layer.stride);
    json.at("dilation").get_to(layer.dilation);
    json.at("in_channels").get_to(layer.inChannels);
    json.at("out_channels").get_to(layer.outChannels);
    json.at("batch").get_to(layer.batch);
    json.at("groups").get_to(layer.groups);
    json.at("windows").get_to(layer.im2col);
    json.at("swapped").get_to(pattern.isSwapped);
  } catch (const Json::exception &) {
    return std::nullopt;
  }
  return pattern;
}

} // namespace frac

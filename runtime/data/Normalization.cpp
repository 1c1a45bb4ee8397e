//===- Normalization.cpp - Mean and standard deviation of inputs ----------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/data/Normalization.h"

#include "runtime/support/Error.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace frac {

[[noreturn]] static void badSpec(const std::string &spec,
                                 const std::string &why) {
  throw UsageError("--normalize=" + printable(spec) + ": error: " + why +
                   "; accepted are none, dataset and MEAN,...:STD,...");
}

static std::vector<float> parseNumbers(const std::string &spec,
                                       const std::string &text) {
  std::vector<float> out;
  size_t at = 0;
  while (true) {
    size_t comma = text.find(',', at);
    std::string word = text.substr(at, comma - at);
    char *end = nullptr;
    float value = std::strtof(word.c_str(), &end);
    if (word.empty() || *end || !std::isfinite(value))
      badSpec(spec, "'" + printable(word) + "' is not a number");
    out.push_back(value);
    if (comma == std::string::npos)
      return out;
    at = comma + 1;
  }
}

/// Sums of a channel. Bytes are counted exactly.
static void measure(const Field &field, int64_t samples, int64_t channels,
                    int64_t channel, double &mean, double &deviation) {
  int64_t plane = elementCount(field.shape) / channels;
  double total = static_cast<double>(samples) * static_cast<double>(plane);
  double sum = 0, squares = 0;
  if (field.type == ElementType::U8) {
    std::vector<uint64_t> histogram(256);
    for (int64_t s = 0; s < samples; ++s) {
      const unsigned char *values =
          field.bytes.data() + (s * channels + channel) * plane;
      for (int64_t i = 0; i < plane; ++i)
        ++histogram[values[i]];
    }
    for (int v = 0; v < 256; ++v) {
      double weight = static_cast<double>(histogram[v]);
      sum += weight * v / 255;
      squares += weight * (v / 255.0) * (v / 255.0);
    }
  } else {
    const auto *all = reinterpret_cast<const float *>(field.bytes.data());
    for (int64_t s = 0; s < samples; ++s) {
      const float *values = all + (s * channels + channel) * plane;
      for (int64_t i = 0; i < plane; ++i) {
        sum += values[i];
        squares += static_cast<double>(values[i]) * values[i];
      }
    }
  }
  mean = sum / total;
  deviation = std::sqrt(std::max(0.0, squares / total - mean * mean));
}

Normalization resolveNormalization(const std::string &spec, const Field &train,
                                   int64_t count) {
  Normalization result;
  if (spec == "none")
    return result;
  if (train.type == ElementType::I64)
    badSpec(spec, "the model's input holds integers, which are not normalized");
  int64_t channels = train.shape.size() == 3 ? train.shape[0] : 1;
  if (spec == "dataset") {
    for (int64_t c = 0; c < channels; ++c) {
      double mean, deviation;
      measure(train, count, channels, c, mean, deviation);
      result.mean.push_back(static_cast<float>(mean));
      // A constant channel becomes zero.
      result.deviation.push_back(deviation > 0 ? static_cast<float>(deviation)
                                               : 1.0f);
    }
    return result;
  }
  size_t colon = spec.find(':');
  if (colon == std::string::npos)
    badSpec(spec, "it has no colon");
  result.mean = parseNumbers(spec, spec.substr(0, colon));
  result.deviation = parseNumbers(spec, spec.substr(colon + 1));
  for (const std::vector<float> *list : {&result.mean, &result.deviation})
    if (list->size() != 1 && static_cast<int64_t>(list->size()) != channels)
      badSpec(spec, "it gives " + std::to_string(list->size()) +
                        " numbers for " + std::to_string(channels) +
                        " channel(s)");
  for (float deviation : result.deviation)
    if (deviation <= 0)
      badSpec(spec, "a standard deviation must be above 0");
  result.mean.resize(static_cast<size_t>(channels), result.mean[0]);
  result.deviation.resize(static_cast<size_t>(channels), result.deviation[0]);
  return result;
}

} // namespace frac

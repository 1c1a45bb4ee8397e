//===- Accelerator.cpp - The hardware that a cost model assumes -----------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/cost/Accelerator.h"

namespace frac {

/// The sum of parts of which each must be known.
static std::optional<double>
sumOf(std::initializer_list<std::optional<double>> parts) {
  double sum = 0;
  for (const std::optional<double> &part : parts) {
    if (!part)
      return std::nullopt;
    sum += *part;
  }
  return sum;
}

std::optional<double> Accelerator::leakageMilliwatts() const {
  return sumOf({arrayLeakageMilliwatts, weightBuffer.leakageMilliwatts,
                inputBuffer.leakageMilliwatts, outputBuffer.leakageMilliwatts});
}

std::optional<double> Accelerator::areaSquareMillimetres() const {
  return sumOf({arrayAreaSquareMillimetres, weightBuffer.areaSquareMillimetres,
                inputBuffer.areaSquareMillimetres,
                outputBuffer.areaSquareMillimetres});
}

/// Complains if a buffer is not `banks` whole banks of words of `word` bits.
static void checkBanks(const char *key, const AcceleratorBuffer &buffer,
                       int64_t banks, int64_t word,
                       std::vector<std::string> &problems) {
  // A word is at least one bit here; the sizes are bounded where they are read.
  int64_t line = banks * word;
  int64_t bits = buffer.bytes * 8;
  if (line <= 0 || bits % line == 0)
    return;
  int64_t nearest = (bits + line - 1) / line * line;
  problems.push_back(std::string(key) +
                     ".bytes = " + std::to_string(buffer.bytes) + " is not " +
                     std::to_string(banks) + " equal banks with words of " +
                     std::to_string(word) + " bits; give a multiple of " +
                     (line % 8 == 0 ? std::to_string(line / 8) + " bytes"
                                    : std::to_string(line) + " bits") +
                     ", such as " + std::to_string((nearest + 7) / 8));
}

std::vector<std::string> checkAccelerator(const Accelerator &accelerator) {
  std::vector<std::string> problems;
  if (accelerator.minBits > accelerator.maxBits) {
    problems.push_back(
        "array.min_bits = " + std::to_string(accelerator.minBits) +
        " is above array.max_bits = " + std::to_string(accelerator.maxBits));
    return problems;
  }
  int64_t word = accelerator.wordBits();
  checkBanks("weight_buffer", accelerator.weightBuffer,
             accelerator.inputLanes * accelerator.outputLanes, word, problems);
  checkBanks("input_buffer", accelerator.inputBuffer, accelerator.inputLanes,
             word, problems);
  checkBanks("output_buffer", accelerator.outputBuffer, accelerator.outputLanes,
             accumulatorBits, problems);
  if (accelerator.extensions.leakage && !accelerator.leakageMilliwatts())
    problems.push_back("extensions.leakage needs leakage_mw in [array] and in "
                       "all three buffers");
  return problems;
}

const Accelerator *findBuiltinAccelerator(const std::string &name) {
  for (const Accelerator &accelerator : builtinAccelerators())
    if (accelerator.name == name)
      return &accelerator;
  return nullptr;
}

} // namespace frac

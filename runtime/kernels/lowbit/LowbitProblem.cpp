//===- LowbitProblem.cpp - One contraction of integers --------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/LowbitProblem.h"

#include <algorithm>

using namespace frac::runtime;

OperandForm::OperandForm(const frac_quantized &operand, int64_t samples)
    : bytes(operand.bytes), bits(1), scaleDim(operand.scale_dim),
      bitsDim(operand.bits_dim) {
  const int64_t widths = bitsDim < 0 ? 1 : samples;
  if (widths > 0)
    bits = *std::max_element(operand.bits, operand.bits + widths);
}

std::string OperandForm::invalidReason(const char *name,
                                       int32_t scaleDims) const {
  const std::string start = "has " + std::string(name) + " ";
  if (bytes != 1 && bytes != 2)
    return start + "of " + std::to_string(bytes) +
           " bytes an element, expected 1 or 2";
  if (bits < 0 || bits > 8 * bytes)
    return start + "of " + std::to_string(bits) + " bits, expected 0 to " +
           std::to_string(8 * bytes);
  if (scaleDim < -1 || scaleDim >= scaleDims)
    return start + "with scales along dimension " + std::to_string(scaleDim) +
           ", expected -1 to " + std::to_string(scaleDims - 1);
  if (bitsDim < -1 || bitsDim > 0)
    return start + "with widths along dimension " + std::to_string(bitsDim) +
           ", expected -1 or 0";
  return {};
}

/// "a x b bits".
static std::string widthsText(const OperandForm &first,
                              const OperandForm &second) {
  const bool isMixed = first.bitsDim >= 0 || second.bitsDim >= 0;
  return std::string(isMixed ? ", up to " : ", ") + std::to_string(first.bits) +
         "x" + std::to_string(second.bits) + " bits";
}

std::string LowbitConvProblem::invalidReason() const {
  if (std::string reason = conv.invalidReason(); !reason.empty())
    return reason;
  const bool hasWeights = conv.product != ConvProduct::WeightGrad;
  if (std::string reason = first.invalidReason("a first operand", 1);
      !reason.empty())
    return reason;
  if (std::string reason = second.invalidReason("a second operand", 1);
      !reason.empty())
    return reason;
  if (hasWeights && second.bitsDim != -1)
    return "has weights with a width for each sample";
  return {};
}

const char *LowbitConvProblem::productName() const {
  switch (conv.product) {
  case ConvProduct::Forward:
    return "qconv_forward";
  case ConvProduct::InputGrad:
    return "qconv_input_grad";
  case ConvProduct::WeightGrad:
    return "qconv_weight_grad";
  }
  return "";
}

std::string LowbitConvProblem::text() const {
  return conv.text() + widthsText(first, second);
}

std::string LowbitMatmulProblem::invalidReason() const {
  if (std::string reason = matmul.invalidReason(); !reason.empty())
    return reason;
  // In a stack of matrices no dimension is a row or a column of all.
  const int32_t dims = matmul.batch > 1 ? 0 : 2;
  if (std::string reason = first.invalidReason("a first operand", dims);
      !reason.empty())
    return reason;
  if (std::string reason = second.invalidReason("a second operand", dims);
      !reason.empty())
    return reason;
  if (matmul.batch > 1 && (first.bitsDim >= 0 || second.bitsDim >= 0))
    return "has a stack of matrices with a width for each row";
  return {};
}

std::string LowbitMatmulProblem::text() const {
  return matmul.text() + widthsText(first, second);
}

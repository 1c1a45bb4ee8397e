//===- LinearProgram.h - A program written by hand --------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_TESTS_RUNTIME_SUPPORT_LINEARPROGRAM_H
#define FRAC_TESTS_RUNTIME_SUPPORT_LINEARPROGRAM_H

#include "runtime/frac_runtime.h"

#include <cstdint>
#include <string>
#include <vector>

namespace frac::test {

/// What the program looks like.
struct LinearShape {
  std::vector<int64_t> input = {1, 4, 4};
  int64_t classes = 3;
  int64_t batch = 8;
  /// Whether the operands are quantized: activations (at most 8 bits), weights
  /// (8), errors (16), and a second error whose width is fixed to 16. The
  /// recipe says static, 8 bits.
  bool quantized = false;
};

/// A stand-in for compiled code: softmax regression, logits = weight x + bias,
/// trained with momentum, with the variables that a real program has: the
/// parameters `weight` and `bias`, their slots, the running mean of the inputs
/// (role state), and gradients. Its model is a small ONNX file with these
/// initializers. Where it is quantized, weights are rounded to their width, so
/// that results depend on it. One object at a time.
class LinearProgram {
public:
  explicit LinearProgram(const LinearShape &shape = LinearShape());
  LinearProgram(const LinearProgram &) = delete;
  LinearProgram &operator=(const LinearProgram &) = delete;

  const frac_program &code() const { return program; }

  /// The metadata, to be changed before it is used.
  std::string metadata;
  /// Brings `code` up to date with `metadata`.
  void refresh();

private:
  std::vector<unsigned char> initialState;
  std::vector<unsigned char> model;
  frac_program program{};
};

/// If not negative, the step of this iteration returns a loss that is not a
/// number.
extern int64_t divergeAtIteration;

/// If not negative, the step of this iteration raises SIGINT.
extern int64_t interruptAtIteration;

/// The widths of all steps, evaluations and gradients of a quantized program,
/// in their order.
extern std::vector<std::vector<int32_t>> stepWidths, evalWidths, gradWidths;

/// The batch sizes of all steps and evaluations since `calls` was cleared.
extern std::vector<int64_t> stepBatches, evalBatches;

} // namespace frac::test

#endif // FRAC_TESTS_RUNTIME_SUPPORT_LINEARPROGRAM_H

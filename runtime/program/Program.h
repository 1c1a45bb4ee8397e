//===- Program.h - What the runtime knows of a program ----------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_PROGRAM_PROGRAM_H
#define FRAC_RUNTIME_PROGRAM_PROGRAM_H

#include "runtime/cost/ProductPattern.h"
#include "runtime/data/Dataset.h"
#include "runtime/frac_runtime.h"
#include "runtime/precision/PrecisionSymbol.h"
#include "runtime/program/QuantizedModel.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace frac {

enum class VariableRole { Parameter, Frozen, State, Slot, Gradient };

/// The name of a role as the metadata spells it.
const char *roleName(VariableRole role);

/// A tensor that lives in the program's state. All are dense and in float.
struct Variable {
  std::string name;
  VariableRole role = VariableRole::Parameter;
  std::vector<int64_t> shape;
  uint64_t offset = 0;
  uint64_t bytes = 0;
  /// Place of the values in the serialized model, or -1.
  int64_t modelOffset = -1;
  /// The parameter that a slot or gradient belongs to.
  std::string of;
};

/// Multiply-accumulates of the three products of a contraction.
struct PassCounts {
  double forward = 0;
  double error = 0;
  double weightGradient = 0;
};

/// The number of the named pass: "forward", "error" or "weight_gradient", else
/// null.
double *countOf(PassCounts &counts, const std::string &pass);

/// A contraction.
struct Operation {
  std::string name, op, pass, kernel;
  /// A sample's.
  double macs = 0;
  /// Places of the operands' widths in `Program::symbols`, or -1 for float.
  int64_t lhs = -1, rhs = -1;
  /// Its shape for the cost model, or why it has none; neither for one that the
  /// model does not count.
  std::optional<ProductPattern> product;
  std::string problem;
};

/// A block whose gate chooses a candidate for each sample.
struct ProgramBlock {
  std::string name;
  /// Multiply-accumulates of a sample and one product, in the contractions
  /// whose widths the gate chooses, and in the depthwise ones that are counted
  /// with it.
  double macs = 0, depthwiseMacs = 0;
  /// Whether samples may skip it.
  bool skips = false;
};

/// A program's metadata (docs/program-metadata.md), checked: variables lie
/// inside the state and the model, shapes are positive and agree with sizes.
struct Program {
  const frac_program *code = nullptr;
  std::string model;
  std::string targetCpu;
  /// The resolved recipe, as JSON text.
  std::string recipe;
  int64_t batch = 1;
  /// What the inputs and the target look like.
  DataSpec data;
  uint64_t stateBytes = 0;
  uint64_t gradStateBytes = 0;
  uint64_t stepWorkspace = 0;
  uint64_t evalWorkspace = 0;
  uint64_t gradWorkspace = 0;
  std::vector<Variable> variables;
  /// A sample's.
  PassCounts macs;
  std::vector<Operation> operations;
  /// What the energies of a report go by; absent: there are none.
  std::optional<Accelerator> accelerator;
  /// A name of `costModels()`.
  std::string costModel;
  /// The widths that every entry is given; none if all operands are float.
  std::vector<PrecisionSymbol> symbols;
  /// The blocks that have gates, and the candidates of each.
  std::vector<ProgramBlock> blocks;
  int64_t candidates = 0;
  /// Bytes of `code->model` that are the user's model; the variables have their
  /// places there.
  uint64_t modelBytes = 0;
  QuantizedModel quantizedModel;

  /// The block whose gate chooses a width of `operation`, or -1.
  int blockOf(const Operation &operation) const;

  /// Whether samples may skip any block.
  bool hasSkips() const;

  /// Whether there are variables of that role.
  bool has(VariableRole role) const;
};

/// Reads the metadata of `code`, which must outlive the result. Throws Error if
/// it is not what docs/program-metadata.md says or of another interface
/// version.
Program loadProgram(const frac_program &code);

} // namespace frac

#endif // FRAC_RUNTIME_PROGRAM_PROGRAM_H

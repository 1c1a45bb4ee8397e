//===- ExportQuantizedModel.cpp - The trained model, quantized ------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/checkpoint/ExportQuantizedModel.h"

#include "runtime/checkpoint/WeightGrid.h"
#include "runtime/support/Error.h"
#include "runtime/support/Files.h"

#include <algorithm>
#include <deque>

namespace frac {

namespace {
/// The widest integers that the quantized types of ONNX hold.
constexpr int maxExportedWidth = 8;

using Bytes = std::vector<unsigned char>;

/// Makes the values of fields.
class FieldWriter {
public:
  FieldWriter(const Runner &runner, const RoleWidths &widths)
      : runner(runner), program(runner.program()),
        widths(symbolWidths(program.symbols, widths)) {}

  Bytes write(const ModelField &field) const;

private:
  Bytes writeWeights(const ModelField &field) const;
  Bytes writeActivation(const ModelField &field) const;

  const Runner &runner;
  const Program &program;
  std::vector<int32_t> widths;
};
} // namespace

template <typename T>
static void append(Bytes &bytes, T value) {
  const auto *first = reinterpret_cast<const unsigned char *>(&value);
  bytes.insert(bytes.end(), first, first + sizeof value);
}

Bytes FieldWriter::writeWeights(const ModelField &field) const {
  const Variable &variable = program.variables[field.variable];
  int bits = widths[field.symbol];
  WeightTensor weights = {runner.values(variable), variable.shape,
                          field.dimension};
  std::vector<AffineGrid> grids = weightGrids(weights, bits);
  Bytes bytes;
  if (field.kind == ModelFieldKind::WeightIntegers)
    for (int8_t integer : weightIntegers(weights, grids, bits))
      append(bytes, integer);
  else
    for (const AffineGrid &grid : grids) {
      if (field.kind == ModelFieldKind::WeightZeroPoint)
        append(bytes, static_cast<int8_t>(-(1 << (bits - 1))));
      else
        append(bytes, field.kind == ModelFieldKind::WeightScale ? grid.scale
                                                                : grid.low);
    }
  return bytes;
}

Bytes FieldWriter::writeActivation(const ModelField &field) const {
  int bits = widths[field.symbol];
  float low = *runner.values(program.variables[field.variable]);
  float extent = *runner.values(program.variables[field.extent]);
  AffineGrid grid = makeGrid(low, low + std::max(extent, 0.0f), bits);
  Bytes bytes;
  if (field.kind == ModelFieldKind::ActivationScale)
    append(bytes, grid.scale);
  else if (field.kind == ModelFieldKind::ActivationLow)
    append(bytes, grid.low);
  else
    append(bytes, static_cast<float>((1 << bits) - 1) * grid.scale);
  return bytes;
}

Bytes FieldWriter::write(const ModelField &field) const {
  switch (field.kind) {
  case ModelFieldKind::ActivationScale:
  case ModelFieldKind::ActivationLow:
  case ModelFieldKind::ActivationExtent:
    return writeActivation(field);
  default:
    return writeWeights(field);
  }
}

/// Whether a running range has been seen, or none is needed.
static bool hasRanges(const Runner &runner) {
  const Program &program = runner.program();
  bool needed = false;
  for (const ModelField &field : program.quantizedModel.fields)
    if (field.kind == ModelFieldKind::ActivationScale) {
      needed = true;
      if (*runner.values(program.variables[field.extent]) > 0)
        return true;
    }
  return !needed;
}

void checkQuantizedExport(const Program &program, const RoleWidths &widths) {
  if (program.symbols.empty())
    throw UsageError("--export-quantized: error: the program has no quantized "
                     "operands; compile it with a precision policy, such as "
                     "--set precision.policy=static, or use --export");
  if (!program.blocks.empty())
    throw UsageError("--export-quantized: error: gates choose the widths of "
                     "each sample, which QuantizeLinear has no place for; use "
                     "--export");
  const QuantizedModel &model = program.quantizedModel;
  if (!model.problem.empty())
    fail(program.model, "cannot be exported with quantized operands: it " +
                            printable(model.problem) +
                            ", and compile it again");
  if (model.bytes == 0)
    fail(program.model, "cannot be exported with quantized operands: the "
                        "program holds no such model; compile it again");
  std::vector<int32_t> bits = symbolWidths(program.symbols, widths);
  for (const ModelField &field : model.fields)
    if (field.kind != ModelFieldKind::Values &&
        bits[field.symbol] > maxExportedWidth)
      throw UsageError("--export-quantized: error: '" +
                       printable(program.symbols[field.symbol].name) +
                       "' is evaluated at " +
                       std::to_string(bits[field.symbol]) +
                       " bits, and the quantized types of ONNX hold " +
                       std::to_string(maxExportedWidth) +
                       "; evaluate at fewer with --set precision.eval=" +
                       std::to_string(maxExportedWidth));
}

void exportQuantizedModel(const std::string &path, const Runner &runner,
                          const RoleWidths &widths) {
  const Program &program = runner.program();
  checkQuantizedExport(program, widths);
  if (!runner.stateIsFinite())
    fail(path, "cannot be written: a variable is not finite; train again with "
               "a smaller --lr");
  if (!hasRanges(runner))
    fail(path, "cannot be written: the program has seen no ranges of "
               "activations yet; train it, or take a --checkpoint of training");
  FieldWriter writer(runner, widths);
  const QuantizedModel &model = program.quantizedModel;
  const unsigned char *bytes = program.code->model + model.offset;
  // A part keeps its address.
  std::deque<Bytes> made;
  std::vector<ByteRange> parts;
  uint64_t at = 0;
  for (const ModelField &field : model.fields) {
    parts.emplace_back(bytes + at, field.place - at);
    at = field.place;
    if (field.kind == ModelFieldKind::Values) {
      const Variable &variable = program.variables[field.variable];
      parts.emplace_back(runner.values(variable), variable.bytes);
      continue;
    }
    made.push_back(writer.write(field));
    parts.emplace_back(made.back().data(), made.back().size());
  }
  parts.emplace_back(bytes + at, model.bytes - at);
  writeFileAtomically(path, parts);
}

} // namespace frac

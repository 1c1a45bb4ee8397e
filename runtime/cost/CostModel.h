//===- CostModel.h - What a product costs -----------------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_COST_COSTMODEL_H
#define FRAC_RUNTIME_COST_COSTMODEL_H

#include "runtime/cost/Accelerator.h"
#include "runtime/cost/ContractionShape.h"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace frac {

/// Bits that move to and from one place.
struct Traffic {
  int64_t readBits = 0;
  int64_t writeBits = 0;
};

/// Energies in nanojoules.
struct CostEnergy {
  double core = 0;
  double weightBuffer = 0;
  double inputBuffer = 0;
  double outputBuffer = 0;
  double dram = 0;
  /// 0 unless the extension is on.
  double leakage = 0;
  double total = 0;

  double sram() const { return weightBuffer + inputBuffer + outputBuffer; }
};

/// How a tiling cuts a product: the extents of a tile, and the loops over
/// tiles. A model that has no tiles leaves `order` empty.
struct Tiling {
  int64_t batch = 0, outputWidth = 0, outputHeight = 0, inChannels = 0,
          outChannels = 0;
  /// What stays in the array: "IS" (input), "OS" (output) or "WS" (weight).
  const char *dataflow = "";
  /// Loops from the outermost inwards: "OC>IC>B>OH>OW".
  std::string order;
};

/// What a product costs.
struct ContractionCost {
  /// Multiply-accumulates that a unit does at once, relative to the widest.
  int64_t performanceFactor = 0;
  /// Multiply-accumulates that the array does, padding and zeros included.
  double macs = 0;
  int64_t computeCycles = 0;
  int64_t stallCycles = 0;
  int64_t totalCycles = 0;
  /// On the chip: of left operands, right operands and outputs; then beside it.
  Traffic input, weight, output, dram;
  CostEnergy energy;
  Tiling tiling;
  /// Extensions that had a part in these numbers; none: as published.
  CostExtensionSet extensions;
};

/// Whether `a` is better than `b`: by cycles, then energy; by energy, then
/// cycles; or by their product.
bool isCheaper(const ContractionCost &a, const ContractionCost &b,
               CostObjective objective);

enum class CostStatus {
  Ok,
  /// An operand that the array has no width for.
  UnsupportedPrecision,
  /// Groups, rectangles and such where no extension allows them.
  UnsupportedShape,
  /// Not even the smallest tile fits into the buffers.
  DoesNotFit,
  /// Counts would not fit into integers.
  TooLarge,
};

/// "ok", "unsupported_precision", "unsupported_shape", "does_not_fit",
/// "too_large".
const char *costStatusName(CostStatus status);

/// A cost, or why there is none.
struct CostResult {
  CostStatus status = CostStatus::Ok;
  /// What is wrong and what to do; empty if all is well.
  std::string reason;
  /// Meaningless unless `isOk()`.
  ContractionCost cost;

  bool isOk() const { return status == CostStatus::Ok; }
  static CostResult refuse(CostStatus status, std::string reason);
};

/// Work that is no product: elements that are read, computed and written.
struct ElementwiseWork {
  double operations = 0;
  double readBits = 0;
  double writeBits = 0;
};

/// What work costs on an accelerator. Evaluation needs no other state than the
/// accelerator, so a model may be asked from several threads.
class CostModel {
public:
  explicit CostModel(Accelerator accelerator)
      : hardware(std::move(accelerator)) {}
  virtual ~CostModel();

  const Accelerator &accelerator() const { return hardware; }

  /// The name of the model's row.
  virtual const char *name() const = 0;

  /// The cost of one product, refused as a value where there is none.
  virtual CostResult evaluate(const ContractionShape &shape,
                              OperandBits bits) const = 0;

  /// The cost of elementwise work, in whole cycles; always marked as an
  /// extension.
  virtual ContractionCost
  evaluateElementwise(const ElementwiseWork &work) const;

private:
  Accelerator hardware;
};

/// A row of Models.def.
struct CostModelKind {
  const char *name;
  /// What it is and where it is from, one line.
  const char *summary;
  /// Makes one for an accelerator that `checkAccelerator` finds sound.
  std::unique_ptr<CostModel> (*make)(const Accelerator &accelerator);
};

/// Every model, in the order of Models.def; the first is the default.
const std::vector<const CostModelKind *> &costModels();

/// The model of that name, or null.
const CostModelKind *findCostModel(const std::string &name);

/// Why no model can take sizes like these, or an `Ok` result: each must be
/// positive and groups must divide both channels.
CostResult checkShape(const ContractionShape &shape);

} // namespace frac

#endif // FRAC_RUNTIME_COST_COSTMODEL_H

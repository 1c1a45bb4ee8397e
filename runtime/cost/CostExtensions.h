//===- CostExtensions.h - What goes beyond a published model ----*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_COST_COSTEXTENSIONS_H
#define FRAC_RUNTIME_COST_COSTEXTENSIONS_H

#include <cstdint>
#include <string>
#include <vector>

namespace frac {

/// What a search for a tiling makes small.
enum class CostObjective { Cycles, Energy, EnergyDelay };

/// Switches that go beyond the published model, all off at first. Every cost
/// names those that had a part in it.
struct CostExtensions {
  /// Groups, one after the other, each as a product of its own.
  bool groups = false;
  /// Depthwise convolutions with a channel on each column of the array.
  bool depthwise = false;
  /// Kernels, outputs and strides that are not square.
  bool rectangular = false;
  bool dilation = false;
  /// Operands above the array's width in several parts, one after the other.
  bool wideOperands = false;
  /// The power that is drawn whether or not there is work.
  bool leakage = false;
  /// Partial sums start as zeros in place of being read.
  bool zeroInitialized = false;
  /// What is not a product: normalization, activations, the optimizer.
  bool elementwise = false;
  /// Bits that a finished output leaves the chip in.
  int64_t outputBits = 32;
  /// Bits of the integers that stand for operands in float; 0: such products
  /// have no cost on an array of integers.
  int64_t floatBits = 0;
  CostObjective objective = CostObjective::Cycles;
};

/// Switches by number, to say which had a part in a cost.
enum class CostExtension : unsigned {
  Groups,
  Depthwise,
  Rectangular,
  Dilation,
  WideOperands,
  Leakage,
  ZeroInitialized,
  Elementwise,
  OutputBits,
  FloatBits,
  Objective,
};

/// A set of switches.
class CostExtensionSet {
public:
  void add(CostExtension extension) { bits |= maskOf(extension); }
  void add(CostExtensionSet other) { bits |= other.bits; }
  bool has(CostExtension extension) const { return bits & maskOf(extension); }
  bool empty() const { return bits == 0; }

  /// The names, as in an accelerator's file: "groups", "output_bits".
  std::vector<std::string> names() const;
  /// The same with `separator` between them.
  std::string text(const char *separator) const;

private:
  static uint32_t maskOf(CostExtension extension) {
    return uint32_t{1} << static_cast<unsigned>(extension);
  }
  uint32_t bits = 0;
};

/// The switches that differ from the published model.
CostExtensionSet switchedOn(const CostExtensions &extensions);

/// Turns one switch: `name` as in an accelerator's file, `value` as text, empty
/// for a switch that is simply on. Returns what is wrong and what would be
/// accepted, or an empty text.
std::string setCostExtension(CostExtensions &extensions,
                             const std::string &name, const std::string &value);

/// The value of a switch as `setCostExtension` takes it.
std::string getCostExtension(const CostExtensions &extensions,
                             const std::string &name);

/// A switch for help texts and files.
struct CostExtensionInfo {
  CostExtension extension;
  const char *name;
  /// "true or false", "8 to 32".
  const char *accepted;
  /// What it does, one line.
  const char *summary;
};

/// Every switch, in the order of the enumeration.
const std::vector<CostExtensionInfo> &costExtensions();

} // namespace frac

#endif // FRAC_RUNTIME_COST_COSTEXTENSIONS_H

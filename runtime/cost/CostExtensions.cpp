//===- CostExtensions.cpp - What goes beyond a published model ------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/cost/CostExtensions.h"

#include "runtime/support/Error.h"

#include <cstdlib>

namespace frac {

const std::vector<CostExtensionInfo> &costExtensions() {
  static const std::vector<CostExtensionInfo> table = {
      {CostExtension::Groups, "groups", "true or false",
       "groups of a convolution, one after the other"},
      {CostExtension::Depthwise, "depthwise", "true or false",
       "depthwise convolutions with a channel on each column"},
      {CostExtension::Rectangular, "rectangular", "true or false",
       "kernels, outputs and strides that are not square"},
      {CostExtension::Dilation, "dilation", "true or false", "dilated kernels"},
      {CostExtension::WideOperands, "wide_operands", "true or false",
       "operands above the array's width in parts, one after the other"},
      {CostExtension::Leakage, "leakage", "true or false",
       "leakage power times time is part of the energy"},
      {CostExtension::ZeroInitialized, "zero_initialized", "true or false",
       "partial sums start as zeros in place of being read"},
      {CostExtension::Elementwise, "elementwise", "true or false",
       "work that is no product: normalization, activations, the optimizer"},
      {CostExtension::OutputBits, "output_bits", "an integer from 1 to 32",
       "bits that finished outputs leave the chip in"},
      {CostExtension::FloatBits, "float_bits", "0, or an integer from 2 to 32",
       "bits of the integers that stand for operands in float"},
      {CostExtension::Objective, "objective", "cycles, energy or edp",
       "what the search for a tiling makes small"},
  };
  return table;
}

std::vector<std::string> CostExtensionSet::names() const {
  std::vector<std::string> names;
  for (const CostExtensionInfo &info : costExtensions())
    if (has(info.extension))
      names.push_back(info.name);
  return names;
}

std::string CostExtensionSet::text(const char *separator) const {
  std::string text;
  for (const std::string &name : names())
    text += (text.empty() ? "" : separator) + name;
  return text;
}

/// The field of a switch that is on or off, or null.
static bool *flagOf(CostExtensions &extensions, CostExtension extension) {
  switch (extension) {
  case CostExtension::Groups:
    return &extensions.groups;
  case CostExtension::Depthwise:
    return &extensions.depthwise;
  case CostExtension::Rectangular:
    return &extensions.rectangular;
  case CostExtension::Dilation:
    return &extensions.dilation;
  case CostExtension::WideOperands:
    return &extensions.wideOperands;
  case CostExtension::Leakage:
    return &extensions.leakage;
  case CostExtension::ZeroInitialized:
    return &extensions.zeroInitialized;
  case CostExtension::Elementwise:
    return &extensions.elementwise;
  default:
    return nullptr;
  }
}

static const char *objectiveName(CostObjective objective) {
  switch (objective) {
  case CostObjective::Cycles:
    return "cycles";
  case CostObjective::Energy:
    return "energy";
  case CostObjective::EnergyDelay:
    return "edp";
  }
  return "";
}

CostExtensionSet switchedOn(const CostExtensions &extensions) {
  CostExtensionSet set;
  CostExtensions copy = extensions;
  for (const CostExtensionInfo &info : costExtensions()) {
    const bool *flag = flagOf(copy, info.extension);
    if (flag && *flag)
      set.add(info.extension);
  }
  if (extensions.outputBits != 32)
    set.add(CostExtension::OutputBits);
  if (extensions.floatBits != 0)
    set.add(CostExtension::FloatBits);
  if (extensions.objective != CostObjective::Cycles)
    set.add(CostExtension::Objective);
  return set;
}

/// Whether `text` is a number from `low` to `high`; `value` gets it.
static bool readBits(const std::string &text, int64_t low, int64_t high,
                     int64_t &value) {
  char *end = nullptr;
  long number = std::strtol(text.c_str(), &end, 10);
  if (text.empty() || *end || number < low || number > high)
    return false;
  value = number;
  return true;
}

/// Whether `value` is accepted for the switch; sets it if so.
static bool assign(CostExtensions &extensions, CostExtension extension,
                   const std::string &value) {
  if (bool *flag = flagOf(extensions, extension)) {
    *flag = value.empty() || value == "true";
    return *flag || value == "false";
  }
  if (extension == CostExtension::OutputBits)
    return readBits(value, 1, 32, extensions.outputBits);
  if (extension == CostExtension::FloatBits)
    return value == "0" ? readBits(value, 0, 0, extensions.floatBits)
                        : readBits(value, 2, 32, extensions.floatBits);
  for (CostObjective objective : {CostObjective::Cycles, CostObjective::Energy,
                                  CostObjective::EnergyDelay})
    if (value == objectiveName(objective)) {
      extensions.objective = objective;
      return true;
    }
  return false;
}

std::string setCostExtension(CostExtensions &extensions,
                             const std::string &name,
                             const std::string &value) {
  std::string known;
  for (const CostExtensionInfo &info : costExtensions()) {
    if (name == info.name)
      return assign(extensions, info.extension, value)
                 ? ""
                 : "extension '" + name + "' cannot be '" + printable(value) +
                       "'; it takes " + info.accepted;
    known += (known.empty() ? "" : ", ") + std::string(info.name);
  }
  return "there is no extension '" + printable(name) + "'; known are " + known;
}

std::string getCostExtension(const CostExtensions &extensions,
                             const std::string &name) {
  CostExtensions copy = extensions;
  for (const CostExtensionInfo &info : costExtensions()) {
    if (name != info.name)
      continue;
    if (const bool *flag = flagOf(copy, info.extension))
      return *flag ? "true" : "false";
    if (info.extension == CostExtension::OutputBits)
      return std::to_string(extensions.outputBits);
    if (info.extension == CostExtension::FloatBits)
      return std::to_string(extensions.floatBits);
    return objectiveName(extensions.objective);
  }
  return "";
}

} // namespace frac

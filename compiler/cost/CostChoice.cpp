//===- CostChoice.cpp - The cost model that a user asks for ---------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/cost/CostChoice.h"

#include "runtime/toml/AcceleratorFile.h"

#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace frac;

/// The error of a model's name that is none.
static Error makeUnknownModel(StringRef name) {
  SmallVector<StringRef> names;
  for (const CostModelKind *kind : costModels())
    names.push_back(kind->name);
  return createStringError("--cost-model: error: there is no model '" + name +
                           "'; known are " + join(names, ", "));
}

Expected<std::unique_ptr<CostModel>>
frac::makeCostModel(const CostChoice &choice) {
  const CostModelKind *kind = findCostModel(choice.model);
  if (!kind)
    return makeUnknownModel(choice.model);
  AcceleratorResult loaded = loadAccelerator(choice.accelerator);
  if (!loaded.accelerator)
    return createStringError(join(loaded.problems, "\n"));
  Accelerator accelerator = std::move(*loaded.accelerator);
  std::vector<std::string> problems;
  for (const std::string &text : choice.extensions) {
    auto [name, value] = StringRef(text).split('=');
    std::string wrong =
        setCostExtension(accelerator.extensions, name.str(), value.str());
    if (!wrong.empty())
      problems.push_back(wrong);
  }
  if (problems.empty())
    problems = checkAccelerator(accelerator);
  if (!problems.empty())
    return createStringError("--extension: error: " +
                             join(problems, "\n--extension: error: "));
  return kind->make(accelerator);
}

//===- InitialWeights.cpp - Starting from given weights -------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/checkpoint/InitialWeights.h"

#include "runtime/checkpoint/Checkpoint.h"
#include "runtime/checkpoint/NpzWeights.h"
#include "runtime/support/Error.h"

#include <cstring>
#include <map>

namespace frac {

namespace {
/// Values in memory that the file's reader owns.
struct Source {
  const std::vector<int64_t> *shape;
  const void *data;
};
using Sources = std::map<std::string, Source>;
} // namespace

static bool isWeight(VariableRole role) {
  return role == VariableRole::Parameter || role == VariableRole::Frozen ||
         role == VariableRole::State;
}

static InitialWeights copyWeights(const std::string &path,
                                  const Sources &sources, Runner &runner) {
  InitialWeights result;
  std::vector<std::pair<const Variable *, const Source *>> matches;
  for (const Variable &variable : runner.program().variables) {
    if (!isWeight(variable.role))
      continue;
    auto found = sources.find(variable.name);
    if (found == sources.end()) {
      ++result.missing;
      continue;
    }
    if (*found->second.shape != variable.shape)
      fail(path, "'" + printable(variable.name) + "' has shape " +
                     shapeText(*found->second.shape) +
                     ", but the program's has " + shapeText(variable.shape) +
                     "; rename or remove it to keep the program's own values");
    matches.emplace_back(&variable, &found->second);
  }
  if (matches.empty())
    fail(path, "holds none of the program's parameters; their names are those "
               "of the compiled model's initializers, see the info command");
  for (const auto &match : matches)
    if (match.first->bytes)
      std::memcpy(runner.values(*match.first), match.second->data,
                  match.first->bytes);
  result.loaded = static_cast<int64_t>(matches.size());
  return result;
}

InitialWeights loadInitialWeights(const std::string &path, Runner &runner) {
  Sources sources;
  if (isCheckpoint(path)) {
    Checkpoint checkpoint = readCheckpoint(path);
    for (const Variable &variable : checkpoint.variables)
      if (isWeight(variable.role))
        sources[variable.name] = {&variable.shape,
                                  checkpoint.state.data() + variable.offset};
    return copyWeights(path, sources, runner);
  }
  std::vector<NamedTensor> tensors =
      isNpz(path) ? readNpzWeights(path) : readOnnxWeights(path);
  for (const NamedTensor &tensor : tensors)
    sources[tensor.name] = {&tensor.shape, tensor.values.data()};
  return copyWeights(path, sources, runner);
}

} // namespace frac

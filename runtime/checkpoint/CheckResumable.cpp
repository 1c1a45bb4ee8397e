//===- CheckResumable.cpp - Whether training can go on --------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/checkpoint/Checkpoint.h"
#include "runtime/support/Error.h"

namespace frac {

void checkSameProgram(const std::string &path, const Checkpoint &checkpoint,
                      const Program &program) {
  auto differs = [&](const std::string &how) {
    fail(path, "is of another program: " + how +
                   "; use the executable that wrote it, or take its weights "
                   "with --init");
  };
  size_t at = 0;
  for (const Variable &variable : program.variables) {
    if (variable.role == VariableRole::Gradient)
      continue;
    if (at == checkpoint.variables.size())
      differs("it has no variable '" + printable(variable.name) + "'");
    const Variable &saved = checkpoint.variables[at++];
    if (saved.name != variable.name || saved.role != variable.role)
      differs("it has a " + std::string(roleName(saved.role)) + " '" +
              printable(saved.name) + "' in the place of the " +
              roleName(variable.role) + " '" + printable(variable.name) + "'");
    if (saved.shape != variable.shape)
      differs("its variable '" + printable(saved.name) + "' has shape " +
              shapeText(saved.shape) + ", this program's " +
              shapeText(variable.shape));
    if (saved.offset != variable.offset)
      differs("its variable '" + printable(saved.name) +
              "' lies at another place");
  }
  if (at != checkpoint.variables.size())
    differs("it has a variable '" + printable(checkpoint.variables[at].name) +
            "' that this program lacks");
  if (checkpoint.state.size() != program.stateBytes)
    differs("its state has another size");
}

void checkResumable(const std::string &path, const Checkpoint &checkpoint,
                    const Program &program, const RunIdentity &identity) {
  checkSameProgram(path, checkpoint, program);
  const RunIdentity &saved = checkpoint.identity;
  auto refuse = [&](const std::string &flag, const std::string &then,
                    const std::string &now) {
    fail(path, "was written with " + flag + "=" + printable(then) +
                   ", not with " + printable(now) +
                   "; resume with the same value, or start again without "
                   "--resume");
  };
  if (saved.seed != identity.seed)
    refuse("--seed", std::to_string(saved.seed), std::to_string(identity.seed));
  if (saved.batch != identity.batch)
    refuse("--batch", std::to_string(saved.batch),
           std::to_string(identity.batch));
  if (saved.augment != identity.augment)
    refuse("--augment", saved.augment, identity.augment);
  if (saved.normalize != identity.normalize)
    refuse("--normalize", saved.normalize, identity.normalize);
  if (saved.data != identity.data)
    fail(path, "was written while training on other data; resume with the same "
               "--data, or start again without --resume");
}

} // namespace frac

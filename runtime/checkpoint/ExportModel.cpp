//===- ExportModel.cpp - The trained model as ONNX ------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/checkpoint/ExportModel.h"

#include "runtime/support/Error.h"
#include "runtime/support/Files.h"

#include <algorithm>

namespace frac {

void exportModel(const std::string &path, const Runner &runner) {
  const frac_program &code = *runner.program().code;
  uint64_t size = runner.program().modelBytes;
  if (size == 0)
    fail(path, "cannot be written: the program holds no model; compile it "
               "again");
  // The file is the model with pieces of the state in between: nothing is
  // copied.
  std::vector<const Variable *> placed;
  for (const Variable &variable : runner.program().variables)
    if (variable.role != VariableRole::Gradient && variable.modelOffset >= 0 &&
        variable.bytes)
      placed.push_back(&variable);
  std::sort(placed.begin(), placed.end(),
            [](const Variable *a, const Variable *b) {
              return a->modelOffset < b->modelOffset;
            });
  std::vector<ByteRange> parts;
  uint64_t at = 0;
  for (const Variable *variable : placed) {
    auto begin = static_cast<uint64_t>(variable->modelOffset);
    if (begin < at)
      fail(path, "cannot be written: two variables share a place in the model; "
                 "compile it again");
    parts.emplace_back(code.model + at, begin - at);
    parts.emplace_back(runner.values(*variable), variable->bytes);
    at = begin + variable->bytes;
  }
  parts.emplace_back(code.model + at, size - at);
  writeFileAtomically(path, parts);
}

} // namespace frac

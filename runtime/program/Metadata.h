//===- Metadata.h - Parts of a program's metadata ---------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_PROGRAM_METADATA_H
#define FRAC_RUNTIME_PROGRAM_METADATA_H

#include "runtime/program/Program.h"

#include <nlohmann/json.hpp>

namespace frac {

/// Throws the Error of metadata that is not what docs/program-metadata.md says.
[[noreturn]] void failDamaged(const std::string &why);

/// Reads `quantized_model`. The variables, the symbols and the size of the
/// model of `program` must have been read before. Throws Error, or what
/// nlohmann::json throws.
QuantizedModel parseQuantizedModel(const nlohmann::json &json,
                                   const Program &program);

} // namespace frac

#endif // FRAC_RUNTIME_PROGRAM_METADATA_H

//===- AcceleratorFile.h - An accelerator by name or file -------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_TOML_ACCELERATORFILE_H
#define FRAC_RUNTIME_TOML_ACCELERATORFILE_H

#include "runtime/cost/AcceleratorText.h"

namespace frac {

/// The built-in accelerator of that name, or the one of a TOML file
/// (docs/cost-model.md). An empty text is the default, "e". Problems are whole
/// lines, "FILE: error: ...".
AcceleratorResult loadAccelerator(const std::string &nameOrPath);

} // namespace frac

#endif // FRAC_RUNTIME_TOML_ACCELERATORFILE_H

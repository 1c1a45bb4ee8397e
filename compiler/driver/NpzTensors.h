//===- NpzTensors.h - Tensors in NumPy's archives ------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_COMPILER_DRIVER_NPZTENSORS_H
#define FRAC_COMPILER_DRIVER_NPZTENSORS_H

#include "compiler/HostTensor.h"
#include "llvm/Support/Error.h"

#include <map>
#include <string>

namespace frac {

using NamedTensors = std::map<std::string, HostTensor>;

/// Reads every array of an .npz file. The error names the file and, where one
/// is to blame, the array.
llvm::Expected<NamedTensors> readTensors(llvm::StringRef path);

/// Writes an .npz file that appears whole or not at all.
llvm::Error writeTensors(llvm::StringRef path, const NamedTensors &tensors);

} // namespace frac

#endif // FRAC_COMPILER_DRIVER_NPZTENSORS_H

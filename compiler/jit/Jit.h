//===- Jit.h - Running models in this process -----------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_COMPILER_JIT_JIT_H
#define FRAC_COMPILER_JIT_JIT_H

#include "compiler/HostTensor.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

#include <memory>
#include <vector>

namespace frac {

/// Compiles models with the passes of training executables and runs them at
/// once, on the runtime that is linked into this program. What a run has
/// compiled and allocated is freed before it returns.
class Jit {
public:
  /// Generates code for the CPU `cpu` (see createTargetMachine), which must be
  /// this one or a predecessor of it, and runs it on `threads` threads, 0 for
  /// all cores.
  static llvm::Expected<std::unique_ptr<Jit>> create(llvm::StringRef cpu,
                                                     int threads = 0);
  ~Jit();

  /// Runs @forward of `module`, which holds operations on tensors (nn, arith,
  /// math, tensor, linalg) with static shapes and is lowered in place. `inputs`
  /// must have the types and shapes of its arguments. Diagnostics of the passes
  /// become the error.
  llvm::Expected<std::vector<HostTensor>>
  run(mlir::ModuleOp module, llvm::ArrayRef<HostTensor> inputs);

private:
  struct Implementation;
  explicit Jit(std::unique_ptr<Implementation> implementation);

  std::unique_ptr<Implementation> implementation;
};

} // namespace frac

#endif // FRAC_COMPILER_JIT_JIT_H

//===- OneDnn.h - Contractions through oneDNN -----------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The only door to oneDNN: nothing else in the project includes its headers.
/// OneDnn.cpp is written for the API of versions 2.x; another version needs
/// changes there only.
///
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_ONEDNN_ONEDNN_H
#define FRAC_RUNTIME_KERNELS_ONEDNN_ONEDNN_H

#include "runtime/kernels/ConvProblem.h"
#include "runtime/kernels/KernelPlan.h"
#include "runtime/kernels/MatmulProblem.h"

#include <memory>
#include <string>

namespace frac::runtime {

/// An engine and a stream of oneDNN. The instruction set it may use is capped
/// by FRAC_MAX_CPU_ISA, for the whole process, when the first one is made.
class OneDnn {
public:
  /// Throws std::runtime_error if oneDNN or the cap does not work.
  OneDnn();
  ~OneDnn();

  /// A plan for a valid problem without empty tensors, or null if oneDNN cannot
  /// express it. The calling thread must be inside a ThreadCountScope, here and
  /// at every run of the plan.
  std::unique_ptr<KernelPlan> makePlan(const ConvProblem &problem);
  std::unique_ptr<KernelPlan> makePlan(const MatmulProblem &problem);

  /// Version and instruction set in use, for people.
  static std::string description();

private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation;
};

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_ONEDNN_ONEDNN_H

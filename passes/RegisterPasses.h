//===- RegisterPasses.h - All passes --------------------------------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_REGISTERPASSES_H
#define FRAC_PASSES_REGISTERPASSES_H

namespace frac {

/// Makes the project's passes known by their flags, for tools that build
/// pipelines from text.
void registerAllFracPasses();

} // namespace frac

#endif // FRAC_PASSES_REGISTERPASSES_H

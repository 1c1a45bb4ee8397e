//===- Main.cpp - Where a training executable starts ----------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/trainer/CommandLine.h"

int main(int argc, char **argv) {
  return frac::runCommandLine(frac_compiled_program, argc, argv);
}

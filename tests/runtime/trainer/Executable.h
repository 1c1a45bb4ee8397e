//===- Executable.h - A program on its command line -------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_TESTS_RUNTIME_TRAINER_EXECUTABLE_H
#define FRAC_TESTS_RUNTIME_TRAINER_EXECUTABLE_H

#include "runtime/trainer/CommandLine.h"
#include "tests/runtime/support/LinearProgram.h"
#include "tests/runtime/support/TempFolder.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace frac::test {

/// Runs a hand-written program as its executable would run.
class Executable : public testing::Test {
protected:
  explicit Executable(const LinearShape &shape = LinearShape())
      : linear(shape) {
    divergeAtIteration = interruptAtIteration = -1;
    stepBatches.clear();
    evalBatches.clear();
    stepWidths.clear();
    evalWidths.clear();
    gradWidths.clear();
  }

  /// The exit status; what was printed is in `out` and `err`.
  int run(std::vector<std::string> arguments) {
    std::vector<const char *> argv = {"program"};
    for (const std::string &argument : arguments)
      argv.push_back(argument.c_str());
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    int status = runCommandLine(linear.code(), static_cast<int>(argv.size()),
                                argv.data());
    std::fflush(stdout);
    out = testing::internal::GetCapturedStdout();
    err = testing::internal::GetCapturedStderr();
    return status;
  }

  /// Trains on 50 samples: 7 steps an epoch, the last one of 2 samples.
  int train(std::vector<std::string> flags) {
    flags.insert(flags.begin(),
                 {"train", "--data=synthetic:50", "--seed=3", "--threads=1"});
    return run(flags);
  }

  std::string file(const std::string &name) { return folder.path(name); }

  nlohmann::json json(const std::string &name) {
    std::vector<unsigned char> bytes = folder.read(name);
    return nlohmann::json::parse(bytes.begin(), bytes.end());
  }

  LinearProgram linear;
  TempFolder folder;
  std::string out, err;
};

} // namespace frac::test

#endif // FRAC_TESTS_RUNTIME_TRAINER_EXECUTABLE_H

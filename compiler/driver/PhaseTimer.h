//===- PhaseTimer.h - How long each phase takes --------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_COMPILER_DRIVER_PHASETIMER_H
#define FRAC_COMPILER_DRIVER_PHASETIMER_H

#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

#include <chrono>
#include <string>

namespace frac {

/// Prints on stderr, if enabled, the name and the seconds of each phase when
/// the next one starts.
class PhaseTimer {
public:
  explicit PhaseTimer(bool isEnabled) : isEnabled(isEnabled) {}
  PhaseTimer(const PhaseTimer &) = delete;
  ~PhaseTimer() { finish(); }

  void start(llvm::StringRef name) {
    finish();
    phase = name.str();
    begin = Clock::now();
  }

private:
  using Clock = std::chrono::steady_clock;

  void finish() {
    if (!isEnabled || phase.empty())
      return;
    std::chrono::duration<double> seconds = Clock::now() - begin;
    llvm::errs() << llvm::format("fracc: %s: %.2f s\n", phase.c_str(),
                                 seconds.count());
    phase.clear();
  }

  bool isEnabled;
  std::string phase;
  Clock::time_point begin;
};

} // namespace frac

#endif // FRAC_COMPILER_DRIVER_PHASETIMER_H

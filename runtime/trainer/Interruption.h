//===- Interruption.h - SIGINT and SIGTERM ----------------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_TRAINER_INTERRUPTION_H
#define FRAC_RUNTIME_TRAINER_INTERRUPTION_H

#include <csignal>

namespace frac {

/// While it lives, the first SIGINT or SIGTERM asks for an orderly end; a
/// second one ends the process at once. One object at a time.
class Interruption {
public:
  Interruption();
  ~Interruption();
  Interruption(const Interruption &) = delete;
  Interruption &operator=(const Interruption &) = delete;

  /// Whether a signal has come.
  bool requested() const;

private:
  struct sigaction oldInt;
  struct sigaction oldTerm;
};

} // namespace frac

#endif // FRAC_RUNTIME_TRAINER_INTERRUPTION_H

//===- Interruption.cpp - SIGINT and SIGTERM ------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/trainer/Interruption.h"

namespace frac {

static volatile std::sig_atomic_t signalCame = 0;

static void onSignal(int) { signalCame = 1; }

Interruption::Interruption() {
  signalCame = 0;
  struct sigaction action = {};
  action.sa_handler = onSignal;
  sigemptyset(&action.sa_mask);
  // Once handled, the default action is back; reads and writes go on.
  action.sa_flags = SA_RESETHAND | SA_RESTART;
  sigaction(SIGINT, &action, &oldInt);
  sigaction(SIGTERM, &action, &oldTerm);
}

Interruption::~Interruption() {
  sigaction(SIGINT, &oldInt, nullptr);
  sigaction(SIGTERM, &oldTerm, nullptr);
}

bool Interruption::requested() const { return signalCame != 0; }

} // namespace frac

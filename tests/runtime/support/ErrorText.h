//===- ErrorText.h - The message of an expected error -----------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_TESTS_RUNTIME_SUPPORT_ERRORTEXT_H
#define FRAC_TESTS_RUNTIME_SUPPORT_ERRORTEXT_H

#include "runtime/support/Error.h"

#include <string>

namespace frac::test {

/// Runs `action` and returns the message of the Error it throws; "no error" if
/// it throws none.
template <typename Action>
std::string errorText(Action action) {
  try {
    action();
  } catch (const Error &error) {
    return error.what();
  }
  return "no error";
}

inline bool contains(const std::string &text, const std::string &part) {
  return text.find(part) != std::string::npos;
}

} // namespace frac::test

#endif // FRAC_TESTS_RUNTIME_SUPPORT_ERRORTEXT_H

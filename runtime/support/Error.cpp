//===- Error.cpp - Failures that a user can cause -------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/support/Error.h"

namespace frac {

static std::string withoutControls(const std::string &text) {
  std::string out = text;
  for (char &c : out)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      c = '?';
  return out;
}

std::string printable(const std::string &text) {
  constexpr size_t limit = 200;
  std::string out = withoutControls(text.substr(0, limit));
  if (text.size() > limit)
    out += "...";
  return out;
}

void fail(const std::string &subject, const std::string &what) {
  throw Error(withoutControls(subject + ": error: " + what));
}

} // namespace frac

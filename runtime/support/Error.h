//===- Error.h - Failures that a user can cause -----------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_SUPPORT_ERROR_H
#define FRAC_RUNTIME_SUPPORT_ERROR_H

#include <stdexcept>
#include <string>

namespace frac {

/// A failure that bad input or the machine caused. `what()` is one whole line,
/// `SUBJECT: error: what is wrong and what to do`, ready to be printed. The
/// executable's main function turns it into exit status 1.
class Error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// A wrong command line: exit status 2.
class UsageError : public Error {
public:
  using Error::Error;
};

/// Training produced a loss that is not a number: exit status 3.
class DivergedError : public Error {
public:
  using Error::Error;
};

/// Throws Error with the line `SUBJECT: error: WHAT`. Characters that could
/// break the line are replaced.
[[noreturn]] void fail(const std::string &subject, const std::string &what);

/// `text` with control characters replaced by '?', cut to a length that fits a
/// message: for names that come from files.
std::string printable(const std::string &text);

} // namespace frac

#endif // FRAC_RUNTIME_SUPPORT_ERROR_H

//===- EventFile.h - TensorBoard event files --------------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_METRICS_EVENTFILE_H
#define FRAC_RUNTIME_METRICS_EVENTFILE_H

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace frac {

/// A number and the name it is shown under.
using Scalar = std::pair<std::string, float>;

/// An event file that TensorBoard reads: `Event` messages (event.proto of
/// TensorFlow) with scalar summaries, each framed as a TFRecord: length (u64),
/// masked CRC-32C of the length, data, masked CRC-32C of the data.
class EventFile {
public:
  /// Makes `folder` if it is missing and a new file in it. Throws Error.
  explicit EventFile(const std::string &folder);
  ~EventFile();
  EventFile(const EventFile &) = delete;
  EventFile &operator=(const EventFile &) = delete;

  const std::string &path() const { return name; }

  /// Appends one event with these scalars at `step`.
  void write(int64_t step, const std::vector<Scalar> &scalars);

private:
  void append(const std::vector<unsigned char> &event);

  std::string name;
  int descriptor = -1;
};

} // namespace frac

#endif // FRAC_RUNTIME_METRICS_EVENTFILE_H

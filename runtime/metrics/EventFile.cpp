//===- EventFile.cpp - TensorBoard event files ----------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/metrics/EventFile.h"

#include "runtime/support/Bytes.h"
#include "runtime/support/Checksum.h"
#include "runtime/support/Error.h"
#include "runtime/support/Files.h"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace frac {

namespace {
/// Builds a protobuf message, field by field.
class MessageWriter {
public:
  ByteWriter out;

  void varint(uint64_t value) {
    while (value >= 0x80) {
      out.write(static_cast<uint8_t>(value | 0x80));
      value >>= 7;
    }
    out.write(static_cast<uint8_t>(value));
  }
  void tag(uint32_t number, uint32_t wireType) {
    varint(number << 3 | wireType);
  }
  void integer(uint32_t number, int64_t value) {
    tag(number, 0);
    varint(static_cast<uint64_t>(value));
  }
  void real(uint32_t number, double value) {
    tag(number, 1);
    out.write(value);
  }
  void real(uint32_t number, float value) {
    tag(number, 5);
    out.write(value);
  }
  void bytes(uint32_t number, const void *data, size_t size) {
    tag(number, 2);
    varint(size);
    out.append(data, size);
  }
};

// Numbers of fields in TensorFlow's event.proto and summary.proto.
constexpr uint32_t eventTime = 1, eventStep = 2, eventVersion = 3,
                   eventSummary = 5, summaryValue = 1, valueTag = 1,
                   valueSimple = 2;
} // namespace

static double now() {
  using namespace std::chrono;
  return duration<double>(system_clock::now().time_since_epoch()).count();
}

EventFile::EventFile(const std::string &folder) {
  // Folders above it too, as far as they are missing.
  for (size_t slash = folder.find('/', 1);;
       slash = folder.find('/', slash + 1)) {
    std::string part = folder.substr(0, slash);
    if (!part.empty() && !isDirectory(part) &&
        ::mkdir(part.c_str(), 0777) != 0 && !isDirectory(part))
      fail(folder, std::string("cannot be made: ") + std::strerror(errno));
    if (slash == std::string::npos)
      break;
  }
  char host[256] = "localhost";
  (void)::gethostname(host, sizeof host - 1);
  // TensorBoard finds files by ".tfevents." and sorts them by name.
  for (int attempt = 0; descriptor < 0; ++attempt) {
    name = folder + "/events.out.tfevents." +
           std::to_string(static_cast<int64_t>(now())) + "." + host + "." +
           std::to_string(::getpid()) + "." + std::to_string(attempt);
    descriptor =
        ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor < 0 && errno != EEXIST)
      fail(name, std::string("cannot be written: ") + std::strerror(errno));
  }
  MessageWriter event;
  event.real(eventTime, now());
  const char version[] = "brain.Event:2";
  event.bytes(eventVersion, version, sizeof version - 1);
  append(event.out.bytes);
}

EventFile::~EventFile() {
  if (descriptor >= 0)
    ::close(descriptor);
}

void EventFile::write(int64_t step, const std::vector<Scalar> &scalars) {
  MessageWriter summary;
  for (const Scalar &scalar : scalars) {
    MessageWriter value;
    value.bytes(valueTag, scalar.first.data(), scalar.first.size());
    value.real(valueSimple, scalar.second);
    summary.bytes(summaryValue, value.out.bytes.data(), value.out.bytes.size());
  }
  MessageWriter event;
  event.real(eventTime, now());
  event.integer(eventStep, step);
  event.bytes(eventSummary, summary.out.bytes.data(), summary.out.bytes.size());
  append(event.out.bytes);
}

void EventFile::append(const std::vector<unsigned char> &event) {
  ByteWriter record;
  auto length = static_cast<uint64_t>(event.size());
  record.write(length);
  record.write(maskedCrc32c(&length, sizeof length));
  record.append(event.data(), event.size());
  record.write(maskedCrc32c(event.data(), event.size()));
  // One call a record, so that a reader never sees half of one.
  ssize_t put = ::write(descriptor, record.bytes.data(), record.bytes.size());
  if (put != static_cast<ssize_t>(record.bytes.size()))
    fail(name, std::string("cannot be written: ") +
                   (put < 0 ? std::strerror(errno) : "the disk is full"));
}

} // namespace frac

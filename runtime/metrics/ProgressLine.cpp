//===- ProgressLine.cpp - What the user sees while it trains --------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/metrics/ProgressLine.h"

#include <algorithm>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <sys/ioctl.h>
#include <unistd.h>

namespace frac {

__attribute__((format(printf, 1, 2))) static std::string
format(const char *pattern, ...) {
  char buffer[256];
  va_list args;
  va_start(args, pattern);
  std::vsnprintf(buffer, sizeof buffer, pattern, args);
  va_end(args);
  return buffer;
}

std::string clockText(double seconds) {
  auto total = static_cast<long long>(std::llround(seconds));
  if (total >= 3600)
    return format("%lld:%02lld:%02lld", total / 3600, total / 60 % 60,
                  total % 60);
  return format("%lld:%02lld", total / 60, total % 60);
}

std::string epochText(const EpochRecord &record, int64_t epochs) {
  std::string out = format("epoch %lld/%lld  train loss %.4f",
                           static_cast<long long>(record.epoch),
                           static_cast<long long>(epochs), record.trainLoss);
  if (std::isfinite(record.trainAccuracy))
    out += format(" accuracy %.4f", record.trainAccuracy);
  if (std::isfinite(record.testLoss))
    out += format("  test loss %.4f", record.testLoss);
  if (std::isfinite(record.testAccuracy))
    out += format(" accuracy %.4f", record.testAccuracy);
  out += format("  lr %g  %.1f s", record.lr, record.seconds);
  if (std::isfinite(record.stepMsMedian))
    out += format("  %.1f ms/step", record.stepMsMedian);
  std::string widths =
      shortWidths(record.precision.lowest, record.precision.highest);
  if (!widths.empty())
    out += "  " + widths;
  const EnergySums &energy = record.precision.energy;
  if (energy.total() > 0)
    out +=
        format("  accelerator %.3g J %.3g s", energy.total(), energy.seconds);
  return out;
}

/// Columns of the terminal behind stderr; a longer line would not be erased.
static size_t terminalWidth() {
  struct winsize size;
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1)
    return size.ws_col - 1u;
  return 79;
}

ProgressLine::ProgressLine(bool quiet)
    : quiet(quiet), live(!quiet && ::isatty(STDERR_FILENO)) {}

ProgressLine::~ProgressLine() { erase(); }

void ProgressLine::erase() {
  if (!drawn)
    return;
  std::fputs("\r\033[K", stderr);
  std::fflush(stderr);
  drawn = false;
}

bool ProgressLine::due() const {
  return live &&
         (!drawn || Clock::now() - last > std::chrono::milliseconds(100));
}

void ProgressLine::update(const LiveNumbers &numbers) {
  if (!due())
    return;
  last = Clock::now();
  if (firstIteration < 0) {
    firstIteration = numbers.iteration;
    started = last;
  }
  double done = static_cast<double>(numbers.iteration - firstIteration);
  double left = static_cast<double>(numbers.iterations - numbers.iteration);
  double spent = std::chrono::duration<double>(last - started).count();
  std::string toGo = done > 0 ? clockText(spent / done * left) : "-:--";
  std::string line = format("%3.0f%%  epoch %lld/%lld  %s  loss %.4f",
                            100.0 * static_cast<double>(numbers.iteration) /
                                static_cast<double>(numbers.iterations),
                            static_cast<long long>(numbers.epoch),
                            static_cast<long long>(numbers.epochs),
                            numbers.phase, numbers.loss);
  if (std::isfinite(numbers.accuracy))
    line += format("  accuracy %.4f", numbers.accuracy);
  std::string widths = shortWidths(numbers.widths, numbers.widths);
  if (!widths.empty())
    line += "  " + widths;
  if (numbers.joules > 0)
    line += format("  %.3g J", numbers.joules);
  line += format("  %.0f images/s  %s to go", numbers.samplesPerSecond,
                 toGo.c_str());
  line.resize(std::min(line.size(), terminalWidth()));
  std::fprintf(stderr, "\r%s\033[K", line.c_str());
  std::fflush(stderr);
  drawn = true;
}

void ProgressLine::epochDone(const EpochRecord &record, int64_t epochs) {
  if (quiet)
    return;
  erase();
  std::puts(epochText(record, epochs).c_str());
  std::fflush(stdout);
}

} // namespace frac

//===- CpuEnergy.cpp - Joules that this machine draws ---------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/metrics/CpuEnergy.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace frac {

/// The number in a file of one line; -1 if there is none.
static int64_t readNumber(const std::string &path) {
  int64_t number = 0;
  return std::ifstream(path) >> number ? number : -1;
}

/// Whether a folder is that of a whole package: "intel-rapl:0", of which
/// "intel-rapl:0:1" is a part.
static bool isPackage(const std::string &name) {
  return name.rfind("intel-rapl:", 0) == 0 &&
         std::count(name.begin(), name.end(), ':') == 1;
}

CpuEnergy::CpuEnergy(const std::string &folder) {
  std::error_code error;
  std::filesystem::directory_iterator entries(folder, error), end;
  for (; !error && entries != end; entries.increment(error)) {
    if (!isPackage(entries->path().filename().string()))
      continue;
    std::string path = (entries->path() / "energy_uj").string();
    int64_t range =
        readNumber((entries->path() / "max_energy_range_uj").string());
    int64_t now = readNumber(path);
    if (now >= 0)
      counters.push_back({path, range, now});
  }
}

double CpuEnergy::sinceLast() {
  double microjoules = 0;
  for (Counter &counter : counters) {
    int64_t now = readNumber(counter.path);
    if (now < 0)
      continue;
    int64_t spent = now - counter.last;
    if (spent < 0 && counter.range > 0)
      spent += counter.range;
    microjoules += static_cast<double>(std::max<int64_t>(0, spent));
    counter.last = now;
  }
  return microjoules * 1e-6;
}

} // namespace frac

//===- CpuEnergyTest.cpp - Counters of processor packages -----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/metrics/CpuEnergy.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <unistd.h>

using namespace frac;

namespace {
/// A folder as Linux has it, for as long as it lives.
class Counters {
public:
  Counters()
      : folder(std::filesystem::path(testing::TempDir()) /
               ("powercap-" + std::to_string(getpid()))) {}
  ~Counters() { std::filesystem::remove_all(folder); }

  void set(const std::string &name, const std::string &microjoules,
           const std::string &range = "1000000000") {
    std::filesystem::create_directories(folder / name);
    std::ofstream(folder / name / "energy_uj") << microjoules << "\n";
    std::ofstream(folder / name / "max_energy_range_uj") << range << "\n";
  }

  std::string path() const { return folder.string(); }

private:
  std::filesystem::path folder;
};
} // namespace

TEST(CpuEnergy, AddsPackagesAndNotTheirParts) {
  Counters counters;
  counters.set("intel-rapl:0", "1000000");
  counters.set("intel-rapl:1", "5000000");
  counters.set("intel-rapl:0:0", "700000");
  counters.set("dtpm", "1");
  CpuEnergy energy(counters.path());
  EXPECT_TRUE(energy.isKnown());
  EXPECT_EQ(energy.sinceLast(), 0);
  counters.set("intel-rapl:0", "3500000");
  counters.set("intel-rapl:1", "5500000");
  counters.set("intel-rapl:0:0", "900000");
  EXPECT_DOUBLE_EQ(energy.sinceLast(), 2.5 + 0.5);
  EXPECT_EQ(energy.sinceLast(), 0);
}

TEST(CpuEnergy, CountersWrap) {
  Counters counters;
  counters.set("intel-rapl:0", "999000000");
  CpuEnergy energy(counters.path());
  counters.set("intel-rapl:0", "2000000");
  EXPECT_DOUBLE_EQ(energy.sinceLast(), 3);
}

TEST(CpuEnergy, IsUnknownWhereNothingIsShown) {
  EXPECT_FALSE(CpuEnergy("/no/such/folder").isKnown());
  Counters counters;
  counters.set("intel-rapl:0", "secret");
  CpuEnergy energy(counters.path());
  EXPECT_FALSE(energy.isKnown());
  EXPECT_EQ(energy.sinceLast(), 0);
}

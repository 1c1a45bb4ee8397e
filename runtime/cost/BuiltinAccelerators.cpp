//===- BuiltinAccelerators.cpp - Accelerators that need no file -----------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/cost/Accelerator.h"

namespace frac {

namespace {
constexpr const char *cacti =
    "CACTI 7 at 45 nm, as tabulated by the simulator (bitfusion/sram/"
    "cacti_sweep.csv)";
constexpr const char *dram =
    "default argument of the simulator; reads and writes alike";

/// Sizes and energies of the published notebook: 16 x 32 units of 8 bits.
Accelerator makeE() {
  Accelerator e;
  e.name = "e";
  e.source = "BitFusion simulator (hsharma35/bitfusion 04ec1c8), bf_e_conf.ini";
  e.inputLanes = 16;
  e.outputLanes = 32;
  e.maxBits = 8;
  e.minBits = 2;
  e.megahertz = 500;
  e.picojoulesPerCycle = 235.104;
  e.arrayLeakageMilliwatts = 30.37568;
  e.arrayAreaSquareMillimetres = 0.88809073856;
  e.arrayProvenance = "synthesis of a 4 x 4 array of 8 bits at 500 MHz, times "
                      "32 (results/systolic_array_synth.csv)";
  e.dramBitsPerCycle = 192;
  e.dramPicojoulesPerBit = 15;
  e.dramProvenance = dram;
  e.inputBuffer = {
      32768, 0.059474374999999996, 0.11370406250000001, 51.67952, 0.242112,
      cacti};
  e.weightBuffer = {65536,      0.021365656250000004, 0.028916156250000002,
                    127.789056, 0.76747776,           cacti};
  e.outputBuffer = {16384,    0.0331553125, 0.0730840625,
                    33.01856, 0.24330592,   cacti};
  return e;
}

/// The same with units of 16 bits. Its memories are those of `e`: CACTI finds
/// none with words of 16 bytes in banks of 128.
Accelerator makeE16h() {
  Accelerator e = makeE();
  e.name = "e16h";
  e.source += " with high_prec = 16; a hybrid: the array of 16 bits with the "
              "memory energies of 8";
  e.maxBits = 16;
  e.picojoulesPerCycle = 1082.0864;
  e.arrayLeakageMilliwatts = 151.2544;
  e.arrayAreaSquareMillimetres = 4.5216711424;
  e.arrayProvenance = "synthesis of a 4 x 4 array of 16 bits at 500 MHz, times "
                      "32 (results/systolic_array_synth.csv)";
  return e;
}

/// The simulator's default sizes, 8 x 8, with units of 16 bits.
Accelerator makeConf16() {
  constexpr const char *built =
      "CACTI 7 (HewlettPackard/cacti 1ffd8df) with the simulator's settings";
  Accelerator conf;
  conf.name = "conf16";
  conf.source = "BitFusion simulator (hsharma35/bitfusion 04ec1c8), conf.ini "
                "with high_prec = 16";
  conf.inputLanes = 8;
  conf.outputLanes = 8;
  conf.maxBits = 16;
  conf.minBits = 2;
  conf.megahertz = 500;
  conf.picojoulesPerCycle = 135.2608;
  conf.arrayLeakageMilliwatts = 18.9068;
  conf.arrayAreaSquareMillimetres = 0.5652088928;
  conf.arrayProvenance = "synthesis of a 4 x 4 array of 16 bits at 500 MHz, "
                         "times 4 (results/systolic_array_synth.csv)";
  conf.dramBitsPerCycle = 128;
  conf.dramPicojoulesPerBit = 15;
  conf.dramProvenance = dram;
  conf.inputBuffer = {65536,    0.056075546875, 0.19227187499999998,
                      115.5816, std::nullopt,   built};
  conf.weightBuffer = {262144,    0.041096953125, 0.10868203124999999,
                       469.37344, std::nullopt,   built};
  conf.outputBuffer = {16384,  0.06825250000000001, 0.1335490625,
                       28.992, std::nullopt,        built};
  return conf;
}
} // namespace

const std::vector<Accelerator> &builtinAccelerators() {
  static const std::vector<Accelerator> accelerators = {makeE(), makeE16h(),
                                                        makeConf16()};
  return accelerators;
}

} // namespace frac

//===- CpuIsa.cpp - Which instructions kernels may use --------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/CpuIsa.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>

using namespace frac::runtime;

static constexpr CpuIsa allIsas[] = {CpuIsa::Sse41, CpuIsa::Avx2,
                                     CpuIsa::Avx512, CpuIsa::Avx512Vnni};

const char *frac::runtime::cpuIsaName(CpuIsa isa) {
  switch (isa) {
  case CpuIsa::Sse41:
    return "sse41";
  case CpuIsa::Avx2:
    return "avx2";
  case CpuIsa::Avx512:
    return "avx512";
  case CpuIsa::Avx512Vnni:
    return "avx512_vnni";
  }
  return "";
}

static CpuIsa readCap() {
  const char *value = std::getenv("FRAC_MAX_CPU_ISA");
  if (!value || !*value)
    return CpuIsa::Avx512Vnni;
  for (CpuIsa isa : allIsas)
    if (std::strcmp(value, cpuIsaName(isa)) == 0)
      return isa;
  throw std::runtime_error("FRAC_MAX_CPU_ISA is '" + std::string(value) +
                           "', expected sse41, avx2, avx512 or avx512_vnni");
}

CpuIsa frac::runtime::cpuIsaCap() {
  static const CpuIsa cap = readCap();
  return cap;
}

static CpuIsa detectedIsa() {
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma"))
    return CpuIsa::Sse41;
  if (!__builtin_cpu_supports("avx512f") ||
      !__builtin_cpu_supports("avx512bw") ||
      !__builtin_cpu_supports("avx512dq") ||
      !__builtin_cpu_supports("avx512vl"))
    return CpuIsa::Avx2;
  return __builtin_cpu_supports("avx512vnni") ? CpuIsa::Avx512Vnni
                                              : CpuIsa::Avx512;
}

CpuIsa frac::runtime::usableCpuIsa() {
  return std::min(cpuIsaCap(), detectedIsa());
}

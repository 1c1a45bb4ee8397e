//===- CpuIsa.h - Which instructions kernels may use ----------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_CORE_CPUISA_H
#define FRAC_RUNTIME_CORE_CPUISA_H

namespace frac::runtime {

/// Instruction sets that kernels come in, each with all of those before it.
enum class CpuIsa {
  Sse41,      ///< SSE4.1 and what any x86-64 processor has
  Avx2,       ///< AVX2 and FMA
  Avx512,     ///< AVX-512 F, BW, DQ and VL
  Avx512Vnni, ///< AVX-512 VNNI
};

/// The cap that the environment variable FRAC_MAX_CPU_ISA sets (sse41, avx2,
/// avx512 or avx512_vnni), or the largest value if it is unset. It is read
/// once. Throws std::runtime_error if it is none of these names.
CpuIsa cpuIsaCap();

/// The best instruction set that both this processor and the cap allow. Throws
/// as `cpuIsaCap` does.
CpuIsa usableCpuIsa();

/// The name that FRAC_MAX_CPU_ISA takes.
const char *cpuIsaName(CpuIsa isa);

} // namespace frac::runtime

#endif // FRAC_RUNTIME_CORE_CPUISA_H

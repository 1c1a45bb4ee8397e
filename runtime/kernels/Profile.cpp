//===- Profile.cpp - What kernels a runtime has run -----------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/Profile.h"

#include "runtime/kernels/KernelCache.h"

#include <exception>

using namespace frac::runtime;

void frac::runtime::setKernelProfiling(frac_runtime &runtime, bool enabled) {
  try {
    KernelCache::of(runtime).profiling = enabled;
  } catch (const std::exception &error) {
    runtime.fail(error.what());
  }
}

std::vector<KernelRecord>
frac::runtime::kernelRecords(const frac_runtime &runtime) {
  std::vector<KernelRecord> records;
  auto *cache = static_cast<const KernelCache *>(runtime.kernelState.get());
  if (!cache)
    return records;
  for (const auto &entry : cache->entries())
    records.push_back({entry->product, entry->shape, entry->batch,
                       entry->implementation, entry->calls, entry->macs,
                       entry->seconds});
  return records;
}

WorkByKind frac::runtime::contractionWork(const frac_runtime &runtime) {
  auto *cache = static_cast<const KernelCache *>(runtime.kernelState.get());
  return cache ? cache->work.values() : WorkByKind();
}

void frac::runtime::resetContractionWork(frac_runtime &runtime) {
  if (runtime.kernelState)
    static_cast<KernelCache &>(*runtime.kernelState).work.reset();
}

std::string frac::runtime::kernelLibraryDescription() {
  return OneDnn::description();
}

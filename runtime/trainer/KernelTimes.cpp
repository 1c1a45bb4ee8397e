//===- KernelTimes.cpp - Where the time of a run went ---------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/trainer/KernelTimes.h"

#include "runtime/kernels/Profile.h"

#include <algorithm>
#include <cstdio>
#include <iterator>

namespace frac {

KernelTimes::KernelTimes(frac_runtime &runtime, bool enabled)
    : runtime(runtime), enabled(enabled) {
  if (enabled)
    runtime::setKernelProfiling(runtime, true);
}

std::vector<KernelShare> KernelTimes::shares() const {
  std::vector<KernelShare> out;
  if (!enabled)
    return out;
  double wall =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin)
          .count();
  for (const runtime::KernelRecord &record : runtime::kernelRecords(runtime)) {
    KernelShare kernel;
    kernel.product = record.product;
    kernel.shape = record.shape;
    kernel.implementation = record.implementation;
    kernel.batch = record.batch;
    kernel.calls = record.calls;
    kernel.macs = record.macs;
    kernel.seconds = record.seconds;
    kernel.share = record.seconds / wall;
    out.push_back(std::move(kernel));
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const KernelShare &a, const KernelShare &b) {
                     return a.seconds > b.seconds;
                   });
  return out;
}

std::vector<KernelWork> KernelTimes::work() const {
  // In the order of ContractionKind.
  static constexpr const char *names[] = {
      "conv_forward",  "conv_input_grad",  "conv_weight_grad",  "matmul",
      "qconv_forward", "qconv_input_grad", "qconv_weight_grad", "qmatmul"};
  static_assert(std::size(names) == runtime::contractionKinds);
  std::vector<KernelWork> out;
  if (!enabled)
    return out;
  runtime::WorkByKind kinds = runtime::contractionWork(runtime);
  for (size_t i = 0; i < kinds.size(); ++i)
    if (kinds[i].calls > 0)
      out.push_back({names[i], kinds[i].calls,
                     static_cast<double>(kinds[i].macs), kinds[i].bitMacs()});
  return out;
}

void printKernelShares(const std::vector<KernelShare> &kernels) {
  if (kernels.empty())
    return;
  size_t productWidth = 7, shapeWidth = 5;
  double total = 0;
  for (const KernelShare &kernel : kernels) {
    productWidth = std::max(productWidth, kernel.product.size());
    shapeWidth = std::max(shapeWidth, kernel.shape.size());
    total += kernel.share;
  }
  auto product = static_cast<int>(productWidth);
  auto shape = static_cast<int>(shapeWidth);
  std::printf("\n%-*s  %-*s  %6s  %8s  %9s  %9s  %6s  %s\n", product, "product",
              shape, "shape", "batch", "calls", "seconds", "GMAC/s", "share",
              "kernel");
  for (const KernelShare &kernel : kernels) {
    double macs = kernel.macs * static_cast<double>(kernel.calls);
    std::printf("%-*s  %-*s  %6lld  %8llu  %9.3f  %9.1f  %5.1f%%  %s\n",
                product, kernel.product.c_str(), shape, kernel.shape.c_str(),
                static_cast<long long>(kernel.batch),
                static_cast<unsigned long long>(kernel.calls), kernel.seconds,
                kernel.seconds > 0 ? macs / kernel.seconds / 1e9 : 0,
                100 * kernel.share, kernel.implementation.c_str());
  }
  std::printf("kernels together %.1f%% of the time; the rest is elementwise "
              "loops, data and the loop of training\n",
              100 * total);
}

} // namespace frac

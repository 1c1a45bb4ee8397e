//===- ResultTerms.cpp - What turns integer sums into results -------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/kernels/lowbit/ResultTerms.h"

#include "runtime/kernels/lowbit/DotKernels.h"

#include <algorithm>

using namespace frac::runtime;

template <typename Number>
ResultTerms<Number>::ResultTerms(const GatherGeometry &geometry,
                                 const PackedWeights &weights,
                                 ScratchLayout &shared, ScratchLayout &own)
    : geometry(geometry), weights(weights) {
  const int64_t outputs = geometry.groups * weights.paddedOutputs();
  for (const GatherAxis &row : geometry.rows.phases)
    for (const GatherAxis &column : geometry.columns.phases) {
      phases.push_back({row, column, borderCount});
      borderCount += phases.back().classes() * outputs;
    }
  weightSums = shared.add<int64_t>(firstCount());
  borderSums = shared.add<double>(borderCount);
  scaleArray = own.add<Number>(outputs);
  residualArray = own.add<Number>(outputs);
  firstArray = own.add<Integer>(firstCount());
  borderArray = own.add<Number>(borderCount);
}

template <typename Number>
void ResultTerms<Number>::prepare(bool hasBorders, std::byte *packed) const {
  for (std::size_t i = 0; i < phases.size(); ++i) {
    sumPhase(phases[i], packed,
             weightSums.in(packed) + i * geometry.groups * firstSize());
    if (hasBorders)
      sumBorders(phases[i], packed,
                 borderSums.in(packed) + phases[i].borderPlace);
  }
}

template <typename Number>
void ResultTerms<Number>::compute(const AffineInteger &input, std::byte *packed,
                                  std::byte *scratch) const {
  const int64_t outputs = geometry.groups * weights.paddedOutputs();
  for (int64_t o = 0; o < outputs; ++o) {
    scaleArray.in(scratch)[o] = Number(input.scale * weights.scales(packed)[o]);
    residualArray.in(scratch)[o] =
        Number(input.scale * weights.residuals(packed)[o]);
  }
  // In 32 bits modulo 2^32, as the sums that they are added to.
  for (int64_t i = 0; i < firstCount(); ++i)
    firstArray.in(scratch)[i] =
        Integer(-int64_t(input.zero) * weightSums.in(packed)[i]);
  if (input.residual != 0)
    for (int64_t i = 0; i < borderCount; ++i)
      borderArray.in(scratch)[i] =
          Number(input.residual * borderSums.in(packed)[i]);
}

/// sums = sums of w over all taps of a phase.
template <typename Number>
void ResultTerms<Number>::sumPhase(const Phase &phase, std::byte *packed,
                                   int64_t *sums) const {
  const int64_t outputs = geometry.groups * weights.paddedOutputs();
  const int32_t planes = weights.planes();
  std::fill_n(sums, geometry.groups * firstSize(), 0);
  for (const GatherAxis::Tap &row : phase.row.taps)
    for (const GatherAxis::Tap &column : phase.column.taps)
      for (int32_t plane = 0; plane < planes; ++plane) {
        const int64_t *ofTap =
            weights.sums(packed, plane, kernelTap(row, column));
        for (int64_t o = 0; o < outputs; ++o)
          sums[(o / dotBlock * planes + plane) * dotBlock + o % dotBlock] +=
              ofTap[o];
      }
}

/// sums = t sum of (w - v) + n u for each class of a phase.
template <typename Number>
void ResultTerms<Number>::sumBorders(const Phase &phase, std::byte *packed,
                                     double *sums) const {
  const int64_t padded = weights.paddedOutputs(), outputs = geometry.outputs;
  const int64_t columnClasses = int64_t(phase.column.inside.size());
  std::fill_n(sums, geometry.groups * phase.classes() * padded, 0.0);
  std::vector<double> ofTap(outputs);
  for (std::size_t k = 0; k < phase.row.taps.size(); ++k)
    for (std::size_t l = 0; l < phase.column.taps.size(); ++l) {
      const int64_t tap = kernelTap(phase.row.taps[k], phase.column.taps[l]);
      for (int64_t group = 0; group < geometry.groups; ++group) {
        for (int64_t o = 0; o < outputs; ++o)
          ofTap[o] = tapSum(tap, group * padded + o, packed);
        for (int64_t i = 0; i < phase.classes(); ++i)
          if (phase.row.inside[i / columnClasses][k] &&
              phase.column.inside[i % columnClasses][l]) {
            double *target = sums + (group * phase.classes() + i) * padded;
            for (int64_t o = 0; o < outputs; ++o)
              target[o] += ofTap[o];
          }
      }
    }
}

/// t sum of (w - v) + n u for one tap and an output.
template <typename Number>
double ResultTerms<Number>::tapSum(int64_t tap, int64_t output,
                                   std::byte *packed) const {
  int64_t sum = 0;
  for (int32_t plane = 0; plane < weights.planes(); ++plane)
    sum = 256 * sum + weights.sums(packed, plane, tap)[output];
  sum -= geometry.inputs * weights.zeros(packed)[output];
  return weights.scales(packed)[output] * double(sum) +
         weights.residuals(packed)[output] * double(geometry.inputs);
}

template class frac::runtime::ResultTerms<float>;
template class frac::runtime::ResultTerms<double>;

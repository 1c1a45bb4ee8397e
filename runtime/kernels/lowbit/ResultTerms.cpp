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
                                 ScratchLayout &layout)
    : geometry(geometry), weights(weights) {
  const int64_t outputs = geometry.groups * weights.paddedOutputs();
  scaleArray = layout.add<Number>(outputs);
  residualArray = layout.add<Number>(outputs);
  int64_t borders = 0;
  for (const GatherAxis &row : geometry.rows.phases)
    for (const GatherAxis &column : geometry.columns.phases) {
      phases.push_back({row, column, borders});
      borders += phases.back().classes() * outputs;
    }
  firstArray = layout.add<Integer>(int64_t(phases.size()) * geometry.groups *
                                   firstSize());
  borderArray = layout.add<Number>(borders);
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
  for (std::size_t phase = 0; phase < phases.size(); ++phase) {
    computeFirst(input.zero, phases[phase], packed,
                 firstArray.in(scratch) +
                     phase * geometry.groups * firstSize());
    if (input.residual != 0)
      computeBorder(input.residual, phases[phase], packed,
                    borderArray.in(scratch) + phases[phase].borderPlace);
  }
}

template <typename Number>
void ResultTerms<Number>::computeFirst(int32_t zero, const Phase &phase,
                                       std::byte *packed,
                                       Integer *first) const {
  const int64_t padded = weights.paddedOutputs();
  const int32_t planes = weights.planes();
  std::fill_n(first, geometry.groups * firstSize(), Integer(0));
  if (zero == 0)
    return;
  for (const GatherAxis::Tap &row : phase.row.taps)
    for (const GatherAxis::Tap &column : phase.column.taps)
      for (int32_t plane = 0; plane < planes; ++plane) {
        const int64_t *sums =
            weights.sums(packed, plane, kernelTap(row, column));
        for (int64_t o = 0; o < geometry.groups * padded; ++o) {
          // In 32 bits modulo 2^32, as the sums that they are added to.
          Integer &target =
              first[(o / dotBlock * planes + plane) * dotBlock + o % dotBlock];
          target = Integer(uint64_t(int64_t(target)) -
                           uint64_t(zero) * uint64_t(sums[o]));
        }
      }
}

template <typename Number>
void ResultTerms<Number>::computeBorder(double residual, const Phase &phase,
                                        std::byte *packed,
                                        Number *border) const {
  const int64_t padded = weights.paddedOutputs();
  const int64_t classes = phase.classes();
  std::fill_n(border, geometry.groups * classes * padded, Number(0));
  for (int64_t group = 0; group < geometry.groups; ++group)
    for (std::size_t i = 0; i < phase.row.inside.size(); ++i)
      for (std::size_t j = 0; j < phase.column.inside.size(); ++j) {
        const int64_t index = int64_t(i * phase.column.inside.size() + j);
        Number *target = border + (group * classes + index) * padded;
        for (int64_t o = 0; o < geometry.outputs; ++o) {
          const int64_t at = group * padded + o;
          int64_t sum = 0, count = 0;
          for (std::size_t k = 0; k < phase.row.taps.size(); ++k)
            for (std::size_t l = 0; l < phase.column.taps.size(); ++l) {
              if (!phase.row.inside[i][k] || !phase.column.inside[j][l])
                continue;
              const int64_t tap =
                  kernelTap(phase.row.taps[k], phase.column.taps[l]);
              count += geometry.inputs;
              int64_t tapSum = 0;
              for (int32_t plane = 0; plane < weights.planes(); ++plane)
                tapSum = 256 * tapSum + weights.sums(packed, plane, tap)[at];
              sum += tapSum;
            }
          sum -= count * weights.zeros(packed)[at];
          target[o] =
              Number(residual * (weights.scales(packed)[at] * sum +
                                 weights.residuals(packed)[at] * count));
        }
      }
}

template class frac::runtime::ResultTerms<float>;
template class frac::runtime::ResultTerms<double>;

//===- ResultTerms.h - What turns integer sums into results ---------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_KERNELS_LOWBIT_RESULTTERMS_H
#define FRAC_RUNTIME_KERNELS_LOWBIT_RESULTTERMS_H

#include "runtime/kernels/ScratchLayout.h"
#include "runtime/kernels/lowbit/AffineInteger.h"
#include "runtime/kernels/lowbit/GatherGeometry.h"
#include "runtime/kernels/lowbit/PackedWeights.h"

#include <cstdint>
#include <type_traits>
#include <vector>

namespace frac::runtime {

/// The numbers that stand beside the integer sums in the result of a gathered
/// product. With inputs x = s (q - z) + r, padded with q = z, and weights
/// y = t (w - v) + u, the sum of x y over the taps inside the image is
///
///   s t i + s u total + border,   i = sum of q w - z sum of w - v total,
///   total = sum of (q - z),       border = r (t sum of (w - v) + n u)
///
/// where only the sums in `border`, over n terms, depend on which taps are
/// inside the image. What follows from the weights alone is computed by
/// `prepare`, the rest for each scale of the inputs by `compute`. `Number` is
/// float, or double where sums exceed 32 bits.
template <typename Number>
class ResultTerms {
public:
  using Integer =
      std::conditional_t<std::is_same_v<Number, float>, int32_t, int64_t>;

  /// Takes places in `shared` for what is prepared and in `own` for what is
  /// computed; the other arguments outlive this.
  ResultTerms(const GatherGeometry &geometry, const PackedWeights &weights,
              ScratchLayout &shared, ScratchLayout &own);

  /// Sums over weights that are packed in the memory `packed`, where the shared
  /// places are too. Those for borders only if some input has a residual.
  void prepare(bool hasBorders, std::byte *packed) const;

  /// Computes everything for inputs with one scale into the own places.
  void compute(const AffineInteger &input, std::byte *packed,
               std::byte *scratch) const;

  /// By output, of a group.
  const Number *scales(std::byte *scratch, int64_t group) const {
    return scaleArray.in(scratch) + group * weights.paddedOutputs();
  }
  const Number *residuals(std::byte *scratch, int64_t group) const {
    return residualArray.in(scratch) + group * weights.paddedOutputs();
  }

  /// -z sum of w of a phase and group, by block, plane and output in the block.
  const Integer *first(std::byte *scratch, std::size_t phase,
                       int64_t group) const {
    return firstArray.in(scratch) +
           (phase * geometry.groups + group) * firstSize();
  }

  /// The border terms of a phase and group, (row class, column class, output);
  /// only where the residual of the inputs is not 0.
  const Number *border(std::byte *scratch, std::size_t phase,
                       int64_t group) const {
    const Phase &p = phases[phase];
    return borderArray.in(scratch) + p.borderPlace +
           group * p.classes() * weights.paddedOutputs();
  }

private:
  struct Phase {
    const GatherAxis &row;
    const GatherAxis &column;
    int64_t borderPlace;
    int64_t classes() const {
      return int64_t(row.inside.size() * column.inside.size());
    }
  };

  int64_t firstSize() const {
    return weights.planes() * weights.paddedOutputs();
  }
  int64_t kernelTap(const GatherAxis::Tap &row,
                    const GatherAxis::Tap &column) const {
    return row.kernel * geometry.kernelWidth + column.kernel;
  }
  int64_t firstCount() const {
    return int64_t(phases.size()) * geometry.groups * firstSize();
  }
  void sumPhase(const Phase &phase, std::byte *packed, int64_t *sums) const;
  double tapSum(int64_t tap, int64_t output, std::byte *packed) const;
  void sumBorders(const Phase &phase, std::byte *packed, double *sums) const;

  const GatherGeometry &geometry;
  const PackedWeights &weights;
  std::vector<Phase> phases;
  int64_t borderCount = 0;
  /// Sums of w, as `first`, and of y over the taps inside, as `border`.
  ScratchArray<int64_t> weightSums;
  ScratchArray<double> borderSums;
  ScratchArray<Number> scaleArray, residualArray, borderArray;
  ScratchArray<Integer> firstArray;
};

} // namespace frac::runtime

#endif // FRAC_RUNTIME_KERNELS_LOWBIT_RESULTTERMS_H

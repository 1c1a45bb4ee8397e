//===- ConvGeometry.h - Convolutions to test kernels with -----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_TESTS_RUNTIME_KERNELS_CONVGEOMETRY_H
#define FRAC_TESTS_RUNTIME_KERNELS_CONVGEOMETRY_H

#include "runtime/frac_runtime.h"

#include <cstdint>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace frac::test {

using Extents = std::vector<int64_t>;

/// A convolution; the output's extents follow from the rest.
struct Geometry {
  std::string name;
  int64_t groups, inChannels, outChannels;
  Extents input, kernel, stride, dilation, padBegin, padEnd;

  frac_conv_shape shape() const {
    frac_conv_shape s = {};
    s.spatial_rank = input.size();
    s.groups = groups;
    s.in_channels = inChannels;
    s.out_channels = outChannels;
    for (std::size_t d = 0; d < input.size(); ++d) {
      s.input[d] = input[d];
      s.kernel[d] = kernel[d];
      s.stride[d] = stride[d];
      s.dilation[d] = dilation[d];
      s.pad_begin[d] = padBegin[d];
      s.pad_end[d] = padEnd[d];
      s.output[d] = (input[d] + padBegin[d] + padEnd[d] -
                     (kernel[d] - 1) * dilation[d] - 1) /
                        stride[d] +
                    1;
    }
    return s;
  }
};

inline void PrintTo(const Geometry &geometry, std::ostream *stream) {
  *stream << geometry.name;
}

/// A plain 2-D convolution with square windows.
inline Geometry square(std::string name, int64_t groups, int64_t inChannels,
                       int64_t outChannels, int64_t extent, int64_t kernel,
                       int64_t stride, int64_t pad, int64_t dilation = 1) {
  return {std::move(name),  groups,
          inChannels,       outChannels,
          {extent, extent}, {kernel, kernel},
          {stride, stride}, {dilation, dilation},
          {pad, pad},       {pad, pad}};
}

} // namespace frac::test

#endif // FRAC_TESTS_RUNTIME_KERNELS_CONVGEOMETRY_H

//===- ContractionShape.cpp - The shape of a product ----------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/cost/ContractionShape.h"

namespace frac {

ContractionShape ContractionShape::convolution(int64_t kernel, int64_t output,
                                               int64_t stride,
                                               int64_t inChannels,
                                               int64_t outChannels,
                                               int64_t batch, bool im2col) {
  ContractionShape shape;
  shape.kernel = {kernel, kernel};
  shape.output = {output, output};
  shape.stride = {stride, stride};
  shape.inChannels = inChannels;
  shape.outChannels = outChannels;
  shape.batch = batch;
  shape.im2col = im2col;
  return shape;
}

ContractionShape ContractionShape::gemm(int64_t rows, int64_t inner,
                                        int64_t columns) {
  ContractionShape shape;
  shape.inChannels = inner;
  shape.outChannels = columns;
  shape.batch = rows;
  return shape;
}

double ContractionShape::macs() const {
  double macs = 1;
  for (int64_t factor : {kernel[0], kernel[1], output[0], output[1], inChannels,
                         outChannels, batch})
    macs *= static_cast<double>(factor);
  return macs / static_cast<double>(groups);
}

bool operator==(const ContractionShape &a, const ContractionShape &b) {
  return a.kernel == b.kernel && a.output == b.output && a.stride == b.stride &&
         a.dilation == b.dilation && a.inChannels == b.inChannels &&
         a.outChannels == b.outChannels && a.batch == b.batch &&
         a.groups == b.groups && a.im2col == b.im2col;
}

bool operator==(const OperandBits &a, const OperandBits &b) {
  return a.left == b.left && a.right == b.right;
}

bool operator==(const CostKey &a, const CostKey &b) {
  return a.shape == b.shape && a.bits == b.bits;
}

size_t CostKeyHash::operator()(const CostKey &key) const {
  // FNV-1a over whole numbers.
  uint64_t hash = 0xcbf29ce484222325u;
  auto add = [&](int64_t value) {
    hash = (hash ^ static_cast<uint64_t>(value)) * 0x100000001b3u;
    hash ^= hash >> 29;
  };
  for (const auto &pair : {key.shape.kernel, key.shape.output, key.shape.stride,
                           key.shape.dilation}) {
    add(pair[0]);
    add(pair[1]);
  }
  for (int64_t value :
       {key.shape.inChannels, key.shape.outChannels, key.shape.batch,
        key.shape.groups, static_cast<int64_t>(key.shape.im2col),
        static_cast<int64_t>(key.bits.left),
        static_cast<int64_t>(key.bits.right)})
    add(value);
  return hash;
}

} // namespace frac

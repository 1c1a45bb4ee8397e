//===- Sources.h - The kinds of data sources --------------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_DATA_SOURCES_H
#define FRAC_RUNTIME_DATA_SOURCES_H

#include "runtime/data/Dataset.h"

namespace frac {

/// MNIST-style files in `folder`: train-images-idx3-ubyte, train-labels-...,
/// t10k-..., each plain or with .gz. Images become (1, height, width).
Dataset loadIdx(const std::string &folder);

/// The binary release of CIFAR-10 or CIFAR-100 (fine labels) in `folder` or in
/// the subfolder that its archive makes. Images are (3, 32, 32).
Dataset loadCifar(const std::string &folder, bool hundred);

/// NumPy archives with the arrays `x` and `y`; a program of several inputs
/// takes each from the array of its name. `testPath` may be empty.
Dataset loadNpz(const std::string &trainPath, const std::string &testPath,
                const DataSpec &wanted);

/// `count` training samples and a fifth of that for testing, of a problem that
/// can be learned: a pattern for each class plus noise.
Dataset makeSynthetic(int64_t count, int64_t classes, const DataSpec &wanted,
                      uint64_t seed);

} // namespace frac

#endif // FRAC_RUNTIME_DATA_SOURCES_H

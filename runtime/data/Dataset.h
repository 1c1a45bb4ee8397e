//===- Dataset.h - Samples in memory ----------------------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_DATA_DATASET_H
#define FRAC_RUNTIME_DATA_DATASET_H

#include <cstdint>
#include <string>
#include <vector>

namespace frac {

enum class ElementType { U8, I32, I64, F32, F64 };

/// Bytes of one element.
int64_t sizeOf(ElementType type);

/// The product of `shape`; the caller has checked that it fits.
int64_t elementCount(const std::vector<int64_t> &shape);

/// "3x32x32", or "scalar" for an empty shape.
std::string shapeText(const std::vector<int64_t> &shape);

/// One input (or the target) of every sample, as the source stores it: dense,
/// row-major, samples outermost.
struct Field {
  ElementType type = ElementType::U8;
  /// Shape of one sample; images are (channels, height, width).
  std::vector<int64_t> shape;
  std::vector<unsigned char> bytes;
};

/// A part of a dataset.
struct Split {
  int64_t count = 0;
  /// One an input of the program, in its order.
  std::vector<Field> inputs;
  /// Class numbers as scalars in I64, or values in F32.
  Field target;
};

struct Dataset {
  Split train;
  /// Empty (count 0) where the source has none.
  Split test;
};

/// What a program wants to be fed with.
struct InputSpec {
  std::string name;
  /// Shape of one sample, without the batch dimension.
  std::vector<int64_t> shape;
  /// F32, I64 or I32.
  ElementType type = ElementType::F32;
};

struct DataSpec {
  std::vector<InputSpec> inputs;
  /// I64 class numbers (empty shape), or F32 values.
  InputSpec target;
  /// Number of classes; 0 if the target is no class number.
  int64_t classes = 0;
};

/// Reads the dataset that `spec` names, as `--data` takes it (see
/// `dataSourceHelp`), and checks it against `wanted`: number of inputs, classes
/// in range. `seed` makes the synthetic data. Throws UsageError for a
/// specification it does not understand, Error for bad files.
Dataset loadDataset(const std::string &spec, const DataSpec &wanted,
                    uint64_t seed);

/// The forms that `loadDataset` takes, one a line, for a help text.
std::string dataSourceHelp();

/// A checksum over the training and test samples and their shapes: two sources
/// with the same content have the same one.
uint32_t fingerprint(const Dataset &dataset);

} // namespace frac

#endif // FRAC_RUNTIME_DATA_DATASET_H

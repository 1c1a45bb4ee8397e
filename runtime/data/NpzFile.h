//===- NpzFile.h - NumPy archives -------------------------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_DATA_NPZFILE_H
#define FRAC_RUNTIME_DATA_NPZFILE_H

#include "runtime/data/Npy.h"
#include "runtime/data/ZipReader.h"

#include <string>
#include <vector>

namespace frac {

/// A dense array in row-major order.
struct NpyArray {
  ElementType type = ElementType::F32;
  std::vector<int64_t> shape;
  std::vector<unsigned char> bytes;
};

/// An archive as numpy.savez and savez_compressed write it.
class NpzReader {
public:
  explicit NpzReader(const std::string &path) : archive(path) {}

  /// The names of the arrays.
  std::vector<std::string> names() const;

  /// Whether there is an array of that name.
  bool contains(const std::string &name) const;

  /// Reads an array. Error if there is none of that name or if it is damaged.
  NpyArray read(const std::string &name) const;

private:
  ZipReader archive;
};

/// An array to be written; `data` stays the caller's.
struct NpzEntry {
  std::string name;
  ElementType type = ElementType::F32;
  std::vector<int64_t> shape;
  const void *data = nullptr;
};

/// Writes an archive of stored (uncompressed) arrays that numpy.load reads,
/// atomically. Errors have the path as subject.
void writeNpz(const std::string &path, const std::vector<NpzEntry> &entries);

} // namespace frac

#endif // FRAC_RUNTIME_DATA_NPZFILE_H

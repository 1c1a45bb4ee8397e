//===- Idx.cpp - MNIST-style idx files ------------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The format is described at http://yann.lecun.com/exdb/mnist/: big-endian
/// 32-bit numbers, first 0x00000800 + rank for unsigned bytes, then the
/// dimensions, then the bytes.
//
//===----------------------------------------------------------------------===//

#include "runtime/data/Gzip.h"
#include "runtime/data/Sources.h"
#include "runtime/support/Bytes.h"
#include "runtime/support/Error.h"
#include "runtime/support/Files.h"

#include <algorithm>

namespace frac {

namespace {
struct IdxArray {
  std::vector<int64_t> shape;
  std::vector<unsigned char> bytes;
};
} // namespace

static uint32_t bigEndian(const unsigned char *bytes) {
  return uint32_t{bytes[0]} << 24 | uint32_t{bytes[1]} << 16 |
         uint32_t{bytes[2]} << 8 | uint32_t{bytes[3]};
}

/// Reads an array of `minRank` to `maxRank` dimensions.
static IdxArray readIdx(const std::string &path, int minRank, int maxRank) {
  // 16 TiB: no array is larger, and products stay far from overflow.
  constexpr uint64_t limit = uint64_t{1} << 44;
  MaybeGzipFile file(path);
  std::vector<unsigned char> magic = file.read(4);
  int rank = magic[3];
  if (magic[0] != 0 || magic[1] != 0 || magic[2] != 8)
    fail(path, "is not an idx file of unsigned bytes (its first four bytes "
               "must be 0 0 8 and the rank)");
  if (rank < minRank || rank > maxRank)
    fail(path, "holds an array of rank " + std::to_string(rank) +
                   "; expected " + std::to_string(minRank) +
                   (maxRank > minRank ? " to " + std::to_string(maxRank) : ""));
  std::vector<unsigned char> header =
      file.read(4 * static_cast<uint64_t>(rank));
  IdxArray array;
  uint64_t total = 1;
  for (int i = 0; i < rank; ++i) {
    uint32_t dim = bigEndian(&header[size_t(4) * i]);
    if (dim == 0 || !productFits(total, dim, limit))
      fail(path, "has an impossible size " + std::to_string(dim) +
                     " in its header; the file is damaged, get it again");
    total *= dim;
    array.shape.push_back(dim);
  }
  array.bytes = file.read(total);
  file.expectEnd();
  return array;
}

/// The file `stem` in `folder`, under any of the names in use; `alternative`
/// has a dot for the first dash after the stem ("train-images.idx3-ubyte").
static std::string findIdx(const std::string &folder, const std::string &part,
                           const std::string &type) {
  for (const char *separator : {"-", "."})
    for (const char *suffix : {"", ".gz"}) {
      std::string path = folder + "/" + part + separator + type + suffix;
      if (fileExists(path))
        return path;
    }
  fail(folder, "holds no " + part + "-" + type + " or " + part + "-" + type +
                   ".gz; give the folder of an MNIST-style dataset");
}

static Split loadSplit(const std::string &folder, const std::string &name) {
  std::string imagePath = findIdx(folder, name + "-images", "idx3-ubyte");
  std::string labelPath = findIdx(folder, name + "-labels", "idx1-ubyte");
  IdxArray images = readIdx(imagePath, 2, 4);
  IdxArray labels = readIdx(labelPath, 1, 1);
  if (images.shape[0] != labels.shape[0])
    fail(labelPath, "holds " + std::to_string(labels.shape[0]) +
                        " labels for the " + std::to_string(images.shape[0]) +
                        " images of " + imagePath);
  Split split;
  split.count = images.shape[0];
  Field field;
  field.type = ElementType::U8;
  field.shape.assign(images.shape.begin() + 1, images.shape.end());
  if (field.shape.size() == 2)
    field.shape.insert(field.shape.begin(), 1);
  field.bytes = std::move(images.bytes);
  split.inputs.push_back(std::move(field));

  split.target.type = ElementType::I64;
  split.target.bytes.resize(labels.bytes.size() * sizeof(int64_t));
  auto *out = reinterpret_cast<int64_t *>(split.target.bytes.data());
  std::copy(labels.bytes.begin(), labels.bytes.end(), out);
  return split;
}

Dataset loadIdx(const std::string &folder) {
  if (!isDirectory(folder))
    fail(folder, "is not a folder; give the folder of an MNIST-style dataset");
  Dataset dataset;
  dataset.train = loadSplit(folder, "train");
  dataset.test = loadSplit(folder, "t10k");
  return dataset;
}

} // namespace frac

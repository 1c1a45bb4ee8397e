//===- Cifar.cpp - The binary releases of CIFAR ---------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/data/Sources.h"
#include "runtime/support/Error.h"
#include "runtime/support/Files.h"

#include <algorithm>
#include <cstring>

namespace frac {

/// Appends the records of one file: `labelBytes` labels, the last of which is
/// taken (CIFAR-100 puts the coarse one first), then 3x32x32 bytes.
static void appendRecords(const std::string &path, int64_t labelBytes,
                          std::vector<unsigned char> &images,
                          std::vector<int64_t> &labels) {
  constexpr int64_t imageBytes = int64_t(3) * 32 * 32;
  int64_t recordBytes = labelBytes + imageBytes;
  std::vector<unsigned char> bytes = readFile(path);
  auto size = static_cast<int64_t>(bytes.size());
  if (size == 0 || size % recordBytes != 0)
    fail(path, "holds " + std::to_string(size) +
                   " bytes, which is no multiple of a record's " +
                   std::to_string(recordBytes) +
                   "; the file is truncated or of another release, get the "
                   "binary version again");
  int64_t count = size / recordBytes;
  size_t at = images.size();
  images.resize(at + static_cast<size_t>(count * imageBytes));
  for (int64_t i = 0; i < count; ++i) {
    const unsigned char *record = bytes.data() + i * recordBytes;
    labels.push_back(record[labelBytes - 1]);
    std::memcpy(images.data() + at + i * imageBytes, record + labelBytes,
                imageBytes);
  }
}

static Split loadSplit(const std::string &folder,
                       const std::vector<std::string> &names,
                       int64_t labelBytes) {
  Field images;
  images.type = ElementType::U8;
  images.shape = {3, 32, 32};
  std::vector<int64_t> labels;
  uint64_t total = 0;
  for (const std::string &name : names)
    total += InputFile(folder + "/" + name).size();
  images.bytes.reserve(static_cast<size_t>(total));
  for (const std::string &name : names)
    appendRecords(folder + "/" + name, labelBytes, images.bytes, labels);

  Split split;
  split.count = static_cast<int64_t>(labels.size());
  split.inputs.push_back(std::move(images));
  split.target.type = ElementType::I64;
  split.target.bytes.resize(labels.size() * sizeof(int64_t));
  std::memcpy(split.target.bytes.data(), labels.data(),
              split.target.bytes.size());
  return split;
}

Dataset loadCifar(const std::string &folder, bool hundred) {
  std::vector<std::string> train, test;
  if (hundred) {
    train = {"train.bin"};
    test = {"test.bin"};
  } else {
    for (int i = 1; i <= 5; ++i)
      train.push_back("data_batch_" + std::to_string(i) + ".bin");
    test = {"test_batch.bin"};
  }
  std::string inner = hundred ? "cifar-100-binary" : "cifar-10-batches-bin";
  std::string where = folder;
  if (!fileExists(folder + "/" + train[0]) && isDirectory(folder + "/" + inner))
    where = folder + "/" + inner;
  if (!fileExists(where + "/" + train[0]))
    fail(folder, "holds no " + train[0] + " and no " + inner + "/" + train[0] +
                     "; give the folder where the binary release of CIFAR-" +
                     (hundred ? "100" : "10") + " was unpacked");
  int64_t labelBytes = hundred ? 2 : 1;
  Dataset dataset;
  dataset.train = loadSplit(where, train, labelBytes);
  dataset.test = loadSplit(where, test, labelBytes);
  return dataset;
}

} // namespace frac

//===- BatchMaker.h - Batches for a program ---------------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_DATA_BATCHMAKER_H
#define FRAC_RUNTIME_DATA_BATCHMAKER_H

#include "runtime/data/Dataset.h"
#include "runtime/data/SampleTransform.h"
#include "runtime/frac_runtime.h"

#include <memory>
#include <string>
#include <vector>

namespace frac {

struct BatchOptions {
  /// As `--normalize` takes it; holds for the first input.
  std::string normalize = "none";
  /// Pad, crop and mirror training images at random.
  bool augment = false;
  uint64_t seed = 0;
  /// The largest batch that will be asked for.
  int64_t batch = 1;
};

/// Turns samples of a dataset into the dense tensors that a program reads, in
/// the threads of a runtime.
class BatchMaker {
public:
  /// `dataset` and `runtime` must outlive the object. Throws Error, with
  /// `subject` naming the data source, if the samples do not fit.
  BatchMaker(const std::string &subject, const Dataset &dataset,
             const DataSpec &wanted, const BatchOptions &options,
             frac_runtime *runtime);

  /// Makes the batch of the samples `indices[0..count)` of `split`. Training
  /// batches are augmented, if the options say so, for `epoch`. The pointers,
  /// one an input and then the target, stay valid until the next call.
  const std::vector<const void *> &make(const Split &split,
                                        const int64_t *indices, int64_t count,
                                        bool training, uint32_t epoch);

private:
  struct Buffer {
    std::unique_ptr<unsigned char, void (*)(void *)> bytes{nullptr, nullptr};
    int64_t sampleBytes = 0;
  };
  void addBuffer(int64_t sampleBytes);

  BatchOptions options;
  frac_runtime *runtime;
  std::vector<SampleTransform> transforms;
  std::vector<Buffer> buffers;
  std::vector<const void *> pointers;
};

} // namespace frac

#endif // FRAC_RUNTIME_DATA_BATCHMAKER_H

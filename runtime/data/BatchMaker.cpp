//===- BatchMaker.cpp - Batches for a program -----------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/data/BatchMaker.h"

#include "runtime/support/Error.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

namespace frac {

void BatchMaker::addBuffer(int64_t sampleBytes) {
  auto size = static_cast<size_t>(options.batch * sampleBytes);
  size = (size / FRAC_ALIGNMENT + 1) * FRAC_ALIGNMENT;
  Buffer buffer;
  buffer.sampleBytes = sampleBytes;
  auto *bytes =
      static_cast<unsigned char *>(std::aligned_alloc(FRAC_ALIGNMENT, size));
  if (!bytes)
    throw std::bad_alloc();
  buffer.bytes = {bytes, std::free};
  pointers.push_back(bytes);
  buffers.push_back(std::move(buffer));
}

BatchMaker::BatchMaker(const std::string &subject, const Dataset &dataset,
                       const DataSpec &wanted, const BatchOptions &options,
                       frac_runtime *runtime)
    : options(options), runtime(runtime) {
  for (size_t i = 0; i < wanted.inputs.size(); ++i) {
    const Field &source = dataset.train.inputs[i];
    Normalization normalization;
    if (i == 0)
      normalization =
          resolveNormalization(options.normalize, source, dataset.train.count);
    transforms.emplace_back(subject, source, wanted.inputs[i], normalization);
    // The test split may store another type than the training split.
    if (dataset.test.count &&
        dataset.test.inputs[i].type != dataset.train.inputs[i].type)
      fail(subject, "training and test samples have different element types; "
                    "store both alike");
    addBuffer(transforms.back().outputBytes());
  }
  bool anyImage = std::any_of(
      transforms.begin(), transforms.end(),
      [](const SampleTransform &transform) { return transform.isImage(); });
  if (options.augment && !anyImage)
    fail(subject, "--augment=cifar needs images, but the model's inputs are "
                  "none; use --augment=none");
  const Field &target = dataset.train.target;
  addBuffer(elementCount(target.shape) * sizeOf(target.type));
}

namespace {
/// What the body of the parallel loop needs.
struct BatchJob {
  const Field *field;
  const int64_t *indices;
  const SampleTransform *transform;
  unsigned char *output;
  bool augment;
  uint64_t seed;
  uint32_t epoch;
};
} // namespace

static void runBatchJob(int64_t begin, int64_t end, void *const *args) {
  const auto &job = *static_cast<const BatchJob *>(args[0]);
  for (int64_t i = begin; i < end; ++i) {
    int64_t sample = job.indices[i];
    Augmentation augmentation;
    if (job.augment)
      augmentation = augmentationOf(job.seed, job.epoch, sample);
    job.transform->write(*job.field, sample,
                         job.augment ? &augmentation : nullptr,
                         job.output + i * job.transform->outputBytes());
  }
}

const std::vector<const void *> &BatchMaker::make(const Split &split,
                                                  const int64_t *indices,
                                                  int64_t count, bool training,
                                                  uint32_t epoch) {
  for (size_t i = 0; i < transforms.size(); ++i) {
    BatchJob job;
    job.field = &split.inputs[i];
    job.indices = indices;
    job.transform = &transforms[i];
    job.output = buffers[i].bytes.get();
    job.augment = training && options.augment && transforms[i].isImage();
    job.seed = options.seed;
    job.epoch = epoch;
    void *args[] = {&job};
    // About 16 KiB of output is worth a thread.
    int64_t grain = std::max<int64_t>(1, 4096 / transforms[i].elements());
    frac_parallel_for(runtime, count, grain, runBatchJob, args);
  }
  Buffer &target = buffers.back();
  for (int64_t i = 0; i < count; ++i)
    std::memcpy(target.bytes.get() + i * target.sampleBytes,
                split.target.bytes.data() + indices[i] * target.sampleBytes,
                static_cast<size_t>(target.sampleBytes));
  return pointers;
}

} // namespace frac

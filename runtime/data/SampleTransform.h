//===- SampleTransform.h - From stored samples to inputs --------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_DATA_SAMPLETRANSFORM_H
#define FRAC_RUNTIME_DATA_SAMPLETRANSFORM_H

#include "runtime/data/Dataset.h"
#include "runtime/data/Normalization.h"

namespace frac {

/// A random change of an image: the window into the image padded by
/// `augmentPadding` on every side, and whether it is mirrored afterwards.
struct Augmentation {
  int top = 0;
  int left = 0;
  bool mirrored = false;
};

/// Pixels that `--augment=cifar` pads on each side before it crops.
constexpr int augmentPadding = 4;

/// The augmentation of one sample in one epoch.
Augmentation augmentationOf(uint64_t seed, uint32_t epoch, int64_t sample);

/// Writes samples of one field in the shape and type of one input of the
/// program. An image smaller than the input is padded to its centre with pixels
/// of value 0; a grey one is repeated for every channel. Bytes are scaled to
/// [0, 1], then values are normalized (padding included).
class SampleTransform {
public:
  /// Throws Error, with `subject` (the data source), if a sample cannot be
  /// brought into the input's shape.
  SampleTransform(const std::string &subject, const Field &source,
                  const InputSpec &wanted, const Normalization &normalization);

  /// Bytes of one sample of the program's input.
  int64_t outputBytes() const { return outputCount * sizeOf(outputType); }
  int64_t elements() const { return outputCount; }

  /// Whether augmentation means anything here: the input is an image.
  bool isImage() const { return image; }

  /// Writes sample `index` of `source`, a field like the one given to the
  /// constructor. `augmentation` may be null.
  void write(const Field &source, int64_t index,
             const Augmentation *augmentation, void *output) const;

private:
  template <typename T, typename Convert>
  void writePlane(const T *plane, const Augmentation *augmentation,
                  float padding, Convert convert, float *output) const;

  ElementType sourceType;
  ElementType outputType;
  int64_t outputCount = 0;
  bool image = false;
  /// Channels, height and width; anything but an image is one row a channel.
  int64_t sourceChannels = 1, sourceHeight = 1, sourceWidth = 1;
  int64_t channels = 1, height = 1, width = 1;
  /// The value of each byte, 256 entries a source channel.
  std::vector<float> byteValues;
  std::vector<float> mean, deviation;
};

} // namespace frac

#endif // FRAC_RUNTIME_DATA_SAMPLETRANSFORM_H

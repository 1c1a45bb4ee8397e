//===- SampleTransform.cpp - From a stored sample to an input -------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/data/SampleTransform.h"

#include "runtime/support/Error.h"
#include "runtime/support/Random.h"

#include <algorithm>
#include <cstring>

namespace frac {

Augmentation augmentationOf(uint64_t seed, uint32_t epoch, int64_t sample) {
  auto words = randomWords(seed, RandomStream::Augment, epoch,
                           static_cast<uint64_t>(sample));
  constexpr uint32_t places = 2 * augmentPadding + 1;
  Augmentation augmentation;
  augmentation.top = static_cast<int>(boundedRandom(words[0], places));
  augmentation.left = static_cast<int>(boundedRandom(words[1], places));
  augmentation.mirrored = words[2] & 1;
  return augmentation;
}

SampleTransform::SampleTransform(const std::string &subject,
                                 const Field &source, const InputSpec &wanted,
                                 const Normalization &normalization)
    : sourceType(source.type), outputType(wanted.type),
      outputCount(elementCount(wanted.shape)) {
  int64_t sourceCount = elementCount(source.shape);
  bool bothImages = source.shape.size() == 3 && wanted.shape.size() == 3;
  image = bothImages && wanted.type == ElementType::F32;
  if (image) {
    sourceChannels = source.shape[0];
    sourceHeight = source.shape[1];
    sourceWidth = source.shape[2];
    channels = wanted.shape[0];
    height = wanted.shape[1];
    width = wanted.shape[2];
    if ((sourceChannels != channels && sourceChannels != 1) ||
        sourceHeight > height || sourceWidth > width)
      fail(subject, "images of " + shapeText(source.shape) +
                        " do not fit the model's input '" +
                        printable(wanted.name) + "' of " +
                        shapeText(wanted.shape) +
                        " (channels x height x width); smaller and grey images "
                        "are padded and repeated, larger ones must be resized "
                        "beforehand");
  } else {
    if (sourceCount != outputCount)
      fail(subject, "samples of shape " + shapeText(source.shape) +
                        " do not fit the model's input '" +
                        printable(wanted.name) + "' of shape " +
                        shapeText(wanted.shape));
    // Channels matter for normalization all the same.
    sourceChannels = source.shape.size() == 3 ? source.shape[0] : 1;
    channels = sourceChannels;
    sourceWidth = width = sourceCount / sourceChannels;
  }

  mean.assign(static_cast<size_t>(sourceChannels), 0.0f);
  deviation.assign(static_cast<size_t>(sourceChannels), 1.0f);
  if (!normalization.mean.empty()) {
    mean = normalization.mean;
    deviation = normalization.deviation;
  }
  if (sourceType == ElementType::U8)
    for (int64_t c = 0; c < sourceChannels; ++c)
      for (int v = 0; v < 256; ++v)
        byteValues.push_back((static_cast<float>(v) / 255.0f - mean[c]) /
                             deviation[c]);
}

template <typename T, typename Convert>
void SampleTransform::writePlane(const T *plane,
                                 const Augmentation *augmentation,
                                 float padding, Convert convert,
                                 float *output) const {
  // Where the source begins in the output, before mirroring.
  int64_t top = (height - sourceHeight) / 2;
  int64_t left = (width - sourceWidth) / 2;
  bool mirrored = false;
  if (augmentation) {
    top += augmentPadding - augmentation->top;
    left += augmentPadding - augmentation->left;
    mirrored = augmentation->mirrored;
  }
  int64_t begin = std::clamp<int64_t>(left, 0, width);
  int64_t end = std::clamp<int64_t>(left + sourceWidth, 0, width);
  for (int64_t y = 0; y < height; ++y) {
    float *row = output + y * width;
    int64_t sourceY = y - top;
    if (sourceY < 0 || sourceY >= sourceHeight) {
      std::fill(row, row + width, padding);
      continue;
    }
    const T *sourceRow = plane + sourceY * sourceWidth;
    std::fill(row, row + begin, padding);
    for (int64_t x = begin; x < end; ++x)
      row[x] = convert(sourceRow[x - left]);
    std::fill(row + end, row + width, padding);
    if (mirrored)
      std::reverse(row, row + width);
  }
}

/// Copies integers, or values, as they are.
template <typename From, typename To>
static void copyElements(const unsigned char *from, int64_t count, void *to) {
  auto *out = static_cast<To *>(to);
  const auto *in = reinterpret_cast<const From *>(from);
  for (int64_t i = 0; i < count; ++i)
    out[i] = static_cast<To>(in[i]);
}

void SampleTransform::write(const Field &source, int64_t index,
                            const Augmentation *augmentation,
                            void *output) const {
  int64_t sourcePlane = sourceHeight * sourceWidth;
  int64_t sampleBytes = sourceChannels * sourcePlane * sizeOf(sourceType);
  const unsigned char *sample = source.bytes.data() + index * sampleBytes;
  if (outputType == ElementType::I64)
    return copyElements<int64_t, int64_t>(sample, outputCount, output);
  if (outputType == ElementType::I32)
    return copyElements<int64_t, int32_t>(sample, outputCount, output);
  if (sourceType == ElementType::I64)
    return copyElements<int64_t, float>(sample, outputCount, output);

  auto *out = static_cast<float *>(output);
  for (int64_t c = 0; c < channels; ++c) {
    int64_t from = sourceChannels == 1 ? 0 : c;
    float *plane = out + c * height * width;
    if (sourceType == ElementType::U8) {
      const float *values = byteValues.data() + from * 256;
      writePlane(
          sample + from * sourcePlane, augmentation, values[0],
          [values](unsigned char byte) { return values[byte]; }, plane);
    } else {
      float centre = mean[from], spread = deviation[from];
      writePlane(
          reinterpret_cast<const float *>(sample) + from * sourcePlane,
          augmentation, (0.0f - centre) / spread,
          [=](float value) { return (value - centre) / spread; }, plane);
    }
  }
}

} // namespace frac

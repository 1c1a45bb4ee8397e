//===- Synthetic.cpp - A generated problem --------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/data/Sources.h"
#include "runtime/support/Bytes.h"
#include "runtime/support/Error.h"
#include "runtime/support/Random.h"

#include <algorithm>
#include <cstring>

namespace frac {

namespace {
/// Which cell of the class's coarse pattern an element belongs to. Images have
/// 4x4 cells a channel, so that convolutions and pools can see them; anything
/// else has 16 cells along its elements.
struct CellMap {
  explicit CellMap(const std::vector<int64_t> &shape)
      : total(elementCount(shape)) {
    image = shape.size() == 3;
    if (image) {
      height = shape[1];
      width = shape[2];
    }
  }

  uint64_t cellOf(int64_t element) const {
    if (!image)
      return static_cast<uint64_t>(element * std::min<int64_t>(total, 16) /
                                   total);
    int64_t x = element % width;
    int64_t y = element / width % height;
    int64_t channel = element / (width * height);
    return static_cast<uint64_t>((channel * 4 + y * 4 / height) * 4 +
                                 x * 4 / width);
  }

  int64_t total, height = 1, width = 1;
  bool image = false;
};

/// Makes samples of one seed.
class Generator {
public:
  Generator(const DataSpec &wanted, int64_t classes, uint64_t seed)
      : wanted(wanted), classes(classes), seed(seed) {}

  /// Samples [first, first + count); the numbers keep the splits apart.
  Split make(int64_t first, int64_t count) const {
    Split split;
    split.count = count;
    for (size_t input = 0; input < wanted.inputs.size(); ++input)
      split.inputs.push_back(
          makeInput(static_cast<uint32_t>(input), first, count));
    split.target = makeTarget(first, count);
    return split;
  }

private:
  int64_t classOf(int64_t sample) const { return sample % classes; }

  Field makeInput(uint32_t input, int64_t first, int64_t count) const {
    const InputSpec &spec = wanted.inputs[input];
    CellMap map(spec.shape);
    // The pattern of every class, element for element.
    std::vector<unsigned char> patterns(
        static_cast<size_t>(classes * map.total));
    for (int64_t c = 0; c < classes; ++c)
      for (int64_t i = 0; i < map.total; ++i)
        patterns[c * map.total + i] = static_cast<unsigned char>(randomWords(
            seed, RandomStream::SyntheticPattern,
            input * 65536u + static_cast<uint32_t>(c), map.cellOf(i))[0]);

    bool integers = spec.type != ElementType::F32;
    Field field;
    field.shape = spec.shape;
    field.type = integers ? ElementType::I64 : ElementType::U8;
    field.bytes.resize(
        static_cast<size_t>(count * map.total * sizeOf(field.type)));
    for (int64_t s = 0; s < count; ++s) {
      const unsigned char *pattern =
          patterns.data() + classOf(first + s) * map.total;
      for (int64_t i = 0; i < map.total; i += 16) {
        auto words =
            randomWords(seed, RandomStream::SyntheticNoise, input,
                        static_cast<uint64_t>(
                            (first + s) * ((map.total + 15) / 16) + i / 16));
        unsigned char noise[16];
        std::memcpy(noise, words.data(), 16);
        for (int64_t k = i; k < std::min(i + 16, map.total); ++k)
          store(field, s * map.total + k, pattern[k], noise[k - i]);
      }
    }
    return field;
  }

  /// Integers (tokens) are 0 or 1, which any vocabulary has.
  static void store(Field &field, int64_t at, unsigned char pattern,
                    unsigned char noise) {
    if (field.type == ElementType::U8) {
      field.bytes[at] = static_cast<unsigned char>((pattern + noise) / 2);
      return;
    }
    bool bit = (pattern & 1) != (noise < 51);
    reinterpret_cast<int64_t *>(field.bytes.data())[at] = bit;
  }

  /// Class numbers, or a pattern of zeros and ones for each class.
  Field makeTarget(int64_t first, int64_t count) const {
    Field field;
    field.type = wanted.target.type;
    field.shape = wanted.target.shape;
    int64_t size = elementCount(field.shape);
    field.bytes.resize(static_cast<size_t>(count * size * sizeOf(field.type)));
    for (int64_t s = 0; s < count; ++s)
      for (int64_t i = 0; i < size; ++i) {
        int64_t label = classOf(first + s);
        if (field.type == ElementType::I64) {
          reinterpret_cast<int64_t *>(field.bytes.data())[s * size + i] = label;
          continue;
        }
        uint32_t bit = randomWords(seed, RandomStream::SyntheticPattern,
                                   ~static_cast<uint32_t>(label),
                                   static_cast<uint64_t>(i))[0] &
                       1;
        reinterpret_cast<float *>(field.bytes.data())[s * size + i] =
            static_cast<float>(bit);
      }
    return field;
  }

  const DataSpec &wanted;
  int64_t classes;
  uint64_t seed;
};
} // namespace

Dataset makeSynthetic(int64_t count, int64_t classes, const DataSpec &wanted,
                      uint64_t seed) {
  constexpr uint64_t limit = uint64_t{1} << 38;
  std::string subject = "synthetic:" + std::to_string(count);
  if (wanted.classes > 0 && classes > wanted.classes)
    fail(subject, std::to_string(classes) + " classes are more than the " +
                      std::to_string(wanted.classes) + " of the model");
  if (classes > 65536)
    fail(subject, std::to_string(classes) + " classes are too many; at most "
                                            "65536 can be generated");
  for (const InputSpec &input : wanted.inputs) {
    auto bytes = static_cast<uint64_t>(elementCount(input.shape)) * 8;
    if (!productFits(bytes, static_cast<uint64_t>(count), limit) ||
        !productFits(bytes, static_cast<uint64_t>(classes), limit))
      fail(subject, "is too much for this model's inputs; generate fewer "
                    "samples");
  }
  Generator generator(wanted, classes, seed);
  Dataset dataset;
  dataset.train = generator.make(0, count);
  dataset.test = generator.make(count, std::max<int64_t>(1, count / 5));
  return dataset;
}

} // namespace frac

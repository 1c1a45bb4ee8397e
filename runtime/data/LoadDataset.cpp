//===- LoadDataset.cpp - From a --data specification to samples -----------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/data/Sources.h"
#include "runtime/support/Error.h"

#include <cstdlib>

namespace frac {

std::string dataSourceHelp() {
  return "idx:DIR            MNIST-style files (train-images-idx3-ubyte, ...), "
         "plain or .gz\n"
         "cifar10:DIR        the binary release of CIFAR-10\n"
         "cifar100:DIR       the binary release of CIFAR-100 (fine labels)\n"
         "npz:TRAIN[,TEST]   NumPy archives with the arrays x and y\n"
         "synthetic:N[:CLASSES]  N generated samples of a learnable problem";
}

[[noreturn]] static void badSpec(const std::string &spec,
                                 const std::string &why) {
  throw UsageError("--data=" + printable(spec) + ": error: " + why +
                   "; accepted are idx:DIR, cifar10:DIR, cifar100:DIR, "
                   "npz:TRAIN.npz[,TEST.npz] and synthetic:N[:CLASSES]");
}

/// A positive number that is all of `text`.
static int64_t parseCount(const std::string &spec, const std::string &text) {
  constexpr int64_t limit = int64_t{1} << 40;
  if (text.empty() || text.find_first_not_of("0123456789") != std::string::npos)
    badSpec(spec, "'" + printable(text) + "' is not a number");
  if (text.size() > 13 || std::atoll(text.c_str()) < 1 ||
      std::atoll(text.c_str()) > limit)
    badSpec(spec, "'" + text + "' is out of range");
  return std::atoll(text.c_str());
}

/// Every label must name a class of the program. The target's type has been
/// made I64 by then.
static void checkLabels(const std::string &spec, const char *name,
                        const Split &split, int64_t classes) {
  const auto *labels =
      reinterpret_cast<const int64_t *>(split.target.bytes.data());
  int64_t each = elementCount(split.target.shape);
  for (int64_t i = 0; i < split.count * each; ++i)
    if (labels[i] < 0 || labels[i] >= classes)
      fail(spec, "label " + std::to_string(labels[i]) + " of " + name +
                     " sample " + std::to_string(i / each) +
                     " is outside the model's classes 0 to " +
                     std::to_string(classes - 1) +
                     "; train a model with enough outputs");
}

static void checkDataset(const std::string &spec, const Dataset &dataset,
                         const DataSpec &wanted) {
  if (dataset.train.count == 0)
    fail(spec, "the training split holds no samples");
  for (const Split *split : {&dataset.train, &dataset.test}) {
    if (split->count == 0)
      continue;
    const char *name = split == &dataset.train ? "training" : "test";
    if (split->inputs.size() != wanted.inputs.size())
      fail(spec, "holds " + std::to_string(split->inputs.size()) +
                     " input(s) a sample, but the model has " +
                     std::to_string(wanted.inputs.size()) +
                     "; use npz with one array an input, named like it");
    bool wantsClasses = wanted.target.type == ElementType::I64;
    if (wantsClasses != (split->target.type == ElementType::I64))
      fail(spec, wantsClasses
                     ? "the model's loss wants class numbers, but the targets "
                       "are floating-point values; store y as integers"
                     : "the model's loss wants values of shape " +
                           shapeText(wanted.target.shape) +
                           ", but the targets are class numbers; store y as "
                           "floating-point values, or compile with a "
                           "classification loss");
    if (elementCount(split->target.shape) != elementCount(wanted.target.shape))
      fail(spec, "a target has shape " + shapeText(split->target.shape) +
                     ", but the model's loss wants " +
                     shapeText(wanted.target.shape));
    if (wantsClasses && wanted.classes > 0)
      checkLabels(spec, name, *split, wanted.classes);
  }
  if (dataset.test.count)
    for (size_t i = 0; i < wanted.inputs.size(); ++i)
      if (dataset.train.inputs[i].shape != dataset.test.inputs[i].shape)
        fail(spec, "training samples have shape " +
                       shapeText(dataset.train.inputs[i].shape) +
                       ", test samples " +
                       shapeText(dataset.test.inputs[i].shape) +
                       "; both must have the same");
}

Dataset loadDataset(const std::string &spec, const DataSpec &wanted,
                    uint64_t seed) {
  size_t colon = spec.find(':');
  if (colon == std::string::npos)
    badSpec(spec, "it has no colon");
  std::string kind = spec.substr(0, colon);
  std::string rest = spec.substr(colon + 1);
  if (rest.empty())
    badSpec(spec, "nothing follows the colon");

  Dataset dataset;
  if (kind == "idx") {
    dataset = loadIdx(rest);
  } else if (kind == "cifar10" || kind == "cifar100") {
    dataset = loadCifar(rest, kind == "cifar100");
  } else if (kind == "npz") {
    size_t comma = rest.find(',');
    bool hasTest = comma != std::string::npos;
    if (comma == 0 || (hasTest && comma + 1 == rest.size()))
      badSpec(spec, "a file name beside the comma is missing");
    dataset = loadNpz(rest.substr(0, comma),
                      hasTest ? rest.substr(comma + 1) : std::string(), wanted);
  } else if (kind == "synthetic") {
    size_t second = rest.find(':');
    int64_t count = parseCount(spec, rest.substr(0, second));
    int64_t classes = wanted.classes > 0 ? wanted.classes : 10;
    if (second != std::string::npos)
      classes = parseCount(spec, rest.substr(second + 1));
    dataset = makeSynthetic(count, classes, wanted, seed);
  } else {
    badSpec(spec, "unknown kind '" + printable(kind) + "'");
  }
  checkDataset(rest, dataset, wanted);
  return dataset;
}

} // namespace frac

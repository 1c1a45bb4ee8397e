//===- Extent.cpp - Extents that are linear in the batch -----------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/Extent.h"

#include "llvm/ADT/Twine.h"
#include "llvm/Support/CheckedArithmetic.h"

using namespace frac::frontend;

/// The extent of two parts that may have overflowed.
static std::optional<Extent> combine(std::optional<int64_t> scale,
                                     std::optional<int64_t> offset) {
  if (!scale || !offset)
    return std::nullopt;
  return Extent(*scale, *offset);
}

std::optional<Extent> frac::frontend::add(Extent a, Extent b) {
  return combine(llvm::checkedAdd(a.scale, b.scale),
                 llvm::checkedAdd(a.offset, b.offset));
}

std::optional<Extent> frac::frontend::subtract(Extent a, Extent b) {
  return combine(llvm::checkedSub(a.scale, b.scale),
                 llvm::checkedSub(a.offset, b.offset));
}

std::optional<Extent> frac::frontend::multiply(Extent a, Extent b) {
  if (!a.isStatic() && !b.isStatic())
    return std::nullopt;
  if (b.isStatic())
    std::swap(a, b);
  return combine(llvm::checkedMul(a.offset, b.scale),
                 llvm::checkedMul(a.offset, b.offset));
}

std::optional<Extent> frac::frontend::divideExactly(Extent a, Extent b) {
  if (b.isStatic()) {
    // INT64_MIN / -1 overflows.
    if (b.offset == 0 || b.offset == -1 || a.scale % b.offset != 0 ||
        a.offset % b.offset != 0)
      return b.offset == -1 ? multiply(a, -1) : std::nullopt;
    return Extent(a.scale / b.offset, a.offset / b.offset);
  }
  // (q k n + q c) / (k n + c) = q
  if (a.isStatic())
    return a.offset == 0 ? std::optional<Extent>(Extent(0)) : std::nullopt;
  if (b.scale == -1 || a.scale % b.scale != 0)
    return std::nullopt;
  int64_t quotient = a.scale / b.scale;
  std::optional<Extent> product = multiply(b, quotient);
  if (!product || *product != a)
    return std::nullopt;
  return Extent(quotient);
}

std::optional<Extent>
frac::frontend::getNumElements(llvm::ArrayRef<Extent> shape) {
  std::optional<Extent> elements = Extent(1);
  for (Extent extent : shape) {
    elements = multiply(*elements, extent);
    if (!elements)
      return std::nullopt;
  }
  return elements;
}

std::string Extent::str() const {
  if (isStatic())
    return std::to_string(offset);
  std::string text = scale == 1 ? "n" : std::to_string(scale) + "n";
  if (offset != 0)
    text += (offset < 0 ? " - " : " + ") +
            std::to_string(offset < 0 ? -offset : offset);
  return text;
}

std::string frac::frontend::toString(llvm::ArrayRef<Extent> shape) {
  std::string text = "[";
  for (size_t i = 0; i != shape.size(); ++i)
    text += (i ? ", " : "") + shape[i].str();
  return text + "]";
}

//===- Scale.cpp - From numbers to places on a chart ----------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/report/Scale.h"

#include "compiler/report/Markup.h"

#include <algorithm>
#include <cmath>

using namespace frac;
using namespace frac::report;

static constexpr double largestDrawable = 1e100;

bool report::isDrawable(Number number) {
  return number && std::fabs(*number) <= largestDrawable;
}

Prefix report::choosePrefix(double largest) {
  static constexpr Prefix prefixes[] = {
      {1e18, "E"},        {1e15, "P"}, {1e12, "T"}, {1e9, "G"},
      {1e6, "M"},         {1e3, "k"},  {1, ""},     {1e-3, "m"},
      {1e-6, "\xC2\xB5"}, {1e-9, "n"}, {1e-12, "p"}};
  if (!(largest >= 1e-12 && largest < 1e21))
    return {};
  for (const Prefix &prefix : prefixes)
    if (largest >= prefix.factor)
      return prefix;
  return {};
}

void Extent::include(Number number) {
  if (!isDrawable(number))
    return;
  bool isFirst = isEmpty();
  lowest = isFirst ? *number : std::min(lowest, *number);
  highest = isFirst ? *number : std::max(highest, *number);
}

/// Makes room where the ends are so near each other that nothing lies between.
static Extent widen(Extent extent) {
  if (extent.isEmpty())
    return {0, 1};
  double size = std::max(std::fabs(extent.lowest), std::fabs(extent.highest));
  if (size == 0)
    return {0, 1};
  if (extent.highest - extent.lowest > 1e-9 * size)
    return extent;
  return {extent.lowest - size / 2, extent.highest + size / 2};
}

/// 1, 2 or 5 times a power of ten, so that `length` has about `count` steps.
static double chooseStep(double length, int count) {
  double rough = length / count;
  double power = std::pow(10, std::floor(std::log10(rough)));
  for (double multiple : {1.0, 2.0, 5.0})
    if (multiple * power >= rough * 0.999)
      return multiple * power;
  return 10 * power;
}

Scale Scale::makeRound(Extent extent, double begin, double end, int count) {
  extent = widen(extent);
  double step = chooseStep(extent.highest - extent.lowest, count);
  double first = std::floor(extent.lowest / step + 1e-6);
  double last = std::ceil(extent.highest / step - 1e-6);
  Scale scale(first * step, last * step, begin, end);
  scale.step = step;
  for (double i = first; i <= last; ++i)
    scale.ticks.push_back(i * step);
  return scale;
}

Scale Scale::makeExact(Extent extent, double begin, double end, int count,
                       bool areWhole) {
  extent = widen(extent);
  Scale scale(extent.lowest, extent.highest, begin, end);
  scale.step = chooseStep(extent.highest - extent.lowest, count);
  if (areWhole)
    scale.step = std::max(scale.step, 1.0);
  double first = std::ceil(extent.lowest / scale.step);
  double last = std::floor(extent.highest / scale.step);
  for (double i = first; i <= last; ++i)
    scale.ticks.push_back(i * scale.step);
  return scale;
}

Scale Scale::makeLogarithmic(Extent extent, double begin, double end) {
  constexpr double fewDecades = 2.5, manyDecades = 8;
  double first = std::log10(extent.lowest), last = std::log10(extent.highest);
  // As for other axes, there is something between the ends.
  if (last - first < 1e-6) {
    first -= 0.5;
    last += 0.5;
  }
  Scale scale(first, last, begin, end);
  scale.isLogarithmic = true;
  double every = std::ceil((last - first) / manyDecades);
  for (double power = std::floor(first); power <= last; power += every)
    for (double multiple : {1.0, 2.0, 5.0}) {
      double place = power + std::log10(multiple);
      bool isShown = multiple == 1 || last - first < fewDecades;
      if (isShown && place >= first && place <= last)
        scale.ticks.push_back(multiple * std::pow(10, power));
    }
  return scale;
}

double Scale::operator()(double number) const {
  if (isLogarithmic)
    number = std::log10(number);
  return begin + (number - lowest) / (highest - lowest) * (end - begin);
}

std::string Scale::getLabel(double tick, double factor) const {
  double value = tick / factor;
  if (isLogarithmic)
    return shortText(value, 3);
  double scaledStep = step / factor;
  if (std::fabs(value) < scaledStep / 2)
    return "0";
  if (std::fabs(value) >= 1e6 || scaledStep < 1e-5)
    return shortText(value, 3);
  int decimals =
      std::max(0, -static_cast<int>(std::floor(std::log10(scaledStep) + 1e-6)));
  return fixedText(value, decimals);
}

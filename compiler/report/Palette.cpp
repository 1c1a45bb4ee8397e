//===- Palette.cpp - Colours of charts ------------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/report/Palette.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

using namespace frac;

namespace {
struct Rgb {
  double red, green, blue;
};
} // namespace

static constexpr Rgb anchors[] = {{65, 68, 135},
                                  {42, 120, 142},
                                  {34, 168, 132},
                                  {122, 209, 81},
                                  {253, 231, 37}};
static constexpr int lastAnchor = 4;

std::string report::getSeriesColor(int index) {
  return "var(--s" + std::to_string(index % seriesColors) + ")";
}

std::string report::getRampColor(double position) {
  double place = std::clamp(position, 0.0, 1.0) * lastAnchor;
  int index = std::min(static_cast<int>(place), lastAnchor - 1);
  double part = place - index;
  const Rgb &from = anchors[index], &to = anchors[index + 1];
  auto mix = [&](double a, double b) {
    return static_cast<unsigned>(std::lround(a + part * (b - a)));
  };
  char text[8];
  std::snprintf(text, sizeof(text), "#%02x%02x%02x",
                mix(from.red, to.red) & 255, mix(from.green, to.green) & 255,
                mix(from.blue, to.blue) & 255);
  return text;
}

std::string report::getWidthColor(double bits, double lowest, double highest) {
  if (bits == 0)
    return "url(#skipped)";
  if (highest <= lowest)
    return getRampColor(0.5);
  return getRampColor((bits - lowest) / (highest - lowest));
}

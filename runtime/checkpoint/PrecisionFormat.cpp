//===- PrecisionFormat.cpp - Precision in a checkpoint --------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/checkpoint/PrecisionFormat.h"

namespace frac {

static void writeWidths(ByteWriter &out, const RoleWidths &widths) {
  out.write<int32_t>(widths.activation);
  out.write<int32_t>(widths.weight);
  out.write<int32_t>(widths.error);
}

/// A width that an operand can have, or 0 for none.
static bool readWidth(ByteReader &in, int &bits) {
  bits = in.read<int32_t>();
  return bits == 0 || (bits >= minWidth && bits <= maxWidth);
}

static bool readWidths(ByteReader &in, RoleWidths &widths) {
  return readWidth(in, widths.activation) && readWidth(in, widths.weight) &&
         readWidth(in, widths.error);
}

void writePrecisionRecord(ByteWriter &out, const PrecisionRecord &record) {
  out.write(record.steps);
  out.write<uint64_t>(record.counts.size());
  for (const WidthCounts &counts : record.counts) {
    out.write<uint64_t>(counts.size());
    for (const auto &entry : counts) {
      out.write(entry.first);
      out.write(entry.second);
    }
  }
  out.write<uint64_t>(record.choices.size());
  for (const std::vector<double> &block : record.choices) {
    out.write<uint64_t>(block.size());
    for (double count : block)
      out.write(count);
  }
  writeWidths(out, record.lowest);
  writeWidths(out, record.highest);
  out.write(record.bitmacs.forward);
  out.write(record.bitmacs.error);
  out.write(record.bitmacs.weightGradient);
  out.write(record.leftOut.forward);
  out.write(record.leftOut.error);
  out.write(record.leftOut.weightGradient);
  out.write(record.energy.joules.forward);
  out.write(record.energy.joules.error);
  out.write(record.energy.joules.weightGradient);
  out.write(record.energy.seconds);
  out.write(record.stage);
  out.write(record.target);
  out.write<uint64_t>(record.observedLosses.size());
  for (double loss : record.observedLosses)
    out.write(loss);
}

bool readPrecisionRecord(ByteReader &in, PrecisionRecord &record) {
  record.steps = in.read<int64_t>();
  if (record.steps < 0)
    return false;
  auto symbols = in.read<uint64_t>();
  for (uint64_t i = 0; i < symbols && in.ok(); ++i) {
    WidthCounts counts;
    auto entries = in.read<uint64_t>();
    for (uint64_t k = 0; k < entries && in.ok(); ++k) {
      int bits;
      if (!readWidth(in, bits))
        return false;
      counts[bits] = in.read<int64_t>();
    }
    record.counts.push_back(std::move(counts));
  }
  auto blocks = in.read<uint64_t>();
  for (uint64_t i = 0; i < blocks && in.ok(); ++i) {
    record.choices.emplace_back();
    auto candidates = in.read<uint64_t>();
    for (uint64_t k = 0; k < candidates && in.ok(); ++k)
      record.choices.back().push_back(in.read<double>());
  }
  if (!readWidths(in, record.lowest) || !readWidths(in, record.highest))
    return false;
  record.bitmacs.forward = in.read<double>();
  record.bitmacs.error = in.read<double>();
  record.bitmacs.weightGradient = in.read<double>();
  record.leftOut.forward = in.read<double>();
  record.leftOut.error = in.read<double>();
  record.leftOut.weightGradient = in.read<double>();
  record.energy.joules.forward = in.read<double>();
  record.energy.joules.error = in.read<double>();
  record.energy.joules.weightGradient = in.read<double>();
  record.energy.seconds = in.read<double>();
  record.stage = in.read<int64_t>();
  record.target = in.read<double>();
  auto losses = in.read<uint64_t>();
  for (uint64_t i = 0; i < losses && in.ok(); ++i)
    record.observedLosses.push_back(in.read<double>());
  return in.ok();
}

void writePrecisionProgress(ByteWriter &out,
                            const PrecisionProgress &progress) {
  out.string(progress.policy);
  out.write<uint64_t>(progress.controller.size());
  out.append(progress.controller.data(), progress.controller.size());
  writeWidths(out, progress.inForce);
  writeWidths(out, progress.evaluation);
  out.write(progress.intervalLossSum);
  out.write(progress.intervalSamples);
  writePrecisionRecord(out, progress.epoch);
}

bool readPrecisionProgress(ByteReader &in, PrecisionProgress &progress) {
  progress.policy = in.string();
  auto size = in.read<uint64_t>();
  if (const unsigned char *bytes = in.take(size))
    progress.controller.assign(bytes, bytes + size);
  if (!readWidths(in, progress.inForce) || !readWidths(in, progress.evaluation))
    return false;
  progress.intervalLossSum = in.read<double>();
  progress.intervalSamples = in.read<int64_t>();
  return progress.intervalSamples >= 0 &&
         readPrecisionRecord(in, progress.epoch);
}

} // namespace frac

//===- ReadCheckpoint.cpp - Reading checkpoints ---------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/checkpoint/CheckpointFormat.h"
#include "runtime/checkpoint/PrecisionFormat.h"
#include "runtime/support/Bytes.h"
#include "runtime/support/Checksum.h"
#include "runtime/support/Error.h"
#include "runtime/support/Files.h"

#include <algorithm>
#include <cstring>

namespace frac {

[[noreturn]] static void damaged(const std::string &path,
                                 const std::string &why) {
  fail(path, "is no whole checkpoint (" + why +
                 "); use another checkpoint or start again without it");
}

/// False if the record cannot be.
static bool readRecord(ByteReader &in, EpochRecord &record) {
  record.epoch = in.read<int64_t>();
  record.iterations = in.read<int64_t>();
  record.samples = in.read<int64_t>();
  record.trainLoss = in.read<double>();
  record.trainAccuracy = in.read<double>();
  record.testLoss = in.read<double>();
  record.testAccuracy = in.read<double>();
  record.seconds = in.read<double>();
  record.stepMsMedian = in.read<double>();
  record.lr = in.read<double>();
  record.cpuJoules = in.read<double>();
  return readPrecisionRecord(in, record.precision);
}

/// False if the variable cannot be: an unknown role or a place outside the
/// state.
static bool readVariable(ByteReader &in, uint64_t stateBytes,
                         Variable &variable) {
  variable.name = in.string();
  std::string role = in.string();
  variable.of = in.string();
  variable.offset = in.read<uint64_t>();
  auto rank = in.read<uint32_t>();
  uint64_t bytes = sizeof(float);
  for (uint32_t i = 0; i < rank && in.ok(); ++i) {
    auto dim = in.read<int64_t>();
    if (dim < 0 || !productFits(bytes, static_cast<uint64_t>(dim), stateBytes))
      return false;
    bytes *= static_cast<uint64_t>(dim);
    variable.shape.push_back(dim);
  }
  variable.bytes = bytes;
  bool known = false;
  for (auto candidate : {VariableRole::Parameter, VariableRole::Frozen,
                         VariableRole::State, VariableRole::Slot})
    if (role == roleName(candidate)) {
      variable.role = candidate;
      known = true;
    }
  return in.ok() && known && variable.offset <= stateBytes &&
         bytes <= stateBytes - variable.offset &&
         variable.offset % FRAC_ALIGNMENT == 0;
}

static void readHeader(const std::string &path, ByteReader &in,
                       uint64_t stateBytes, Checkpoint &out) {
  out.identity.seed = in.read<uint64_t>();
  out.identity.batch = in.read<int64_t>();
  out.identity.data = in.read<uint32_t>();
  out.identity.augment = in.string();
  out.identity.normalize = in.string();
  out.threads = in.read<int32_t>();

  TrainingProgress &progress = out.progress;
  progress.iteration = in.read<int64_t>();
  progress.epoch = in.read<int64_t>();
  progress.samplesInEpoch = in.read<int64_t>();
  progress.lossSum = in.read<double>();
  progress.correctSum = in.read<double>();
  progress.epochSeconds = in.read<double>();
  progress.epochCpuJoules = in.read<double>();
  progress.wallSeconds = in.read<double>();
  progress.bestTestAccuracy = in.read<double>();
  progress.lastRate = in.read<double>();
  if (!readPrecisionProgress(in, progress.precision))
    damaged(path, "its precision is impossible");
  bool possible = progress.iteration >= 0 && progress.epoch >= 0 &&
                  progress.epoch < (int64_t{1} << 32) &&
                  progress.samplesInEpoch >= 0;
  if (!in.ok() || !possible)
    damaged(path, "its position in training is impossible");

  auto epochs = in.read<uint64_t>();
  for (uint64_t i = 0; i < epochs && in.ok(); ++i) {
    EpochRecord record;
    if (!readRecord(in, record))
      damaged(path, "its epochs are wrong");
    progress.epochs.push_back(std::move(record));
  }
  auto variables = in.read<uint64_t>();
  for (uint64_t i = 0; i < variables && in.ok(); ++i) {
    Variable variable;
    if (!readVariable(in, stateBytes, variable))
      damaged(path, "its table of variables is wrong");
    out.variables.push_back(std::move(variable));
  }
  if (!in.ok() || in.remaining() != 0)
    damaged(path, "its header is wrong");
}

bool isCheckpoint(const std::string &path) {
  InputFile file(path);
  unsigned char magic[sizeof checkpointMagic];
  if (file.size() < sizeof magic)
    return false;
  file.readAt(0, magic, sizeof magic);
  return std::memcmp(magic, checkpointMagic, sizeof magic) == 0;
}

Checkpoint readCheckpoint(const std::string &path) {
  std::vector<unsigned char> bytes = readFile(path);
  constexpr size_t crcBytes = sizeof(uint32_t);
  ByteReader in(bytes.data(), bytes.size());
  const unsigned char *magic = in.take(sizeof checkpointMagic);
  if (!magic ||
      std::memcmp(magic, checkpointMagic, sizeof checkpointMagic) != 0)
    damaged(path, "it does not begin as one");
  auto version = in.read<uint32_t>();
  if (in.ok() && version != checkpointVersion)
    fail(path, "is a checkpoint of format version " + std::to_string(version) +
                   ", this program reads version " +
                   std::to_string(checkpointVersion) +
                   "; compile the model with the release that wrote it");
  auto headerBytes = in.read<uint64_t>();
  auto stateBytes = in.read<uint64_t>();
  uint64_t rest = in.remaining();
  if (!in.ok() || rest < crcBytes || headerBytes > rest - crcBytes ||
      stateBytes != rest - crcBytes - headerBytes)
    damaged(path, "its size is wrong, so it is truncated or damaged");

  uint32_t stored;
  std::memcpy(&stored, bytes.data() + bytes.size() - crcBytes, crcBytes);
  if (crc32c(bytes.data(), bytes.size() - crcBytes) != stored)
    damaged(path, "its checksum is wrong");

  Checkpoint checkpoint;
  ByteReader header(in.take(headerBytes), headerBytes);
  readHeader(path, header, stateBytes, checkpoint);
  const unsigned char *state = in.take(stateBytes);
  checkpoint.state.assign(state, state + stateBytes);
  return checkpoint;
}

} // namespace frac

//===- WriteCheckpoint.cpp - Writing checkpoints --------------------------===//
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
#include "runtime/support/Files.h"

namespace frac {

static void writeRecord(ByteWriter &out, const EpochRecord &record) {
  out.write(record.epoch);
  out.write(record.iterations);
  out.write(record.samples);
  out.write(record.trainLoss);
  out.write(record.trainAccuracy);
  out.write(record.testLoss);
  out.write(record.testAccuracy);
  out.write(record.seconds);
  out.write(record.stepMsMedian);
  out.write(record.lr);
  out.write(record.cpuJoules);
  writePrecisionRecord(out, record.precision);
}

static void writeHeader(ByteWriter &out, const Program &program,
                        const RunIdentity &identity,
                        const TrainingProgress &progress, int32_t threads) {
  out.write(identity.seed);
  out.write(identity.batch);
  out.write(identity.data);
  out.string(identity.augment);
  out.string(identity.normalize);
  out.write(threads);

  out.write(progress.iteration);
  out.write(progress.epoch);
  out.write(progress.samplesInEpoch);
  out.write(progress.lossSum);
  out.write(progress.correctSum);
  out.write(progress.epochSeconds);
  out.write(progress.epochCpuJoules);
  out.write(progress.wallSeconds);
  out.write(progress.bestTestAccuracy);
  out.write(progress.lastRate);
  writePrecisionProgress(out, progress.precision);
  out.write<uint64_t>(progress.epochs.size());
  for (const EpochRecord &record : progress.epochs)
    writeRecord(out, record);

  std::vector<const Variable *> kept;
  for (const Variable &variable : program.variables)
    if (variable.role != VariableRole::Gradient)
      kept.push_back(&variable);
  out.write<uint64_t>(kept.size());
  for (const Variable *variable : kept) {
    out.string(variable->name);
    out.string(roleName(variable->role));
    out.string(variable->of);
    out.write(variable->offset);
    out.write<uint32_t>(static_cast<uint32_t>(variable->shape.size()));
    for (int64_t dim : variable->shape)
      out.write(dim);
  }
}

void writeCheckpoint(const std::string &path, const Program &program,
                     const RunIdentity &identity,
                     const TrainingProgress &progress, int32_t threads,
                     const unsigned char *state) {
  ByteWriter header;
  writeHeader(header, program, identity, progress, threads);

  ByteWriter lead;
  lead.append(checkpointMagic, sizeof checkpointMagic);
  lead.write(checkpointVersion);
  lead.write<uint64_t>(header.bytes.size());
  lead.write<uint64_t>(program.stateBytes);

  uint32_t crc = crc32c(lead.bytes.data(), lead.bytes.size());
  crc = crc32c(header.bytes.data(), header.bytes.size(), crc);
  crc = crc32c(state, program.stateBytes, crc);
  writeFileAtomically(path, {{lead.bytes.data(), lead.bytes.size()},
                             {header.bytes.data(), header.bytes.size()},
                             {state, program.stateBytes},
                             {&crc, sizeof crc}});
}

} // namespace frac

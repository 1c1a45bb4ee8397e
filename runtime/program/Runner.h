//===- Runner.h - Calls of a program's entries ------------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_RUNTIME_PROGRAM_RUNNER_H
#define FRAC_RUNTIME_PROGRAM_RUNNER_H

#include "runtime/program/Program.h"

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace frac {

/// The numbers of the `hyper` input, see `frac_hyper`.
using Hyper = std::array<float, FRAC_HYPER_SIZE>;

/// What a call of an entry returns. `loss` is the mean over the batch.
struct CallResult {
  float loss = 0;
  /// Number of samples whose class was predicted right; 0 where the loss has no
  /// classes.
  float correct = 0;
  /// L2 norm of all gradients together; 0 from `evaluate` and `gradients`.
  float gradientNorm = 0;
};

/// Memory aligned as compiled code wants it; what it holds at first is unknown.
class AlignedBytes {
public:
  explicit AlignedBytes(uint64_t size);

  unsigned char *data() { return bytes.get(); }
  const unsigned char *data() const { return bytes.get(); }

private:
  std::unique_ptr<unsigned char, void (*)(void *)> bytes;
};

/// A program with its state, its scratch memory and its threads.
class Runner {
public:
  /// Which entries will be called: they take different amounts of memory.
  enum class Mode { Train, Evaluate, Gradients };

  /// `threads` 0 takes all cores. The state holds the program's initial values.
  /// Throws std::bad_alloc when memory is short.
  Runner(const Program &program, Mode mode, int threads);

  const Program &program() const { return description; }
  frac_runtime *runtime() const { return handle.get(); }
  int threads() const { return frac_runtime_threads(handle.get()); }

  /// The state without gradients: `program().stateBytes` bytes.
  unsigned char *state() { return stateMemory.data(); }
  const unsigned char *state() const { return stateMemory.data(); }

  /// The values of a variable.
  float *values(const Variable &variable) {
    return reinterpret_cast<float *>(stateMemory.data() + variable.offset);
  }
  const float *values(const Variable &variable) const {
    return reinterpret_cast<const float *>(stateMemory.data() +
                                           variable.offset);
  }

  /// The widths of the calls to come, one a symbol of the program in their
  /// order. At first each has the largest that its storage holds.
  void setWidths(const std::vector<int32_t> &widths);

  /// The numbers that the gates of the calls to come are told (`frac_gate`).
  /// At first there is no penalty, and every gate chooses.
  void setGates(const std::vector<float> &numbers);

  /// Of the last call: for each block and candidate, one block behind the
  /// other, the number of samples that chose it.
  const std::vector<float> &choices() const { return choiceCounts; }

  /// Whether every variable but the gradients is finite.
  bool stateIsFinite() const;

  /// The three entries. `tensors` are the inputs and the target of `batch`
  /// samples. Each throws Error if a kernel failed.
  CallResult step(const std::vector<const void *> &tensors, int64_t batch,
                  const Hyper &hyper, uint64_t seed, uint64_t iteration);
  CallResult evaluate(const std::vector<const void *> &tensors, int64_t batch);
  CallResult gradients(const std::vector<const void *> &tensors, int64_t batch,
                       const Hyper &hyper, uint64_t seed, uint64_t iteration);

private:
  /// Adds what gates and quantizers are told, where the program has any, and
  /// calls.
  void call(frac_entry_fn entry, std::vector<const void *> inputs,
            std::vector<void *> outputs, int64_t batch);
  /// Calls an entry that also takes the optimizer's numbers and the counter.
  void callTraining(frac_entry_fn entry,
                    const std::vector<const void *> &tensors,
                    const std::vector<void *> &outputs, int64_t batch,
                    const Hyper &hyper, uint64_t seed, uint64_t iteration);

  const Program &description;
  std::unique_ptr<frac_runtime, void (*)(frac_runtime *)> handle;
  AlignedBytes stateMemory;
  AlignedBytes workspace;
  /// One int32_t a symbol.
  AlignedBytes widthMemory;
  AlignedBytes gateMemory;
  std::vector<float> choiceCounts;
};

} // namespace frac

#endif // FRAC_RUNTIME_PROGRAM_RUNNER_H

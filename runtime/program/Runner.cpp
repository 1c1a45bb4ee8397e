//===- Runner.cpp - Calls of a program's entries --------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/program/Runner.h"

#include "runtime/support/Error.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <sys/mman.h>
#include <utility>

namespace frac {

AlignedBytes::AlignedBytes(uint64_t size) : bytes(nullptr, std::free) {
  constexpr uint64_t hugePage = 2u << 20;
  if (size > (uint64_t{1} << 46))
    throw std::bad_alloc();
  bool large = size >= 2 * hugePage;
  uint64_t alignment = large ? hugePage : FRAC_ALIGNMENT;
  uint64_t rounded = (size / alignment + 1) * alignment;
  auto *memory =
      static_cast<unsigned char *>(std::aligned_alloc(alignment, rounded));
  if (!memory)
    throw std::bad_alloc();
  bytes.reset(memory);
#ifdef MADV_HUGEPAGE
  // Fewer page faults and TLB misses; where it is refused, nothing is lost.
  if (large)
    (void)::madvise(memory, rounded, MADV_HUGEPAGE);
#endif
}

static uint64_t stateOf(const Program &program, Runner::Mode mode) {
  return mode == Runner::Mode::Gradients ? program.gradStateBytes
                                         : program.stateBytes;
}

static uint64_t workspaceOf(const Program &program, Runner::Mode mode) {
  switch (mode) {
  case Runner::Mode::Train:
    return std::max(program.stepWorkspace, program.evalWorkspace);
  case Runner::Mode::Evaluate:
    return program.evalWorkspace;
  case Runner::Mode::Gradients:
    return program.gradWorkspace;
  }
  return 0;
}

/// Numbers of the input `gates`; 0 without gates.
static size_t gateCount(const Program &program) {
  if (program.blocks.empty())
    return 0;
  return FRAC_GATE_SIZE + 3 * static_cast<size_t>(program.candidates);
}

Runner::Runner(const Program &program, Mode mode, int threads)
    : description(program),
      handle(frac_runtime_create(threads), frac_runtime_destroy),
      stateMemory(stateOf(program, mode)),
      workspace(workspaceOf(program, mode)),
      widthMemory(program.symbols.size() * sizeof(int32_t)),
      gateMemory(gateCount(program) * sizeof(float)),
      choiceCounts(program.blocks.size() *
                   static_cast<size_t>(program.candidates) *
                   (program.hasSkips() ? 2 : 1)) {
  if (!handle)
    throw std::bad_alloc();
  uint64_t given = program.code->initial_state_size;
  if (given)
    std::memcpy(stateMemory.data(), program.code->initial_state, given);
  std::memset(stateMemory.data() + given, 0, stateOf(program, mode) - given);
  std::vector<int32_t> widest;
  for (const PrecisionSymbol &symbol : program.symbols)
    widest.push_back(symbol.fixed ? symbol.fixed : symbol.maxBits);
  setWidths(widest);
  if (program.blocks.empty())
    return;
  std::vector<float> numbers(gateCount(program));
  numbers[FRAC_GATE_FORCED] = -1;
  numbers[FRAC_GATE_PERIOD] = 1;
  std::fill(numbers.begin() + FRAC_GATE_SIZE, numbers.end(),
            static_cast<float>(minWidth));
  setGates(numbers);
}

void Runner::setGates(const std::vector<float> &numbers) {
  if (numbers.size() != gateCount(description))
    fail(description.model, "has " + std::to_string(gateCount(description)) +
                                " numbers of gates, not " +
                                std::to_string(numbers.size()));
  if (!numbers.empty())
    std::memcpy(gateMemory.data(), numbers.data(),
                numbers.size() * sizeof(float));
}

void Runner::setWidths(const std::vector<int32_t> &widths) {
  if (widths.size() != description.symbols.size())
    fail(description.model,
         "has " + std::to_string(description.symbols.size()) + " widths, not " +
             std::to_string(widths.size()));
  if (!widths.empty())
    std::memcpy(widthMemory.data(), widths.data(),
                widths.size() * sizeof(int32_t));
}

bool Runner::stateIsFinite() const {
  for (const Variable &variable : description.variables) {
    if (variable.role == VariableRole::Gradient)
      continue;
    const float *data = values(variable);
    uint64_t count = variable.bytes / sizeof(float);
    // x - x is 0 for finite numbers and NaN for the others; so is their sum.
    float sum = 0;
    for (uint64_t i = 0; i < count; ++i)
      sum += data[i] - data[i];
    if (!(sum == 0))
      return false;
  }
  return true;
}

void Runner::call(frac_entry_fn entry, std::vector<const void *> inputs,
                  std::vector<void *> outputs, int64_t batch) {
  if (!description.blocks.empty()) {
    // Behind the model's inputs.
    inputs.insert(inputs.begin() +
                      static_cast<ptrdiff_t>(description.data.inputs.size()),
                  gateMemory.data());
    outputs.push_back(choiceCounts.data());
  }
  if (!description.symbols.empty())
    inputs.push_back(widthMemory.data());
  frac_invocation invocation;
  invocation.runtime = handle.get();
  invocation.batch = batch;
  invocation.state = stateMemory.data();
  invocation.workspace = workspace.data();
  invocation.inputs = inputs.data();
  invocation.outputs = outputs.data();
  entry(&invocation);
  if (const char *error = frac_runtime_error(handle.get()))
    fail(description.model, error);
}

void Runner::callTraining(frac_entry_fn entry,
                          const std::vector<const void *> &tensors,
                          const std::vector<void *> &outputs, int64_t batch,
                          const Hyper &hyper, uint64_t seed,
                          uint64_t iteration) {
  alignas(FRAC_ALIGNMENT) Hyper numbers = hyper;
  alignas(FRAC_ALIGNMENT) int64_t counter[2] = {
      static_cast<int64_t>(seed), static_cast<int64_t>(iteration)};
  std::vector<const void *> inputs = tensors;
  inputs.push_back(numbers.data());
  inputs.push_back(counter);
  call(entry, std::move(inputs), outputs, batch);
}

CallResult Runner::step(const std::vector<const void *> &tensors, int64_t batch,
                        const Hyper &hyper, uint64_t seed, uint64_t iteration) {
  CallResult result;
  callTraining(description.code->step, tensors,
               {&result.loss, &result.correct, &result.gradientNorm}, batch,
               hyper, seed, iteration);
  return result;
}

CallResult Runner::evaluate(const std::vector<const void *> &tensors,
                            int64_t batch) {
  CallResult result;
  call(description.code->eval, tensors, {&result.loss, &result.correct}, batch);
  return result;
}

CallResult Runner::gradients(const std::vector<const void *> &tensors,
                             int64_t batch, const Hyper &hyper, uint64_t seed,
                             uint64_t iteration) {
  CallResult result;
  callTraining(description.code->grad, tensors, {&result.loss}, batch, hyper,
               seed, iteration);
  return result;
}

} // namespace frac

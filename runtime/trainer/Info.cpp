//===- Info.cpp - The info command ----------------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/trainer/Commands.h"

#include "runtime/program/Recipe.h"
#include "runtime/program/Runner.h"
#include "runtime/trainer/PrecisionRun.h"
#include "runtime/trainer/Setup.h"

#include <algorithm>
#include <cstdio>
#include <map>

namespace frac {

/// "1.2 MiB".
static std::string bytesText(uint64_t bytes) {
  char buffer[64];
  if (bytes >= (1u << 20))
    std::snprintf(buffer, sizeof buffer, "%.1f MiB",
                  static_cast<double>(bytes) / (1 << 20));
  else if (bytes >= 1024)
    std::snprintf(buffer, sizeof buffer, "%.1f KiB",
                  static_cast<double>(bytes) / 1024);
  else
    std::snprintf(buffer, sizeof buffer, "%llu B",
                  static_cast<unsigned long long>(bytes));
  return buffer;
}

static std::string macsText(double macs) {
  char buffer[64];
  if (macs >= 1e6)
    std::snprintf(buffer, sizeof buffer, "%.2f M", macs / 1e6);
  else
    std::snprintf(buffer, sizeof buffer, "%.0f", macs);
  return buffer;
}

static const char *typeName(ElementType type) {
  switch (type) {
  case ElementType::U8:
    return "u8";
  case ElementType::I32:
    return "i32";
  case ElementType::I64:
    return "i64";
  case ElementType::F32:
    return "f32";
  case ElementType::F64:
    return "f64";
  }
  return "";
}

/// The vector extensions that this machine offers to the runtime's kernels.
static std::string machineIsa() {
#if defined(__x86_64__)
  std::string out = "x86-64";
  auto add = [&](bool has, const char *name) {
    if (has)
      out += std::string(" ") + name;
  };
  add(__builtin_cpu_supports("avx2"), "avx2");
  add(__builtin_cpu_supports("fma"), "fma");
  add(__builtin_cpu_supports("avx512f"), "avx512f");
  add(__builtin_cpu_supports("avx512bw"), "avx512bw");
  add(__builtin_cpu_supports("avx512vnni"), "avx512vnni");
  return out;
#else
  return "generic";
#endif
}

static void printInput(const char *label, const InputSpec &input) {
  std::printf("%-11s %s  batch%s%s %s\n", label, input.name.c_str(),
              input.shape.empty() ? "" : "x",
              input.shape.empty() ? "" : shapeText(input.shape).c_str(),
              typeName(input.type));
}

static void printVariables(const Program &program) {
  size_t width = 8;
  for (const Variable &variable : program.variables)
    if (variable.role != VariableRole::Slot &&
        variable.role != VariableRole::Gradient)
      width = std::max(width, variable.name.size());
  width = std::min<size_t>(width, 60);
  std::printf("\n%-*s  %-9s  %-16s  %s\n", static_cast<int>(width), "variable",
              "role", "shape", "elements");
  for (const Variable &variable : program.variables) {
    if (variable.role == VariableRole::Slot ||
        variable.role == VariableRole::Gradient)
      continue;
    std::printf("%-*s  %-9s  %-16s  %llu\n", static_cast<int>(width),
                variable.name.c_str(), roleName(variable.role),
                shapeText(variable.shape).c_str(),
                static_cast<unsigned long long>(variable.bytes / 4));
  }
}

static void printTotals(const Program &program) {
  std::map<VariableRole, std::pair<uint64_t, uint64_t>> totals;
  for (const Variable &variable : program.variables) {
    auto &total = totals[variable.role];
    total.first += 1;
    total.second += variable.bytes;
  }
  std::printf("\nvariables by role\n");
  for (const auto &entry : totals)
    std::printf("  %-9s  %5llu tensors  %12llu elements  %s\n",
                roleName(entry.first),
                static_cast<unsigned long long>(entry.second.first),
                static_cast<unsigned long long>(entry.second.second / 4),
                bytesText(entry.second.second).c_str());
}

static std::string candidatesText(const Program &program,
                                  const PrecisionSymbol &symbol,
                                  const PrecisionController &controller) {
  if (symbol.fixed)
    return std::to_string(symbol.fixed) + ", fixed by the method";
  std::string out;
  bool skips = symbol.block >= 0 &&
               program.blocks[static_cast<size_t>(symbol.block)].skips;
  for (int bits : controller.candidates(symbol.role))
    if (bits != 0 || skips)
      out += (out.empty() ? "" : ", ") + std::to_string(bits);
  return out;
}

/// The widths that gates choose from, and what their choices shall cost.
static std::string gatesText(const GateSettings &gate) {
  std::string out = "candidates (forward/backward)";
  for (size_t k = 0; k < gate.forward.size(); ++k)
    out += (k ? ", " : " ") + std::to_string(gate.forward[k]) + "/" +
           std::to_string(gate.backward[k]);
  char aim[80];
  std::snprintf(aim, sizeof(aim), ", target cp %g", gate.target);
  return out + aim;
}

static void printPrecision(const PrecisionSettings &settings) {
  const std::string widths =
      settings.isGated() ? gatesText(settings.gate)
                         : "forward " + widthsText(settings.forward) +
                               ", backward " + widthsText(settings.backward);
  std::printf("precision   policy %s, %s, weight %s, eval %s\n",
              settings.policy.c_str(), widths.c_str(),
              settings.weight.empty() ? "as forward"
                                      : widthsText(settings.weight).c_str(),
              settings.eval ? std::to_string(settings.eval).c_str()
                            : "as the policy has it");
}

static void printSymbols(const Program &program,
                         const PrecisionController &controller) {
  size_t width = 6;
  for (const PrecisionSymbol &symbol : program.symbols)
    width = std::max(width, symbol.name.size());
  int nameWidth = static_cast<int>(std::min<size_t>(width, 60));
  std::vector<int32_t> first =
      symbolWidths(program.symbols, controller.widthsAt(0, 1));
  std::printf("\n%-*s  %-10s  %-16s  %-10s  %s\n", nameWidth, "symbol", "role",
              "storage", "first bits", "candidates");
  for (size_t i = 0; i < program.symbols.size(); ++i) {
    const PrecisionSymbol &symbol = program.symbols[i];
    std::string storage = (symbol.maxBits > 8 ? "2 bytes" : "1 byte") +
                          std::string(", <= ") + std::to_string(symbol.maxBits);
    std::printf("%-*s  %-10s  %-16s  %-10d  %s\n", nameWidth,
                symbol.name.c_str(), symbolRoleName(symbol.role),
                storage.c_str(), first[i],
                candidatesText(program, symbol, controller).c_str());
  }
}

/// "conv1.activation x conv1.weight", or empty if both operands are float.
static std::string operandsText(const Program &program,
                                const Operation &operation) {
  auto text = [&](int64_t symbol) {
    return symbol < 0 ? std::string("float")
                      : program.symbols[static_cast<size_t>(symbol)].name;
  };
  if (operation.lhs < 0 && operation.rhs < 0)
    return "";
  return "  " + text(operation.lhs) + " x " + text(operation.rhs);
}

static void printOperations(const Program &program) {
  if (program.operations.empty())
    return;
  size_t width = 11;
  for (const Operation &operation : program.operations)
    width = std::max(width, operation.name.size());
  width = std::min<size_t>(width, 60);
  std::printf("\n%-*s  %-20s  %-15s  %-12s  %s%s\n", static_cast<int>(width),
              "contraction", "op", "pass", "MACs/sample", "kernel",
              program.symbols.empty() ? "" : "  operands");
  for (const Operation &operation : program.operations)
    std::printf("%-*s  %-20s  %-15s  %-12s  %s%s\n", static_cast<int>(width),
                operation.name.c_str(), operation.op.c_str(),
                operation.pass.c_str(), macsText(operation.macs).c_str(),
                operation.kernel.c_str(),
                operandsText(program, operation).c_str());
}

int runInfo(const Program &program, const Options &options) {
  Recipe recipe = resolveRecipe(program, options);
  std::unique_ptr<PrecisionController> controller =
      makeController(program, recipe);
  std::printf("model       %s\n", program.model.c_str());
  for (const InputSpec &input : program.data.inputs)
    printInput("input", input);
  printInput("target", program.data.target);
  if (program.data.classes > 0)
    std::printf("classes     %lld\n",
                static_cast<long long>(program.data.classes));
  std::printf("batch       %lld\n", static_cast<long long>(program.batch));
  std::printf("code        for %s; this machine has %s\n",
              program.targetCpu.empty() ? "any CPU" : program.targetCpu.c_str(),
              machineIsa().c_str());
  frac_runtime *runtime = frac_runtime_create(options.threads);
  if (runtime)
    std::printf("threads     %d\n", frac_runtime_threads(runtime));
  frac_runtime_destroy(runtime);
  std::printf("recipe      %s\n", recipe.json().c_str());
  if (controller)
    printPrecision(recipe.precision);
  else
    std::printf("precision   float32 in all contractions\n");

  std::printf("\nmemory\n");
  std::printf("  %-22s %s\n", "state", bytesText(program.stateBytes).c_str());
  std::printf("  %-22s %s\n", "workspace of a step",
              bytesText(program.stepWorkspace).c_str());
  std::printf("  %-22s %s\n", "workspace of eval",
              bytesText(program.evalWorkspace).c_str());
  std::printf("  %-22s %s\n", "workspace of grad",
              bytesText(program.gradWorkspace).c_str());

  std::printf("\nMACs a sample\n");
  std::printf("  %-22s %s\n", "forward",
              macsText(program.macs.forward).c_str());
  std::printf("  %-22s %s\n", "error", macsText(program.macs.error).c_str());
  std::printf("  %-22s %s\n", "weight gradient",
              macsText(program.macs.weightGradient).c_str());
  printTotals(program);
  printVariables(program);
  if (controller)
    printSymbols(program, *controller);
  printOperations(program);
  return ExitDone;
}

} // namespace frac

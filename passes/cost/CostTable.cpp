//===- CostTable.cpp - Costs for people -----------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/cost/CostReport.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"

using namespace frac;
using llvm::raw_ostream;

/// 1234567.8 as "1.23M": three digits and a unit.
static std::string shorten(double value) {
  constexpr const char *units[] = {"", "k", "M", "G", "T", "P"};
  size_t unit = 0;
  while (value >= 999.5 && unit + 1 < std::size(units)) {
    value /= 1000;
    ++unit;
  }
  int digits = unit == 0 && value == static_cast<int64_t>(value) ? 0
               : value >= 99.95                                  ? 0
               : value >= 9.995                                  ? 1
                                                                 : 2;
  char text[32];
  std::snprintf(text, sizeof text, "%.*f%s", digits, value, units[unit]);
  return text;
}

/// A width, which may be a mean.
static std::string getBitsText(double bits) {
  char text[32];
  std::snprintf(text, sizeof text,
                bits == static_cast<int64_t>(bits) ? "%.0f" : "%.2f", bits);
  return bits == 0 ? "?" : bits == floatOperandBits ? "float" : text;
}

namespace {
/// Prints one report.
class TablePrinter {
public:
  TablePrinter(const CostReport &report, raw_ostream &out)
      : report(report), accelerator(report.model->accelerator()), out(out) {}

  void print();

private:
  void printHead();
  void printColumns();
  void printProduct(const ProductCost &cost);
  void printSums(llvm::StringRef name, llvm::StringRef pass,
                 const CostSums &sums);
  void printNumbers(const CostSums &sums, llvm::StringRef bound);
  void printRefusals();
  void printStages();
  void printTraining();
  void printHardware();
  double seconds(double cycles) const {
    return cycles / (accelerator.megahertz * 1e6);
  }

  /// A name, padded to the column of layers.
  std::string layer(llvm::StringRef name) const {
    return name.str() +
           std::string(layerWidth - std::min(layerWidth, name.size()), ' ');
  }

  const CostReport &report;
  const Accelerator &accelerator;
  raw_ostream &out;
  size_t layerWidth = 32;
};
} // namespace

void TablePrinter::printHead() {
  out << report.subject << ": one training iteration of " << report.batch
      << " samples on accelerator '" << accelerator.name << "' by the model '"
      << report.model->name() << "'\n";
  out << "  products of the backward pass: "
      << (report.mapping == TrainingMapping::Best
              ? "strides in phases, gradients of weights in the cheaper form"
              : "as in the reference sums (zero-inserted errors, one form)")
      << "\n";
  CostExtensionSet extensions = switchedOn(accelerator.extensions);
  out << "  beyond the published model: "
      << (extensions.empty() ? "nothing" : extensions.text(", ")) << "\n";
  for (const std::string &note : report.notes)
    out << "  note: " << note << "\n";
}

void TablePrinter::printColumns() {
  out << llvm::formatv(
      "\n  {0} {1,-15} {2,-11} {3,8} {4,9} {5,12} {6,12} {7,12} {8,6} "
      "{9,-8} {10,9} {11,9} {12,9} {13,9} {14,8}\n",
      layer("layer"), "pass", "bits", "MACs", "bit-MACs", "compute cyc",
      "stall cyc", "total cyc", "util %", "bound", "core uJ", "SRAM uJ",
      "DRAM uJ", "total uJ", "pJ/MAC");
}

void TablePrinter::printNumbers(const CostSums &sums, llvm::StringRef bound) {
  auto number = [](double value, int digits) {
    char text[40];
    std::snprintf(text, sizeof text, "%.*f", digits, value);
    return std::string(text);
  };
  auto energy = [&](double nanojoules) {
    double value = nanojoules / 1000;
    return number(value, value < 100 ? 3 : 1);
  };
  out << llvm::formatv(
      " {0,12} {1,12} {2,12} {3,6} {4,-8} {5,9} {6,9} {7,9} {8,9} {9,8}",
      number(sums.computeCycles, 0), number(sums.stallCycles, 0),
      number(sums.totalCycles, 0), number(100 * sums.utilization(), 1), bound,
      energy(sums.energy.core), energy(sums.energy.sram()),
      energy(sums.energy.dram), energy(sums.energy.total),
      number(sums.picojoulesPerMac(), 2));
}

void TablePrinter::printProduct(const ProductCost &cost) {
  const CostedProduct &product = *cost.product;
  out << llvm::formatv(
      "  {0} {1,-15} {2,-11} {3,8} {4,9}",
      layer(product.name.empty() ? product.opName : product.name),
      getProductName(product.pass),
      getBitsText(cost.leftBits) + " x " + getBitsText(cost.rightBits),
      shorten(cost.sums.macs), shorten(cost.sums.bitMacs));
  if (cost.status == CostStatus::Ok)
    printNumbers(cost.sums, cost.isBoundByMemory ? "memory" : "compute");
  else
    out << " " << costStatusName(cost.status) << ": " << cost.reason;
  if (!cost.extensions.empty())
    out << "  [" << cost.extensions.text(", ") << "]";
  out << "\n";
}

void TablePrinter::printSums(llvm::StringRef name, llvm::StringRef pass,
                             const CostSums &sums) {
  out << llvm::formatv("  {0} {1,-15} {2,-11} {3,8} {4,9}", layer(name), pass,
                       "", shorten(sums.macs), shorten(sums.bitMacs));
  if (sums.totalCycles > 0)
    printNumbers(sums, "");
  else
    out << (sums.refused ? " no product has a cost" : " no product");
  if (sums.totalCycles > 0 && sums.refused)
    out << "  without " << sums.refused << " refused";
  out << "\n";
}

void TablePrinter::printRefusals() {
  llvm::MapVector<llvm::StringRef, int64_t> reasons;
  for (const ProductCost &cost : report.mean.products)
    if (cost.status != CostStatus::Ok)
      ++reasons[cost.reason];
  if (reasons.empty())
    return;
  out << "\n  without a cost, and in no sum of cycles or energy:\n";
  for (const auto &[reason, count] : reasons)
    out << "    " << count << (count == 1 ? " product: " : " products: ")
        << reason << "\n";
}

/// "4/4/8", or a mixture with its shares.
static std::string getWidthsText(const CostStage &stage) {
  std::string text;
  for (const WidthShare &part : stage.widths) {
    text += text.empty() ? "" : " + ";
    if (stage.widths.size() > 1)
      text += llvm::formatv("{0:f0} % ", 100 * part.share).str();
    text += llvm::formatv("{0}/{1}/{2}", part.widths.activation,
                          part.widths.weight, part.widths.error)
                .str();
  }
  return text;
}

void TablePrinter::printStages() {
  out << "\n  stages (bits of activations/weights/errors), share of all "
         "iterations, cost of one\n";
  for (size_t i = 0; i < report.stages.size(); ++i) {
    const CostStage &stage = report.stages[i];
    const CostSums &total = report.costs[i].total;
    out << llvm::formatv("  {0,-12} {1,-34}", stage.name, getWidthsText(stage));
    out << llvm::formatv(" {0,6:f1} %", 100 * stage.share);
    out << llvm::formatv(" {0,9} bit-MACs", shorten(total.bitMacs));
    if (total.totalCycles > 0)
      out << llvm::formatv(" {0,12:f0} cycles {1,9:f3} mJ", total.totalCycles,
                           total.energy.total * 1e-6);
    if (total.refused)
      out << llvm::formatv("  without {0} refused", total.refused);
    out << "\n";
  }
}

void TablePrinter::printTraining() {
  CostSums total = report.getTotal();
  if (report.baseline && report.baseline->totalCycles > 0)
    out << llvm::formatv("\n  against {0} throughout: energy x {1:f3}, time x "
                         "{2:f3}, bit-MACs x {3:f3}\n",
                         report.baselineName,
                         total.energy.total / report.baseline->energy.total,
                         total.totalCycles / report.baseline->totalCycles,
                         total.bitMacs / report.baseline->bitMacs);
  if (report.iterations <= 0)
    return;
  out << llvm::formatv("\n  training of {0:f0} iterations: {1} bit-MACs",
                       report.iterations,
                       shorten(total.bitMacs * report.iterations));
  if (total.totalCycles > 0)
    out << llvm::formatv(", {0:f3} J, {1:f1} s on the accelerator",
                         total.energy.total * 1e-9 * report.iterations,
                         seconds(total.totalCycles) * report.iterations);
  if (total.refused)
    out << llvm::formatv(", without {0} refused products", total.refused);
  out << "\n";
}

void TablePrinter::printHardware() {
  out << "\n  energies used\n";
  auto line = [&](llvm::StringRef name, const std::string &numbers,
                  llvm::StringRef provenance) {
    out << llvm::formatv("    {0,-14} {1,-44} {2}\n", name, numbers,
                         provenance);
  };
  auto number = [](const char *format, auto... values) {
    char text[96];
    std::snprintf(text, sizeof text, format, values...);
    return std::string(text);
  };
  line("array", number("%g pJ a cycle", accelerator.picojoulesPerCycle),
       accelerator.arrayProvenance);
  auto buffer = [&](llvm::StringRef name, const AcceleratorBuffer &fields) {
    line(name,
         number("%.4g pJ a bit read, %.4g written", fields.readPicojoulesPerBit,
                fields.writePicojoulesPerBit),
         fields.provenance);
  };
  buffer("weight buffer", accelerator.weightBuffer);
  buffer("input buffer", accelerator.inputBuffer);
  buffer("output buffer", accelerator.outputBuffer);
  line("memory", number("%g pJ a bit", accelerator.dramPicojoulesPerBit),
       accelerator.dramProvenance);
  auto optional = [&](const char *format, std::optional<double> value) {
    return value ? number(format, *value) : std::string("unknown");
  };
  out << "  area " << optional("%.3f mm2", accelerator.areaSquareMillimetres())
      << ", leakage " << optional("%.1f mW", accelerator.leakageMilliwatts())
      << (accelerator.extensions.leakage ? ", which is part of the energy"
                                         : ", which is no part of the energy")
      << "\n";
}

void TablePrinter::print() {
  for (const ProductCost &cost : report.mean.products)
    layerWidth = std::max(layerWidth, cost.product->name.size());
  printHead();
  printColumns();
  for (const ProductCost &cost : report.mean.products)
    printProduct(cost);
  out << "\n";
  for (size_t pass = 0; pass < trainingPasses; ++pass)
    printSums("all", getPassName(pass), report.mean.passes[pass]);
  if (report.elementwise)
    printSums("elementwise", "all", *report.elementwise);
  printSums(report.elementwise ? "network, with elementwise work" : "network",
            "all", report.getTotal());
  printRefusals();
  if (report.stages.size() > 1 || report.stages.front().widths.size() > 1)
    printStages();
  printTraining();
  // The other models have energies of their own.
  if (llvm::StringRef(report.model->name()) == costModels().front()->name)
    printHardware();
}

void frac::printTable(const CostReport &report, raw_ostream &out) {
  TablePrinter(report, out).print();
}

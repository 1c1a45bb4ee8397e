//===- PrecisionSection.cpp - Charts of widths and of gates ---------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/report/EpochCurves.h"
#include "compiler/report/Markup.h"
#include "compiler/report/Palette.h"
#include "compiler/report/RowChart.h"
#include "compiler/report/Sections.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <set>

using namespace llvm;
using namespace frac;
using namespace frac::report;

namespace {

/// What a quantized tensor is, by the end of its symbol's name.
struct Role {
  StringRef suffix, title;
};

/// Tensors of one role: their names without the role, and their indices.
struct RoleSymbols {
  std::vector<std::string> layers;
  std::vector<size_t> indices;
};

} // namespace

static constexpr Role roles[] = {
    {"activation", "activations"}, {"weight", "weights"}, {"error", "errors"}};

/// Takes the role off a symbol: "conv1.weight.2" is layer "conv1.2". Whether it
/// has that role.
static bool takeRole(StringRef symbol, StringRef suffix, std::string &layer) {
  std::string role = ("." + suffix).str();
  auto [head, tail] = symbol.rsplit(role);
  bool isNumbered = tail.starts_with(".") && !tail.drop_front().empty() &&
                    all_of(tail.drop_front(), isDigit);
  if (!symbol.contains(role) || !(tail.empty() || isNumbered))
    return false;
  layer = (head + tail).str();
  return true;
}

/// The tensors of a role; with an empty suffix those that have no known one.
static RoleSymbols selectSymbols(const TrainingReport &report,
                                 StringRef suffix) {
  RoleSymbols selected;
  for (size_t i = 0; i < report.symbols.size(); ++i) {
    std::string layer = report.symbols[i], ignored;
    bool isChosen = suffix.empty()
                        ? none_of(roles,
                                  [&](const Role &role) {
                                    return takeRole(report.symbols[i],
                                                    role.suffix, ignored);
                                  })
                        : takeRole(report.symbols[i], suffix, layer);
    if (isChosen) {
      selected.layers.push_back(std::move(layer));
      selected.indices.push_back(i);
    }
  }
  return selected;
}

static Number getBits(const Epoch &epoch, size_t symbol) {
  return symbol < epoch.widths.size() ? epoch.widths[symbol].bits
                                      : std::nullopt;
}

static void writeRoleMap(PageStream &page, const TrainingReport &report,
                         const Timeline &timeline, StringRef title,
                         const RoleSymbols &symbols, Extent widths) {
  HeatMap map;
  map.caption.title = ("Widths of " + title + " / bits").str();
  map.caption.description =
      "A row for each layer, a column for each epoch; the brighter, the wider.";
  map.caption.note = "Means over the steps of an epoch.";
  map.timeline = &timeline;
  map.widths = widths;
  for (size_t i = 0; i < symbols.indices.size(); ++i) {
    size_t symbol = symbols.indices[i];
    map.rows.push_back(
        {symbols.layers[i], timeline.average([&](const Epoch &epoch) {
           return getBits(epoch, symbol);
         })});
  }
  writeHeatMap(page, map);
}

/// For each column the mean of the fractions that `get` gives by epoch; empty
/// where no epoch has any. All that it gives have `count` entries or none.
static std::vector<std::vector<double>>
averageShares(const TrainingReport &report, const Timeline &timeline,
              size_t count,
              const std::function<std::vector<double>(const Epoch &)> &get) {
  std::vector<std::vector<double>> columns;
  for (const Column &column : timeline.getColumns()) {
    std::vector<double> sum(count);
    double epochs = 0;
    for (size_t i = column.first; i < column.end; ++i) {
      std::vector<double> shares = get(report.epochs[i]);
      for (size_t choice = 0; choice < shares.size(); ++choice)
        sum[choice] += shares[choice];
      epochs += !shares.empty();
    }
    if (epochs == 0)
      sum.clear();
    for (double &share : sum)
      share /= epochs;
    columns.push_back(std::move(sum));
  }
  return columns;
}

/// "skip" or "3 / 6 bits".
static std::string getCandidateName(const Candidate &candidate) {
  if (candidate.forward == 0 && candidate.backward == 0)
    return "skip";
  return std::to_string(candidate.forward) + " / " +
         std::to_string(candidate.backward) + " bits";
}

/// What the gates chose: a row for all blocks, and one for each.
static void writeChoices(PageStream &page, const TrainingReport &report,
                         const Timeline &timeline) {
  ShareChart chart;
  chart.caption.title = "Choices of the gates";
  chart.caption.note = "Bits forward / backward. The height of a colour is the "
                       "fraction of decisions in an epoch.";
  chart.caption.description =
      "The mean of all blocks, then a row for each block; in each column the "
      "fractions of the candidates, stacked in their order.";
  chart.timeline = &timeline;
  size_t count = report.candidates.size();
  auto last = static_cast<double>(count > 1 ? count - 1 : 1);
  for (size_t i = 0; i < count; ++i) {
    std::string name = getCandidateName(report.candidates[i]);
    // Two candidates may have the same bits, and still are two.
    for (const LegendEntry &entry : chart.choices)
      if (entry.name == name) {
        name += " (" + std::to_string(i + 1) + ")";
        break;
      }
    bool isSkip = name == "skip";
    chart.choices.push_back(
        {name, isSkip ? getWidthColor(0, 0, 0)
                      : getRampColor(static_cast<double>(i) / last)});
  }
  auto addRow = [&](StringRef name, const auto &get) {
    chart.rows.push_back(
        {name.str(), averageShares(report, timeline, count, get)});
  };
  addRow("all blocks", [&](const Epoch &epoch) {
    std::vector<double> mean(epoch.choices.empty() ? 0 : count);
    for (const std::vector<double> &choices : epoch.choices)
      for (size_t i = 0; i < count; ++i)
        mean[i] += choices[i] / static_cast<double>(epoch.choices.size());
    return mean;
  });
  for (size_t block = 0; block < report.blocks.size(); ++block)
    addRow(report.blocks[block], [&](const Epoch &epoch) {
      return epoch.choices.empty() ? std::vector<double>()
                                   : epoch.choices[block];
    });
  writeShareChart(page, chart);
}

/// How often each width was used: a row a role and, where layers of a role
/// differ and no blocks tell it, a row a layer.
static void writeHistograms(PageStream &page, const TrainingReport &report,
                            const Timeline &timeline) {
  std::set<int> widths;
  for (const Epoch &epoch : report.epochs)
    for (const Widths &symbol : epoch.widths)
      for (const auto &entry : symbol.histogram)
        widths.insert(entry.first);
  if (widths.empty()) {
    writeAbsence(page, "how often widths were used",
                 "the report has no histograms");
    return;
  }
  ShareChart chart;
  chart.caption.title = "How often each width was used";
  chart.caption.note =
      "The height of a colour is the fraction of steps in an epoch.";
  chart.caption.description =
      "In each row and column the fractions of widths, stacked from the "
      "narrowest.";
  chart.timeline = &timeline;
  auto firstWidth = widths.upper_bound(0);
  double lowest = firstWidth == widths.end() ? 0 : *firstWidth;
  for (int bits : widths)
    chart.choices.push_back(
        {bits == 0 ? "skipped (0 bits)" : std::to_string(bits) + " bits",
         getWidthColor(bits, lowest, *widths.rbegin())});
  auto getShares = [&](const Widths &symbol) {
    std::vector<double> shares;
    for (int bits : widths) {
      auto entry = symbol.histogram.find(bits);
      shares.push_back(entry == symbol.histogram.end() ? 0 : entry->second);
    }
    return shares;
  };
  auto addRow = [&](StringRef name, ArrayRef<size_t> symbols) {
    auto get = [&](const Epoch &epoch) {
      if (epoch.widths.empty())
        return std::vector<double>();
      std::vector<double> mean(widths.size());
      for (size_t symbol : symbols) {
        std::vector<double> shares = getShares(epoch.widths[symbol]);
        for (size_t i = 0; i < mean.size(); ++i)
          mean[i] += shares[i] / static_cast<double>(symbols.size());
      }
      return mean;
    };
    chart.rows.push_back(
        {name.str(), averageShares(report, timeline, widths.size(), get)});
  };
  for (const Role &role : roles) {
    RoleSymbols symbols = selectSymbols(report, role.suffix);
    if (symbols.indices.empty())
      continue;
    addRow(role.title, symbols.indices);
    bool doDiffer = any_of(report.epochs, [&](const Epoch &epoch) {
      return !epoch.widths.empty() && any_of(symbols.indices, [&](size_t i) {
        return epoch.widths[i].histogram !=
               epoch.widths[symbols.indices.front()].histogram;
      });
    });
    if (doDiffer && report.blocks.empty())
      for (size_t i : symbols.indices)
        addRow(report.symbols[i], i);
  }
  RoleSymbols others = selectSymbols(report, "");
  for (size_t i : others.indices)
    addRow(report.symbols[i], i);
  writeShareChart(page, chart);
}

/// What was paid and what was aimed at, in percent of float.
static void writeGateCosts(PageStream &page, const TrainingReport &report,
                           const Timeline &timeline) {
  LineChart chart = makeCurves(
      report, timeline, "Cost paid and target / % of float",
      {{"paid, in all", [](const Epoch &epoch) { return epoch.cost.total; }, 7,
        false},
       {"forward", [](const Epoch &epoch) { return epoch.cost.forward; }, 0,
        false},
       {"error", [](const Epoch &epoch) { return epoch.cost.error; }, 3, false},
       {"weight gradient",
        [](const Epoch &epoch) { return epoch.cost.weightGradient; }, 4, false},
       {"target", [](const Epoch &epoch) { return epoch.targetCost; }, 1,
        true}},
      formatPlain);
  chart.beginsAtZero = true;
  writeCurves(page, chart, "cost and target", "the report has neither");
}

void report::writePrecision(PageStream &page, const TrainingReport &report,
                            const Timeline &timeline) {
  page.os << "<section><h2>Precision</h2>\n<div class=\"charts\">\n";
  if (report.symbols.empty()) {
    writeAbsence(page, "widths",
                 "nothing was quantized (policy " +
                     (report.policy.empty() ? "unknown" : report.policy) + ")");
  } else {
    Extent widths;
    for (const Epoch &epoch : report.epochs)
      for (const Widths &symbol : epoch.widths)
        if (symbol.bits && *symbol.bits > 0)
          widths.include(symbol.bits);
    for (const Role &role : roles)
      if (RoleSymbols symbols = selectSymbols(report, role.suffix);
          !symbols.indices.empty())
        writeRoleMap(page, report, timeline, role.title, symbols, widths);
    if (RoleSymbols symbols = selectSymbols(report, "");
        !symbols.indices.empty())
      writeRoleMap(page, report, timeline, "other tensors", symbols, widths);
    writeHistograms(page, report, timeline);
  }
  if (!report.blocks.empty() && !report.candidates.empty())
    writeChoices(page, report, timeline);
  else
    writeAbsence(page, "the choices of gates",
                 "the report has no gated blocks");
  writeGateCosts(page, report, timeline);
  page.os << "</div>\n</section>\n";
}

//===- ShapesTable.cpp - Costs of shapes in a table -----------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/cost/ShapesTable.h"

#include "compiler/cost/Csv.h"
#include "passes/cost/CostReport.h"
#include "runtime/cost/CostMemory.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <limits>

using namespace llvm;
using namespace frac;

/// Columns that are copied where they are there.
static constexpr StringRef copied[] = {"net", "layer", "pass"};
/// Columns of whole numbers.
static constexpr StringRef sizes[] = {"K", "O",      "S",     "IC",   "OC",
                                      "B", "im2col", "iprec", "wprec"};
static constexpr StringRef results[] = {
    "status",         "perf_factor",     "macs",
    "compute_cycles", "stall_cycles",    "total_cycles",
    "act_read_bits",  "act_write_bits",  "wgt_read_bits",
    "wgt_write_bits", "out_read_bits",   "out_write_bits",
    "dram_read_bits", "dram_write_bits", "energy_total_nJ",
    "core_nJ",        "wbuf_nJ",         "ibuf_nJ",
    "obuf_nJ",        "sram_nJ",         "dram_nJ",
    "dataflow",       "tile_b",          "tile_ow",
    "tile_oh",        "tile_ic",         "tile_oc",
    "order"};

namespace {
/// A model and what it has answered.
struct RememberedModel {
  std::unique_ptr<CostModel> model;
  std::unique_ptr<CostMemory> memory;
};

class ShapesEstimate {
public:
  ShapesEstimate(StringRef path, const CostChoice &choice, CsvTable table)
      : path(path), choice(choice), table(std::move(table)) {}

  Error run(raw_ostream &out, raw_ostream &notes);

private:
  Error checkColumns() const;
  StringRef getField(const CsvTable::Row &row, StringRef column) const;
  Expected<int64_t> getNumber(const CsvTable::Row &row, StringRef column) const;
  Expected<CostKey> getKey(const CsvTable::Row &row) const;
  Expected<CostMemory *> getModel(const CsvTable::Row &row);
  std::vector<std::string> getLine(const CsvTable::Row &row, size_t index,
                                   const CostKey &key, const CostMemory &memory,
                                   const CostResult &result) const;
  Error fail(const CsvTable::Row &row, const Twine &what) const {
    return createStringError(path + ":" + Twine(row.line) + ": error: " + what);
  }

  StringRef path;
  const CostChoice &choice;
  CsvTable table;
  StringMap<RememberedModel> models;
};
} // namespace

Error ShapesEstimate::checkColumns() const {
  SmallVector<StringRef> missing;
  for (StringRef column : sizes)
    if (!table.find(column))
      missing.push_back(column);
  if (missing.empty())
    return Error::success();
  return createStringError(
      path + ": error: has no column " + join(missing, ", ") + "; it needs " +
      join(ArrayRef(sizes), ", ") + " and may have config");
}

StringRef ShapesEstimate::getField(const CsvTable::Row &row,
                                   StringRef column) const {
  std::optional<size_t> place = table.find(column);
  return place ? StringRef(row.fields[*place]).trim() : StringRef();
}

Expected<int64_t> ShapesEstimate::getNumber(const CsvTable::Row &row,
                                            StringRef column) const {
  StringRef text = getField(row, column);
  int64_t value = 0;
  StringRef digits = text;
  digits.consume_back(".0");
  if (column == "im2col" && text.equals_insensitive("true"))
    value = 1;
  else if (column == "im2col" && text.equals_insensitive("false"))
    value = 0;
  else if (digits.getAsInteger(10, value))
    return fail(row, "column '" + column + "' has '" + text +
                         "'; it takes a whole number");
  bool isFlag = column == "im2col";
  bool isWidth = column == "iprec" || column == "wprec";
  if ((isFlag && value != 0 && value != 1) ||
      (isWidth && (value < 1 || value > std::numeric_limits<int16_t>::max())) ||
      (!isFlag && value < 1))
    return fail(row, "column '" + column + "' has " + Twine(value) +
                         (isFlag ? "; it takes 0 or 1"
                                 : "; it takes a number of at least 1"));
  return value;
}

Expected<CostKey> ShapesEstimate::getKey(const CsvTable::Row &row) const {
  SmallVector<int64_t> numbers;
  for (StringRef column : sizes) {
    Expected<int64_t> number = getNumber(row, column);
    if (!number)
      return number.takeError();
    numbers.push_back(*number);
  }
  CostKey key;
  key.shape = ContractionShape::convolution(numbers[0], numbers[1], numbers[2],
                                            numbers[3], numbers[4], numbers[5],
                                            numbers[6] == 1);
  key.bits = {static_cast<int>(numbers[7]), static_cast<int>(numbers[8])};
  return key;
}

Expected<CostMemory *> ShapesEstimate::getModel(const CsvTable::Row &row) {
  StringRef config = getField(row, "config");
  RememberedModel &entry = models[config];
  if (entry.memory)
    return entry.memory.get();
  CostChoice own = choice;
  if (!config.empty()) {
    own.accelerator = config.str();
    SmallString<128> beside(sys::path::parent_path(path));
    sys::path::append(beside, config);
    if (!findBuiltinAccelerator(own.accelerator) && !sys::fs::exists(config) &&
        sys::fs::exists(beside))
      own.accelerator = beside.str().str();
  }
  auto model = makeCostModel(own);
  if (!model)
    return model.takeError();
  entry.model = std::move(*model);
  entry.memory = std::make_unique<CostMemory>(*entry.model);
  return entry.memory.get();
}

/// The columns behind perf_factor and macs.
static void appendCost(std::vector<std::string> &line,
                       const ContractionCost &cost) {
  for (int64_t count :
       {cost.computeCycles, cost.stallCycles, cost.totalCycles,
        cost.input.readBits, cost.input.writeBits, cost.weight.readBits,
        cost.weight.writeBits, cost.output.readBits, cost.output.writeBits,
        cost.dram.readBits, cost.dram.writeBits})
    line.push_back(std::to_string(count));
  for (double energy :
       {cost.energy.total, cost.energy.core, cost.energy.weightBuffer,
        cost.energy.inputBuffer, cost.energy.outputBuffer, cost.energy.sram(),
        cost.energy.dram})
    line.push_back(shortestText(energy));
  const Tiling &tiling = cost.tiling;
  line.push_back(tiling.dataflow);
  // A model without tiles has none to show.
  bool isTiled = tiling.batch > 0;
  for (int64_t extent : {tiling.batch, tiling.outputWidth, tiling.outputHeight,
                         tiling.inChannels, tiling.outChannels})
    line.push_back(isTiled ? std::to_string(extent) : "");
  line.push_back(tiling.order);
}

std::vector<std::string>
ShapesEstimate::getLine(const CsvTable::Row &row, size_t index,
                        const CostKey &key, const CostMemory &memory,
                        const CostResult &result) const {
  std::vector<std::string> line;
  StringRef id = getField(row, "id"), config = getField(row, "config");
  line.push_back(id.empty() ? std::to_string(index) : id.str());
  line.push_back(config.empty() ? memory.getModel().accelerator().name
                                : config.str());
  for (StringRef column : copied)
    line.push_back(getField(row, column).str());
  for (StringRef column : sizes)
    line.push_back(column == "im2col" ? std::to_string(key.shape.im2col)
                                      : getField(row, column).str());
  line.push_back(getField(row, "count").str());
  line.push_back(costStatusName(result.status));
  line.push_back(std::to_string(result.cost.performanceFactor));
  // Exact as far as integers reach.
  double macs = key.shape.macs();
  line.push_back(macs < 9e15 ? std::to_string(static_cast<int64_t>(macs))
                             : shortestText(macs));
  if (result.isOk())
    appendCost(line, result.cost);
  return line;
}

Error ShapesEstimate::run(raw_ostream &out, raw_ostream &notes) {
  if (Error error = checkColumns())
    return error;
  std::vector<std::string> header = {"id", "config"};
  for (StringRef column : copied)
    header.push_back(column.str());
  for (StringRef column : sizes)
    header.push_back(column.str());
  header.push_back("count");
  for (StringRef column : results)
    header.push_back(column.str());

  std::vector<std::vector<std::string>> lines;
  std::vector<std::string> extensions;
  bool isExtended = false;
  for (auto [index, row] : enumerate(table.rows)) {
    Expected<CostKey> key = getKey(row);
    if (!key)
      return key.takeError();
    Expected<CostMemory *> memory = getModel(row);
    if (!memory)
      return joinErrors(fail(row, "the accelerator cannot be used"),
                        memory.takeError());
    const CostResult &result = (*memory)->get(key->shape, key->bits);
    if (!result.isOk())
      notes << path << ":" << row.line << ": warning: " << result.reason
            << "\n";
    const CostExtensions &on = (*memory)->getModel().accelerator().extensions;
    isExtended |= !switchedOn(on).empty();
    lines.push_back(getLine(row, index, *key, **memory, result));
    extensions.push_back(result.cost.extensions.text(";"));
  }
  if (isExtended)
    header.push_back("extensions");
  writeCsvLine(out, header);
  for (auto [line, names] : zip_equal(lines, extensions)) {
    line.resize(header.size());
    if (isExtended)
      line.back() = names;
    writeCsvLine(out, line);
  }
  return Error::success();
}

Error frac::estimateShapes(StringRef path, const CostChoice &choice,
                           raw_ostream &out, raw_ostream &notes) {
  Expected<CsvTable> table = readCsvFile(path);
  if (!table)
    return table.takeError();
  return ShapesEstimate(path, choice, std::move(*table)).run(out, notes);
}

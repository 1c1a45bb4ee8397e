//===- ReportReader.cpp - Reads the report of a run -----------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/report/ReportReader.h"
#include "compiler/report/JsonFields.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;
using namespace frac;
using namespace frac::report;

/// Ten thousand epochs of a large network stay below these.
static constexpr uint64_t maxFileSize = uint64_t{64} << 20;
static constexpr int maxDepth = 32;
static constexpr size_t maxEpochs = 10000;
static constexpr size_t maxMembers = 2048;
static constexpr size_t maxCandidates = 32;
static constexpr int64_t maxBits = 64;
/// The first whole number that a double cannot tell from its neighbour.
static constexpr int64_t maxCount = int64_t{1} << 53;

static Passes readPasses(const Field &field) {
  return {field["forward"].number(notNegative),
          field["error"].number(notNegative),
          field["weight_gradient"].number(notNegative)};
}

static Widths readWidths(const Field &field) {
  Widths widths;
  widths.bits = field["bits"].number({0, maxBits});
  Field histogram = field["histogram"];
  if (histogram.size(Json::value_t::object, maxMembers) == 0)
    return widths;
  for (const auto &entry : histogram.value().items()) {
    Field share = histogram[entry.key()];
    int bits = 0;
    if (StringRef(entry.key()).getAsInteger(10, bits) || bits < 0 ||
        bits > maxBits)
      share.fail("is no width of 0 to " + std::to_string(maxBits) + " bits");
    widths.histogram[bits] = share.number(fraction).value_or(0);
  }
  return widths;
}

namespace {

/// Names that every epoch has again: those of the first epoch that has any.
class Names {
public:
  explicit Names(std::vector<std::string> &names) : names(names) {}

  /// Checks the members of `field`, an object or null, and gives them in the
  /// order of the names.
  std::vector<Field> order(const Field &field) {
    size_t count = field.size(Json::value_t::object, maxMembers);
    if (count == 0)
      return {};
    if (names.empty())
      for (const auto &entry : field.value().items()) {
        if (entry.key().size() > maxNameSize)
          field.fail("has a name longer than " + std::to_string(maxNameSize) +
                     " characters");
        names.push_back(entry.key());
      }
    std::vector<Field> fields;
    for (const std::string &name : names) {
      fields.push_back(field[name]);
      if (fields.back().isNull())
        fields.back().fail("is missing, though an earlier epoch has it");
    }
    if (count != names.size())
      field.fail("has other names than in an earlier epoch");
    return fields;
  }

private:
  static constexpr size_t maxNameSize = 1024;

  std::vector<std::string> &names;
};

/// Takes a report apart. Throws FieldError.
class Reader {
public:
  TrainingReport read(const Field &root);

private:
  Epoch readEpoch(const Field &field);
  std::vector<double> readChoices(const Field &field) const;
  void readRecipe(const Field &recipe);
  void readCandidates(const Field &field);

  TrainingReport report;
  Names symbols{report.symbols};
  Names blocks{report.blocks};
};

} // namespace

std::vector<double> Reader::readChoices(const Field &field) const {
  size_t count = field.size(Json::value_t::array, maxCandidates);
  if (count != report.candidates.size())
    field.fail("has " + std::to_string(count) + " entries for " +
               std::to_string(report.candidates.size()) + " candidates");
  std::vector<double> choices;
  for (size_t i = 0; i < count; ++i)
    choices.push_back(field[i].number(fraction).value_or(0));
  return choices;
}

Epoch Reader::readEpoch(const Field &field) {
  Epoch epoch;
  if (field["epoch"].isNull())
    field["epoch"].fail("is missing");
  epoch.number = field["epoch"].integer(1, maxCount, 0);
  if (!report.epochs.empty() && epoch.number <= report.epochs.back().number)
    field["epoch"].fail("must be above that of the epoch before, " +
                        std::to_string(report.epochs.back().number));
  epoch.trainLoss = field["train_loss"].number();
  epoch.trainAccuracy = field["train_accuracy"].number(fraction);
  epoch.testLoss = field["test_loss"].number();
  epoch.testAccuracy = field["test_accuracy"].number(fraction);
  epoch.seconds = field["seconds"].number(notNegative);
  epoch.stepMilliseconds = field["step_ms_median"].number(notNegative);
  epoch.learningRate = field["lr"].number(notNegative);
  epoch.stage = field["stage"].integer(0, maxCount, 0);
  epoch.targetCost = field["target_cp"].number(notNegative);
  Field cost = field["cp"];
  epoch.cost = {cost["total"].number(notNegative),
                cost["forward"].number(notNegative),
                cost["error"].number(notNegative),
                cost["weight_gradient"].number(notNegative)};
  for (const Field &symbol : symbols.order(field["precision"]))
    epoch.widths.push_back(readWidths(symbol));
  for (const Field &block : blocks.order(field["blocks"]))
    epoch.choices.push_back(readChoices(block["choices"]));
  epoch.macs = readPasses(field["macs"]);
  epoch.bitmacs = readPasses(field["bitmacs"]);
  epoch.energyJoules = readPasses(field["energy_j"]);
  epoch.acceleratorSeconds = field["accelerator_seconds"].number(notNegative);
  return epoch;
}

void Reader::readRecipe(const Field &recipe) {
  report.policy = recipe["precision"]["policy"].text();
  report.optimizer = recipe["optimizer"]["kind"].text();
  report.schedule = recipe["schedule"]["kind"].text();
  report.loss = recipe["loss"]["kind"].text();
}

void Reader::readCandidates(const Field &field) {
  size_t count = field.size(Json::value_t::array, maxCandidates);
  for (size_t i = 0; i < count; ++i)
    report.candidates.push_back(
        {static_cast<int>(field[i]["forward"].integer(0, maxBits, 0)),
         static_cast<int>(field[i]["backward"].integer(0, maxBits, 0))});
}

TrainingReport Reader::read(const Field &root) {
  Field epochs = root["epochs"];
  if (epochs.isNull())
    epochs.fail("is missing; give a file that train --report has written");
  size_t count = epochs.size(Json::value_t::array, maxEpochs);
  report.model = root["model"].text();
  report.status = root["status"].text();
  report.seed = root["seed"].text();
  report.threads = root["threads"].text();
  report.batch = root["batch"].text();
  readRecipe(root["recipe"]);
  readCandidates(root["candidates"]);
  for (size_t i = 0; i < count; ++i)
    report.epochs.push_back(readEpoch(epochs[i]));
  Field totals = root["totals"];
  report.totalBitmacs = totals["bitmacs"].number(notNegative);
  report.totalEnergyJoules = totals["energy_j"].number(notNegative);
  report.totalAcceleratorSeconds =
      totals["accelerator_seconds"].number(notNegative);
  report.wallSeconds = totals["wall_seconds"].number(notNegative);
  report.peakBytes = totals["peak_rss_bytes"].number(notNegative);
  report.bestTestAccuracy = root["best_test_accuracy"].number(fraction);
  return std::move(report);
}

/// "line 3, column 5" of a byte of the text, counted from 1.
static std::string getPlace(StringRef text, size_t byte) {
  StringRef before = text.take_front(byte > 0 ? byte - 1 : 0);
  size_t lineBegin = before.rfind('\n') + 1;
  return "line " + std::to_string(before.count('\n') + 1) + ", column " +
         std::to_string(before.size() - lineBegin + 1);
}

/// Parses JSON. Objects of so many members that looking for one of them would
/// take long are refused while they are read, as is what lies too deep.
static Json parseBounded(StringRef text) {
  std::vector<size_t> members(maxDepth + 1);
  bool isTooDeep = false, isTooWide = false;
  auto watch = [&](int depth, Json::parse_event_t event, Json &) {
    if (depth >= maxDepth)
      isTooDeep = true;
    if (isTooDeep || isTooWide)
      return false;
    auto level = static_cast<size_t>(depth);
    if (event == Json::parse_event_t::object_start)
      members[level + 1] = 0;
    else if (event == Json::parse_event_t::key)
      isTooWide = ++members[level] > maxMembers;
    return !isTooWide;
  };
  Json json = Json::parse(text.begin(), text.end(), watch);
  if (isTooDeep)
    throw FieldError("", "is nested deeper than " + std::to_string(maxDepth) +
                             " levels");
  if (isTooWide)
    throw FieldError("", "has an object of more than " +
                             std::to_string(maxMembers) + " members");
  return json;
}

Expected<TrainingReport> report::parseReport(StringRef text, StringRef path) {
  std::string what;
  try {
    Json json = parseBounded(text);
    return Reader().read(Field(json, ""));
  } catch (const Json::parse_error &error) {
    what = getPlace(text, error.byte) +
           ": is not valid JSON; give a file that train --report has written";
  } catch (const Json::exception &) {
    what = "holds a number that is too large for a double";
  } catch (const FieldError &error) {
    what = error.what();
  }
  return createStringError(path + ": error: " + what);
}

Expected<TrainingReport> report::readReport(StringRef path) {
  auto fail = [&](const Twine &what) {
    return createStringError(path + ": error: " + what);
  };
  sys::fs::file_status status;
  if (std::error_code error = sys::fs::status(path, status))
    return fail("cannot be read: " + error.message());
  if (status.type() != sys::fs::file_type::regular_file)
    return fail("is not a regular file");
  if (status.getSize() > maxFileSize)
    return fail("is larger than " + Twine(maxFileSize >> 20) +
                " MiB, so it is no report");
  auto buffer = MemoryBuffer::getFile(path, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
  if (!buffer)
    return fail("cannot be read: " + buffer.getError().message());
  return parseReport((*buffer)->getBuffer(), path);
}

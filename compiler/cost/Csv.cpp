//===- Csv.cpp - Tables of comma-separated values -------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/cost/Csv.h"

#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;
using namespace frac;

/// A larger file is no table of shapes.
static constexpr uint64_t maxFileSize = 64 << 20;

std::optional<size_t> CsvTable::find(StringRef column) const {
  for (size_t i = 0; i < columns.size(); ++i)
    if (columns[i] == column)
      return i;
  return std::nullopt;
}

/// Takes one line of fields from the front of `text`, counting ends of lines.
/// False if a quote is not closed.
static bool takeLine(StringRef &text, int64_t &line,
                     std::vector<std::string> &fields) {
  fields.assign(1, "");
  bool isQuoted = false;
  size_t place = 0;
  for (; place < text.size(); ++place) {
    char letter = text[place];
    line += letter == '\n';
    if (letter == '"') {
      if (isQuoted && text.substr(place + 1).starts_with("\"")) {
        fields.back() += '"';
        ++place;
      } else {
        isQuoted = !isQuoted;
      }
    } else if (!isQuoted && letter == ',') {
      fields.emplace_back();
    } else if (!isQuoted && letter == '\n') {
      ++place;
      break;
    } else if (isQuoted || letter != '\r') {
      fields.back() += letter;
    }
  }
  text = text.substr(place);
  return !isQuoted;
}

Expected<CsvTable> frac::readCsvFile(StringRef path) {
  auto buffer = MemoryBuffer::getFile(path, /*IsText=*/true);
  if (!buffer)
    return createStringError(
        path + ": error: cannot be read: " + buffer.getError().message());
  if ((*buffer)->getBufferSize() > maxFileSize)
    return createStringError(path + ": error: is larger than 64 MiB");
  StringRef text = (*buffer)->getBuffer();
  text.consume_front("\xef\xbb\xbf");
  CsvTable table;
  int64_t line = 1;
  while (!text.empty()) {
    CsvTable::Row row{line, {}};
    bool isClosed = takeLine(text, line, row.fields);
    auto fail = [&](const Twine &what) {
      return createStringError(path + ":" + Twine(row.line) +
                               ": error: " + what);
    };
    if (!isClosed)
      return fail("a double quote is not closed");
    if (row.fields.size() == 1 && StringRef(row.fields[0]).trim().empty())
      continue;
    if (table.columns.empty()) {
      for (const std::string &name : row.fields)
        table.columns.push_back(StringRef(name).trim().str());
      continue;
    }
    if (row.fields.size() != table.columns.size())
      return fail("has " + Twine(row.fields.size()) +
                  " fields, the first line names " +
                  Twine(table.columns.size()) + " columns");
    table.rows.push_back(std::move(row));
  }
  if (table.columns.empty())
    return createStringError(path + ": error: is empty; its first line names "
                                    "the columns");
  return table;
}

void frac::writeCsvLine(raw_ostream &out, ArrayRef<std::string> fields) {
  for (size_t i = 0; i < fields.size(); ++i) {
    StringRef field = fields[i];
    out << (i ? "," : "");
    if (field.find_first_of(",\"\r\n") == StringRef::npos) {
      out << field;
      continue;
    }
    out << '"';
    for (char letter : field)
      out << (letter == '"' ? "\"\"" : StringRef(&letter, 1));
    out << '"';
  }
  out << '\n';
}

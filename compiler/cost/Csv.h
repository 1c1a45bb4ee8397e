//===- Csv.h - Tables of comma-separated values -----------------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_COMPILER_COST_CSV_H
#define FRAC_COMPILER_COST_CSV_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

#include <optional>
#include <string>
#include <vector>

namespace frac {

/// A table with named columns. Fields with commas, quotes or ends of lines are
/// in double quotes (RFC 4180).
struct CsvTable {
  struct Row {
    /// The line it begins in, from 1.
    int64_t line;
    /// As many as there are columns.
    std::vector<std::string> fields;
  };

  std::vector<std::string> columns;
  std::vector<Row> rows;

  /// The place of a column, if it is there.
  std::optional<size_t> find(llvm::StringRef column) const;
};

/// Reads a table whose first line names the columns. The error names the file,
/// the line and what is wrong.
llvm::Expected<CsvTable> readCsvFile(llvm::StringRef path);

/// Writes one line.
void writeCsvLine(llvm::raw_ostream &out, llvm::ArrayRef<std::string> fields);

} // namespace frac

#endif // FRAC_COMPILER_COST_CSV_H

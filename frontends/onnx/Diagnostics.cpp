//===- Diagnostics.cpp - Errors about a model ----------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/Diagnostics.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

using namespace frac::frontend;

/// Nodes that are named on a line; more are counted.
static constexpr size_t maxNamedNodes = 8;

/// Names come from a file: keeps the report one line a finding.
static void printEscaped(llvm::raw_ostream &os, llvm::StringRef text) {
  for (char c : text)
    os << (static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c);
}

bool Diagnostics::hasErrors() const {
  return llvm::any_of(entries, [](const Entry &entry) {
    return entry.severity == Severity::Error;
  });
}

std::string Diagnostics::getFirstError() const {
  for (const Entry &entry : entries) {
    if (entry.severity != Severity::Error)
      continue;
    std::string text;
    llvm::raw_string_ostream os(text);
    if (!entry.op.empty())
      os << entry.op << ": ";
    printEscaped(os, entry.message);
    return text;
  }
  return "";
}

void Diagnostics::print(llvm::raw_ostream &os) const {
  std::vector<bool> done(entries.size(), false);
  for (size_t i = 0; i != entries.size(); ++i) {
    if (done[i])
      continue;
    const Entry &entry = entries[i];
    printEscaped(os, model);
    os << (entry.severity == Severity::Error ? ": error: " : ": warning: ");
    llvm::SmallVector<llvm::StringRef> others;
    if (!entry.op.empty()) {
      os << "node '";
      printEscaped(os, entry.node);
      os << "' (";
      printEscaped(os, entry.op);
      os << "): ";
      for (size_t j = i + 1; j != entries.size(); ++j) {
        if (entries[j].op != entry.op || entries[j].message != entry.message)
          continue;
        done[j] = true;
        others.push_back(entries[j].node);
      }
    }
    printEscaped(os, entry.message);
    if (!others.empty()) {
      os << " (also";
      for (llvm::StringRef node :
           llvm::ArrayRef<llvm::StringRef>(others).take_front(maxNamedNodes)) {
        os << " '";
        printEscaped(os, node);
        os << "'";
      }
      if (others.size() > maxNamedNodes)
        os << " and " << others.size() - maxNamedNodes << " more nodes";
      os << ")";
    }
    os << "\n";
  }
}

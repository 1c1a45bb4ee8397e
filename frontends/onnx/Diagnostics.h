//===- Diagnostics.h - Errors about a model ------------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Collects what is wrong with a model, so that one run names everything.
///
//===----------------------------------------------------------------------===//

#ifndef FRAC_FRONTENDS_ONNX_DIAGNOSTICS_H
#define FRAC_FRONTENDS_ONNX_DIAGNOSTICS_H

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/raw_ostream.h"

#include <string>
#include <vector>

namespace frac::frontend {

/// Errors and warnings about one model, in the order in which they were found.
class Diagnostics {
public:
  enum class Severity { Error, Warning };

  /// One finding. `node` and `op` are empty where the whole model is meant.
  struct Entry {
    Severity severity;
    std::string node;
    std::string op;
    std::string message;
  };

  /// `model` is the name that every line begins with, usually the file's path.
  explicit Diagnostics(llvm::StringRef model) : model(model.str()) {}

  void error(const llvm::Twine &message) {
    entries.push_back({Severity::Error, "", "", message.str()});
  }
  void warning(const llvm::Twine &message) {
    entries.push_back({Severity::Warning, "", "", message.str()});
  }
  void nodeError(llvm::StringRef node, llvm::StringRef op,
                 const llvm::Twine &message) {
    entries.push_back({Severity::Error, node.str(), op.str(), message.str()});
  }

  bool hasErrors() const;
  const std::vector<Entry> &getEntries() const { return entries; }

  /// Writes a line a finding:
  /// `MODEL: error: node 'NAME' (Op): what is wrong and what to do`.
  /// Nodes that have the same operator and message share a line.
  void print(llvm::raw_ostream &os) const;

  /// What went wrong first, without the model's name; empty if nothing did.
  std::string getFirstError() const;

private:
  std::string model;
  std::vector<Entry> entries;
};

} // namespace frac::frontend

#endif // FRAC_FRONTENDS_ONNX_DIAGNOSTICS_H

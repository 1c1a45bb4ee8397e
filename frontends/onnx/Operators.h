//===- Operators.h - The table of supported operators --------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// One row an operator: its rule and what the documentation says of it. Each
/// family of operators has a file in `ops/` with its rules and rows.
///
//===----------------------------------------------------------------------===//

#ifndef FRAC_FRONTENDS_ONNX_OPERATORS_H
#define FRAC_FRONTENDS_ONNX_OPERATORS_H

#include "frontends/onnx/Model.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/LogicalResult.h"
#include "llvm/Support/raw_ostream.h"

namespace frac::frontend {

class NodeContext;

/// Any number of inputs, as a count in the table.
constexpr int variadic = -1;

/// A supported operator.
struct Operator {
  llvm::StringRef name;
  /// Operator sets, both ends included.
  int since, until;
  /// Inputs that must be given, and those that may.
  int minInputs, maxInputs;
  /// How many inputs, from the first on, must be float32; `variadic` for all.
  int floatInputs;
  /// Names of the attributes that the rule knows, with blanks between.
  llvm::StringRef attributes;
  /// Imports a node whose inputs are there; sets its outputs or reports why
  /// not.
  llvm::LogicalResult (*import)(NodeContext &);
  /// Names of the inputs that get a gradient, as ONNX calls them.
  llvm::StringRef gradient;
  /// What is not supported, in words; empty if everything is.
  llvm::StringRef limits;
};

/// The families, one a file in `ops/`.
llvm::ArrayRef<Operator> getActivationOperators();
llvm::ArrayRef<Operator> getContractionOperators();
llvm::ArrayRef<Operator> getElementwiseOperators();
llvm::ArrayRef<Operator> getIndexingOperators();
llvm::ArrayRef<Operator> getLogicOperators();
llvm::ArrayRef<Operator> getNormalizationOperators();
llvm::ArrayRef<Operator> getPoolingOperators();
llvm::ArrayRef<Operator> getReductionOperators();
llvm::ArrayRef<Operator> getResizeOperators();
llvm::ArrayRef<Operator> getShapeOperators();
llvm::ArrayRef<Operator> getValueOperators();

/// The row of an operator; null if it is not supported in any operator set.
const Operator *findOperator(llvm::StringRef domain, llvm::StringRef name);

/// Writes the table of all operators as a page of Markdown.
void printOperatorTable(llvm::raw_ostream &os);

} // namespace frac::frontend

#endif // FRAC_FRONTENDS_ONNX_OPERATORS_H

//===- Operators.cpp - The table of supported operators ------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/Operators.h"

#include "frontends/onnx/Model.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"

#include <vector>

using namespace frac::frontend;

static std::vector<const Operator *> collectOperators() {
  std::vector<const Operator *> rows;
  for (llvm::ArrayRef<Operator> family :
       {getActivationOperators(), getContractionOperators(),
        getElementwiseOperators(), getIndexingOperators(), getLogicOperators(),
        getNormalizationOperators(), getPoolingOperators(),
        getReductionOperators(), getResizeOperators(), getShapeOperators(),
        getValueOperators()})
    for (const Operator &row : family)
      rows.push_back(&row);
  llvm::sort(rows, [](const Operator *a, const Operator *b) {
    return a->name < b->name;
  });
  return rows;
}

const Operator *frac::frontend::findOperator(llvm::StringRef domain,
                                             llvm::StringRef name) {
  static const llvm::StringMap<const Operator *> table = [] {
    llvm::StringMap<const Operator *> map;
    for (const Operator *row : collectOperators())
      map[row->name] = row;
    return map;
  }();
  return domain.empty() || domain == "ai.onnx" ? table.lookup(name) : nullptr;
}

void frac::frontend::printOperatorTable(llvm::raw_ostream &os) {
  os << "# Supported ONNX operators\n\n"
     << "Models of opset " << minOpset << " to " << maxOpset
     << " and IR version up to " << maxIrVersion
     << ". Float tensors are float32; integer tensors int64 or int32. Only the "
        "batch may have a size that is not known when the model is compiled.\n"
     << "\n| operator | opsets | attributes | gradient by | limits |\n"
     << "| --- | --- | --- | --- | --- |\n";
  for (const Operator *row : collectOperators()) {
    os << "| " << row->name << " | " << row->since << "-" << row->until
       << " | ";
    llvm::SmallVector<llvm::StringRef> attributes;
    row->attributes.split(attributes, ' ', -1, /*KeepEmpty=*/false);
    llvm::interleaveComma(attributes, os,
                          [&](llvm::StringRef a) { os << "`" << a << "`"; });
    os << " | " << (row->gradient.empty() ? "-" : row->gradient) << " | "
       << row->limits << " |\n";
  }
}

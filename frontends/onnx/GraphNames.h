//===- GraphNames.h - Unused names of a graph -----------------------------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_FRONTENDS_ONNX_GRAPHNAMES_H
#define FRAC_FRONTENDS_ONNX_GRAPHNAMES_H

#include "llvm/ADT/StringSet.h"

#include <string>

namespace onnx {
class GraphProto;
} // namespace onnx

namespace frac::frontend {

/// The names of a graph's nodes, values and initializers, for those who add to
/// it.
class GraphNames {
public:
  explicit GraphNames(const onnx::GraphProto &graph);

  /// `name`, or `name` with a number behind it if that is taken; taken from
  /// here on.
  std::string makeUnique(const std::string &name);

private:
  llvm::StringSet<> names;
};

} // namespace frac::frontend

#endif // FRAC_FRONTENDS_ONNX_GRAPHNAMES_H

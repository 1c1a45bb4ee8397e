//===- GraphIndex.h - Who makes and uses the values of a graph -----------===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_FRONTENDS_ONNX_GRAPHINDEX_H
#define FRAC_FRONTENDS_ONNX_GRAPHINDEX_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"

#include <string>

namespace onnx {
class GraphProto;
class NodeProto;
class TensorProto;
} // namespace onnx

namespace frac::frontend {

/// Answers questions about the values of a graph by name. Holds positions in
/// the graph's lists and its strings: it is valid until the graph changes,
/// except by adding to the ends of the lists.
class GraphIndex {
public:
  explicit GraphIndex(const onnx::GraphProto &graph);

  /// The initializer called `name`, or that of which Identity nodes make it a
  /// copy; null if there is none.
  const onnx::TensorProto *findInitializer(llvm::StringRef name) const;

  /// The operators of the nodes that take `name` as an input.
  llvm::ArrayRef<std::string> getConsumers(llvm::StringRef name) const;

  /// Whether `node` is a convolution that feeds an activation or an addition
  /// and no BatchNormalization: where exporters fold one away.
  bool lacksNormalization(const onnx::NodeProto &node) const;

private:
  const onnx::GraphProto &graph;
  llvm::StringMap<int> initializers;
  llvm::StringMap<std::string> copies;
  llvm::StringMap<llvm::SmallVector<std::string, 1>> consumers;
};

} // namespace frac::frontend

#endif // FRAC_FRONTENDS_ONNX_GRAPHINDEX_H

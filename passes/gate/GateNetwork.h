//===- GateNetwork.h - The network that chooses widths ----------*- C++ -*-===//
//
// Part of the fracc project under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_GATE_GATENETWORK_H
#define FRAC_PASSES_GATE_GATENETWORK_H

#include "dialects/adjoints/AdjointBuilder.h"
#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/IR/SymbolTable.h"

namespace frac {

/// Sizes of a gate.
struct GateSizes {
  /// Outputs of the layers between the means of the channels and the cell.
  llvm::SmallVector<int64_t> features;
  /// State of the cell.
  int64_t hidden = 16;
  int64_t candidates = 0;
};

/// The gates of a model (Fu et al.: FracTrain, 2020): for each block the means
/// of its entry's channels, layers of the block's own with ReLU between them,
/// and then one LSTM cell and a linear layer that all blocks share. The state
/// of the cell goes from block to block and starts at 0. All of it is float and
/// is trained with the model.
///
/// Weights are variables named `gate/...`, (outputs, inputs), the rows of the
/// cell's in the order input, forget, cell, output. Their first values are
/// uniform in +-1/sqrt(inputs), the same for the same name.
class GateNetwork {
public:
  /// Puts variables into the table, behind `last`.
  GateNetwork(mlir::SymbolTable &symbols, mlir::Operation *last,
              GateSizes sizes);

  /// The scores of the candidates, (samples, candidates), each row of sum 1, of
  /// the next block, which is named `block` and starts from `entry`, whose
  /// gradient from here is multiplied by `attenuation`, a tensor<f32>. The
  /// candidates `withheld` have the score 0.
  mlir::Value build(AdjointBuilder &b, llvm::StringRef block, mlir::Value entry,
                    mlir::Value attenuation,
                    llvm::ArrayRef<int64_t> withheld = {});

private:
  mlir::Value load(AdjointBuilder &b, const llvm::Twine &name,
                   llvm::ArrayRef<int64_t> shape, int64_t inputs);
  mlir::Value linear(AdjointBuilder &b, const llvm::Twine &name,
                     mlir::Value input, int64_t outputs);
  mlir::Value product(AdjointBuilder &b, mlir::Value input,
                      mlir::Value weights);
  mlir::Value cell(AdjointBuilder &b, mlir::Value input);

  mlir::SymbolTable &symbols;
  mlir::Operation *last;
  GateSizes sizes;
  /// The state behind the last block; null before the first.
  mlir::Value hidden, memory;
};

} // namespace frac

#endif // FRAC_PASSES_GATE_GATENETWORK_H

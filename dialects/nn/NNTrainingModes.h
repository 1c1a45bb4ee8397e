//===- NNTrainingModes.h - Forms for training and evaluation --------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_DIALECTS_NN_NNTRAININGMODES_H
#define FRAC_DIALECTS_NN_NNTRAININGMODES_H

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace frac::nn {

/// Gives nn.batch_norm and nn.dropout the TrainingModeOpInterface.
void registerTrainingModes(mlir::DialectRegistry &registry);

} // namespace frac::nn

#endif // FRAC_DIALECTS_NN_NNTRAININGMODES_H

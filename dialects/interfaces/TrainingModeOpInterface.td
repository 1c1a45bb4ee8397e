//===- TrainingModeOpInterface.td - Other behaviour in training -----------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_TRAININGMODEOPINTERFACE_TD
#define FRAC_TRAININGMODEOPINTERFACE_TD

include "mlir/IR/OpBase.td"

def TrainingModeOpInterface : OpInterface<"TrainingModeOpInterface"> {
  let cppNamespace = "::frac";
  let description = [{
    An operation that computes something else in training than in evaluation,
    such as normalization by the batch's statistics or dropout. A model holds it
    in either form; `frac-build-training-program` asks each for the form that
    the entry needs.
  }];
  let methods = [
    InterfaceMethod<[{
        Replaces the operation by its training form, which `builder` stands
        before. `counter` (two i64: seed and iteration) is what anything random
        depends on. What the form observes of its running state is appended to
        `observations`.
      }],
      "void", "convertToTraining",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::Value":$counter,
           "::llvm::SmallVectorImpl<::frac::RunningMean> &":$observations)>,
    InterfaceMethod<[{
        Replaces the operation by its evaluation form, which `builder` stands
        before.
      }],
      "void", "convertToEvaluation", (ins "::mlir::OpBuilder &":$builder)>,
    InterfaceMethod<[{
        Restricts what the training form takes from the batch as a whole to the
        samples that have a 1 in `samples`, which has a 1 or a 0 for each. What
        takes each sample on its own has nothing to do.
      }],
      "void", "restrictToSamples", (ins "::mlir::Value":$samples), "",
      [{ (void)samples; }]>
  ];
}

#endif // FRAC_TRAININGMODEOPINTERFACE_TD

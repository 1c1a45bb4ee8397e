//===- Passes.td - Training programs --------------------------------------===//
//
// Part of the fracc project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FRAC_PASSES_TRAIN_PASSES_TD
#define FRAC_PASSES_TRAIN_PASSES_TD

include "mlir/Pass/PassBase.td"

def BuildTrainingProgram
    : Pass<"frac-build-training-program", "::mlir::ModuleOp"> {
  let summary = "Turn a model into the entries of a training program";
  let description = [{
    Replaces `@forward(x...) -> (outputs...)` by three functions, of which the
    first output enters the loss:

    - `@step(x..., target, hyper, counter) -> (loss, correct, gradient norm)`
      trains: it updates parameters, the optimizer's slots and running
      statistics by `ml_program.global_store`;
    - `@eval(x..., target) -> (loss, correct)` evaluates;
    - `@grad(x..., target, hyper, counter) -> loss` leaves the gradient of each
      parameter in a variable of the role "gradient" and changes nothing else.

    `target` holds class numbers, tensor<?xi64>, if the loss is one of classes,
    else it has the type of the first output. `hyper` is tensor<16xf32>, whose
    entries `runtime/frac_runtime.h` names; `counter` is tensor<2xi64>, the seed
    and the iteration. Losses are means over the batch, for mse and
    bce-with-logits over all elements. `correct` is the number of samples whose
    largest output is that of the target, or 0 if there are no classes. If the
    model ends in a softmax, softmax-cross-entropy takes that for its own.

    What is trained are the variables whose `frac.role` is "parameter". One that
    the loss does not depend on gets a gradient of zeros and stays as it is.
    Variables for the optimizer and for gradients are added with the roles
    "slot" and "gradient", and the parameter's name as `frac.of`.

    A result of the model with the attribute `frac.kind` is none of its outputs.
    A "penalty" is added to the loss for the gradients, and to the loss that
    `@grad` returns; its magnitude is brought down to `penalty-cap` times the
    loss, which the gradient does not see. Others are further results of all
    three.

    The formulas of the optimizers are those of PyTorch's SGD, Adam and AdamW;
    clipping is that of torch.nn.utils.clip_grad_norm_.
  }];
  let options = [
    Option<"loss", "loss", "::frac::LossKind",
           /*default=*/"::frac::LossKind::SoftmaxCrossEntropy", "The loss",
           [{::llvm::cl::values(
             clEnumValN(::frac::LossKind::SoftmaxCrossEntropy,
                        "softmax-cross-entropy",
                        "of logits and class numbers"),
             clEnumValN(::frac::LossKind::NLL, "nll",
                        "of log-probabilities and class numbers"),
             clEnumValN(::frac::LossKind::MSE, "mse", "squared difference"),
             clEnumValN(::frac::LossKind::BCEWithLogits, "bce-with-logits",
                        "of logits and probabilities, element by element"))}]>,
    Option<"optimizer", "optimizer", "::frac::OptimizerKind",
           /*default=*/"::frac::OptimizerKind::SGD", "The optimizer",
           [{::llvm::cl::values(
             clEnumValN(::frac::OptimizerKind::SGD, "sgd",
                        "stochastic gradient descent"),
             clEnumValN(::frac::OptimizerKind::Adam, "adam",
                        "Adam, weight decay as part of the gradient"),
             clEnumValN(::frac::OptimizerKind::AdamW, "adamw",
                        "Adam with decoupled weight decay"))}]>,
    Option<"momentum", "momentum", "bool", /*default=*/"true",
           "Whether sgd keeps a momentum">,
    Option<"nesterov", "nesterov", "bool", /*default=*/"false",
           "Whether the momentum of sgd looks ahead">,
    Option<"clipNorm", "clip-norm", "bool", /*default=*/"false",
           "Whether the norm of all gradients together is computed and bounded">,
    Option<"penaltyCap", "penalty-cap", "double", /*default=*/"0",
           "Largest part of the loss that a penalty may have; 0: no bound">
  ];
  let dependentDialects = [
    "::frac::nn::NNDialect", "::mlir::arith::ArithDialect",
    "::mlir::func::FuncDialect", "::mlir::math::MathDialect",
    "::mlir::ml_program::MLProgramDialect", "::mlir::tensor::TensorDialect"
  ];
}

#endif // FRAC_PASSES_TRAIN_PASSES_TD

// RUN: frac-opt %s -frac-build-training-program -canonicalize | FileCheck %s
// RUN: frac-opt %s -frac-build-training-program=loss=mse -canonicalize | FileCheck %s --check-prefix=MSE

// A softmax at the end of the model is the one that the loss has of its own.
// CHECK-LABEL: func.func @step
// CHECK-NOT: nn.softmax
// CHECK: nn.log_softmax
// CHECK-LABEL: func.func @eval
// CHECK: %[[LOGITS:.*]] = nn.matmul
// CHECK-NEXT: nn.log_softmax %[[LOGITS]]
// CHECK: nn.argmax %[[LOGITS]]

// MSE-LABEL: func.func @step
// MSE: nn.softmax
ml_program.global private mutable @w(dense<0.5> : tensor<16x10xf32>) : tensor<16x10xf32> {frac.role = "parameter"}
func.func @forward(%x: tensor<?x16xf32>) -> tensor<?x10xf32> attributes {frac.ends_in_softmax} {
  %w = ml_program.global_load @w : tensor<16x10xf32>
  %y = nn.matmul %x, %w : tensor<?x16xf32>, tensor<16x10xf32> -> tensor<?x10xf32>
  %s = nn.softmax %y dimension = 1 : tensor<?x10xf32>
  return %s : tensor<?x10xf32>
}

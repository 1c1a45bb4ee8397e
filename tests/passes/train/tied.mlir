// RUN: frac-opt %s -frac-build-training-program -canonicalize -cse | FileCheck %s

// A parameter that is used twice, once transposed, is loaded, differentiated and
// updated once.
// CHECK: ml_program.global private mutable @w(
// CHECK: ml_program.global private mutable @"w/momentum"{{.*}} {frac.of = "w", frac.role = "slot"}
// CHECK-NOT: "slot"}
// CHECK-LABEL: func.func @step
// CHECK-COUNT-1: ml_program.global_load @w :
// CHECK-NOT: ml_program.global_load @w :
// CHECK: %[[G:.*]] = arith.addf %{{.*}}, %{{.*}} : tensor<4x4xf32>
// CHECK-COUNT-1: ml_program.global_store @w =
// CHECK-NOT: ml_program.global_store @w =
// CHECK-LABEL: func.func @grad
// CHECK: %[[G0:.*]] = nn.matmul
// CHECK: %[[G1:.*]] = nn.transpose
// CHECK: %[[SUM:.*]] = arith.addf
// CHECK-NEXT: ml_program.global_store @"w/gradient" = %[[SUM]]
ml_program.global private mutable @w(dense<0.5> : tensor<4x4xf32>) : tensor<4x4xf32> {frac.role = "parameter"}
func.func @forward(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %w0 = ml_program.global_load @w : tensor<4x4xf32>
  %w1 = ml_program.global_load @w : tensor<4x4xf32>
  %t = nn.transpose %w0 permutation = [1, 0] : tensor<4x4xf32> -> tensor<4x4xf32>
  %y = nn.matmul %x, %t : tensor<?x4xf32>, tensor<4x4xf32> -> tensor<?x4xf32>
  %z = nn.matmul %y, %w1 : tensor<?x4xf32>, tensor<4x4xf32> -> tensor<?x4xf32>
  return %z : tensor<?x4xf32>
}

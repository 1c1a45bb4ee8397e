// RUN: frac-opt %s -frac-build-backward="function=chosen result=1 arguments=1 globals=w" | FileCheck %s

ml_program.global private mutable @w(dense<1.0> : tensor<f32>) : tensor<f32>
ml_program.global private mutable @v(dense<1.0> : tensor<f32>) : tensor<f32>

// CHECK-LABEL: func.func @chosen
// CHECK-SAME: (%[[X:.*]]: tensor<f32>, %[[Y:.*]]: tensor<f32>) -> (tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>)
func.func @chosen(%x: tensor<f32>, %y: tensor<f32>) -> (tensor<f32>, tensor<f32>) {
  // CHECK: %[[W:.*]] = ml_program.global_load @w
  // CHECK: %[[V:.*]] = ml_program.global_load @v
  // CHECK: %[[A:.*]] = arith.addf %[[X]], %[[Y]]
  // CHECK: %[[B:.*]] = arith.mulf %[[Y]], %[[W]]
  // CHECK: %[[C:.*]] = arith.mulf %[[B]], %[[V]]
  // CHECK-NOT: arith.mulf %{{.*}}, %[[C]]
  // CHECK: return %[[A]], %[[C]], %{{.*}}, %{{.*}} :
  %w = ml_program.global_load @w : tensor<f32>
  %v = ml_program.global_load @v : tensor<f32>
  %a = arith.addf %x, %y : tensor<f32>
  %b = arith.mulf %y, %w : tensor<f32>
  %c = arith.mulf %b, %v : tensor<f32>
  return %a, %c : tensor<f32>, tensor<f32>
}

// CHECK-LABEL: func.func @other
// CHECK-SAME: -> tensor<f32>
func.func @other(%x: tensor<f32>) -> tensor<f32> {
  return %x : tensor<f32>
}

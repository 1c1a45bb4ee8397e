// RUN: frac-toy-opt %s -frac-build-backward | FileCheck %s

// The driver knows operations by their interface alone.
// CHECK-LABEL: func.func @chain
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>)
func.func @chain(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: %[[A:.*]] = toy.triple %[[X]]
  // CHECK: %[[B:.*]] = toy.triple %[[A]]
  // CHECK: %[[GA:.*]] = toy.triple %[[G]]
  // CHECK: %[[GX:.*]] = toy.triple %[[GA]]
  // CHECK: return %[[B]], %[[GX]]
  %a = toy.triple %x : tensor<4xf32> -> tensor<4xf32>
  %b = toy.triple %a : tensor<4xf32> -> tensor<4xf32>
  return %b : tensor<4xf32>
}

// Where gradients meet they are added, the last use first.
// CHECK-LABEL: func.func @fan_in
// CHECK-SAME: %[[G:[^:]*]]: tensor<4xf32>)
func.func @fan_in(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: arith.addf
  // CHECK: %[[SECOND:.*]] = toy.triple %[[G]]
  // CHECK: %[[FIRST:.*]] = toy.triple %[[G]]
  // CHECK: %[[SUM:.*]] = arith.addf %[[SECOND]], %[[FIRST]]
  // CHECK: return %{{.*}}, %[[SUM]]
  %a = toy.triple %x : tensor<4xf32> -> tensor<4xf32>
  %b = toy.triple %x : tensor<4xf32> -> tensor<4xf32>
  %c = arith.addf %a, %b : tensor<4xf32>
  return %c : tensor<4xf32>
}

// The rule gets the gradients that arrive; a mask needs none.
// CHECK-LABEL: func.func @results
// CHECK-SAME: %[[G:[^:]*]]: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>)
func.func @results(%x: tensor<4xf32>, %m: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: toy.split
  // CHECK-NEXT: %[[GX:.*]] = toy.join %[[G]] : tensor<4xf32> -> tensor<4xf32>
  // CHECK-NEXT: %[[ZERO:.*]] = arith.constant dense<0.000000e+00>
  // CHECK-NEXT: return %{{.*}}, %[[GX]], %[[ZERO]]
  %a, %b = toy.split %x, %m : tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>, tensor<4xf32>
  return %b : tensor<4xf32>
}

// What leads to no result, and what comes from no wanted value, has no
// gradient; a loss of one number starts from 1.
// CHECK-LABEL: func.func @activity
// CHECK-SAME: (%{{.*}}: tensor<1xf32>, %{{.*}}: tensor<4xi32>) -> (tensor<1xf32>, tensor<1xf32>)
func.func @activity(%x: tensor<1xf32>, %i: tensor<4xi32>) -> tensor<1xf32> {
  // CHECK: toy.opaque
  // CHECK: %[[C:.*]] = "toy.opaque"(%{{.*}}) : (tensor<4xi32>) -> tensor<1xf32>
  // CHECK: %[[Y:.*]] = arith.mulf %{{.*}}, %[[C]]
  // CHECK-NEXT: %[[ONE:.*]] = arith.constant dense<1.000000e+00> : tensor<1xf32>
  // CHECK-NEXT: %[[GX:.*]] = toy.triple %[[C]]
  // CHECK-NEXT: return %[[Y]], %[[GX]]
  %unused = "toy.opaque"(%x) : (tensor<1xf32>) -> tensor<1xf32>
  %constant = "toy.opaque"(%i) : (tensor<4xi32>) -> tensor<1xf32>
  %a = toy.triple %x : tensor<1xf32> -> tensor<1xf32>
  %y = arith.mulf %a, %constant : tensor<1xf32>
  return %y : tensor<1xf32>
}

// A variable that is loaded twice is one value.
// CHECK-LABEL: func.func @tied
ml_program.global private mutable @w(dense<1.0> : tensor<4xf32>) : tensor<4xf32>
func.func @tied() -> tensor<4xf32> {
  // CHECK-COUNT-1: ml_program.global_load
  // CHECK-NOT: ml_program.global_load
  // CHECK: arith.addf
  // CHECK: toy.triple
  // CHECK: %[[SUM:.*]] = arith.addf
  // CHECK: return %{{.*}}, %[[SUM]] : tensor<4xf32>, tensor<4xf32>
  %w0 = ml_program.global_load @w : tensor<4xf32>
  %w1 = ml_program.global_load @w : tensor<4xf32>
  %a = toy.triple %w0 : tensor<4xf32> -> tensor<4xf32>
  %y = arith.addf %a, %w1 : tensor<4xf32>
  return %y : tensor<4xf32>
}

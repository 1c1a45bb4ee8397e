// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// By the result.
// CHECK-LABEL: func.func @expm1
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @expm1(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK-DAG: %[[C0:.*]] = arith.constant dense<1.000000e+00> : tensor<4xf32>
  // CHECK: %[[V0:.*]] = math.expm1 %[[X]]
  // CHECK: %[[V1:.*]] = arith.addf %[[V0]], %[[C0]]
  // CHECK: %[[V2:.*]] = arith.mulf %[[G]], %[[V1]]
  // CHECK: return %[[V0]], %[[V2]]
  %y = math.expm1 %x : tensor<4xf32>
  return %y : tensor<4xf32>
}

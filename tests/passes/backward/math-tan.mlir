// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// By the result.
// CHECK-LABEL: func.func @tan
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @tan(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK-DAG: %[[C0:.*]] = arith.constant dense<1.000000e+00> : tensor<4xf32>
  // CHECK: %[[V0:.*]] = math.tan %[[X]]
  // CHECK: %[[V1:.*]] = arith.mulf %[[V0]], %[[V0]]
  // CHECK: %[[V2:.*]] = arith.addf %[[V1]], %[[C0]]
  // CHECK: %[[V3:.*]] = arith.mulf %[[G]], %[[V2]]
  // CHECK: return %[[V0]], %[[V3]]
  %y = math.tan %x : tensor<4xf32>
  return %y : tensor<4xf32>
}

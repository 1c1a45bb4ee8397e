// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// By the result; infinite at 0.
// CHECK-LABEL: func.func @sqrt
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @sqrt(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK-DAG: %[[C0:.*]] = arith.constant dense<2.000000e+00> : tensor<4xf32>
  // CHECK: %[[V0:.*]] = math.sqrt %[[X]]
  // CHECK: %[[V1:.*]] = arith.mulf %[[V0]], %[[C0]]
  // CHECK: %[[V2:.*]] = arith.divf %[[G]], %[[V1]]
  // CHECK: return %[[V0]], %[[V2]]
  %y = math.sqrt %x : tensor<4xf32>
  return %y : tensor<4xf32>
}

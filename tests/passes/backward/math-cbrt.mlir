// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// CHECK-LABEL: func.func @cbrt
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @cbrt(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK-DAG: %[[C0:.*]] = arith.constant dense<3.000000e+00> : tensor<4xf32>
  // CHECK: %[[V0:.*]] = math.cbrt %[[X]]
  // CHECK: %[[V1:.*]] = arith.mulf %[[V0]], %[[V0]]
  // CHECK: %[[V2:.*]] = arith.mulf %[[V1]], %[[C0]]
  // CHECK: %[[V3:.*]] = arith.divf %[[G]], %[[V2]]
  // CHECK: return %[[V0]], %[[V3]]
  %y = math.cbrt %x : tensor<4xf32>
  return %y : tensor<4xf32>
}

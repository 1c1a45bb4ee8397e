// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// CHECK-LABEL: func.func @acos
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @acos(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK-DAG: %[[C0:.*]] = arith.constant dense<1.000000e+00> : tensor<4xf32>
  // CHECK: %[[V0:.*]] = math.acos %[[X]]
  // CHECK: %[[V1:.*]] = arith.mulf %[[X]], %[[X]]
  // CHECK: %[[V2:.*]] = arith.subf %[[C0]], %[[V1]]
  // CHECK: %[[V3:.*]] = math.sqrt %[[V2]]
  // CHECK: %[[V4:.*]] = arith.divf %[[G]], %[[V3]]
  // CHECK: %[[V5:.*]] = arith.negf %[[V4]]
  // CHECK: return %[[V0]], %[[V5]]
  %y = math.acos %x : tensor<4xf32>
  return %y : tensor<4xf32>
}

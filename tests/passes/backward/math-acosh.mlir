// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// CHECK-LABEL: func.func @acosh
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @acosh(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK-DAG: %[[C0:.*]] = arith.constant dense<1.000000e+00> : tensor<4xf32>
  // CHECK: %[[V0:.*]] = math.acosh %[[X]]
  // CHECK: %[[V1:.*]] = arith.mulf %[[X]], %[[X]]
  // CHECK: %[[V2:.*]] = arith.subf %[[V1]], %[[C0]]
  // CHECK: %[[V3:.*]] = math.sqrt %[[V2]]
  // CHECK: %[[V4:.*]] = arith.divf %[[G]], %[[V3]]
  // CHECK: return %[[V0]], %[[V4]]
  %y = math.acosh %x : tensor<4xf32>
  return %y : tensor<4xf32>
}

// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// CHECK-LABEL: func.func @cos
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @cos(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: %[[V0:.*]] = math.cos %[[X]]
  // CHECK: %[[V1:.*]] = math.sin %[[X]]
  // CHECK: %[[V2:.*]] = arith.mulf %[[G]], %[[V1]]
  // CHECK: %[[V3:.*]] = arith.negf %[[V2]]
  // CHECK: return %[[V0]], %[[V3]]
  %y = math.cos %x : tensor<4xf32>
  return %y : tensor<4xf32>
}

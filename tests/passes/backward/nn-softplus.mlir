// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// CHECK-LABEL: func.func @softplus
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @softplus(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: %[[V0:.*]] = nn.softplus %[[X]] : tensor<4xf32>
  // CHECK: %[[V1:.*]] = nn.sigmoid %[[X]]
  // CHECK: %[[V2:.*]] = arith.mulf %[[G]], %[[V1]]
  // CHECK: return %[[V0]], %[[V2]]
  %y = nn.softplus %x : tensor<4xf32>
  return %y : tensor<4xf32>
}

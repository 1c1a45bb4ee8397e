// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// CHECK-LABEL: func.func @negf
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @negf(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: %[[V0:.*]] = arith.negf %[[X]]
  // CHECK: %[[V1:.*]] = arith.negf %[[G]]
  // CHECK: return %[[V0]], %[[V1]]
  %y = arith.negf %x : tensor<4xf32>
  return %y : tensor<4xf32>
}

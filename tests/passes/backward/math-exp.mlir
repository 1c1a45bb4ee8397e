// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// By the result.
// CHECK-LABEL: func.func @exp
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @exp(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: %[[V0:.*]] = math.exp %[[X]]
  // CHECK: %[[V1:.*]] = arith.mulf %[[G]], %[[V0]]
  // CHECK: return %[[V0]], %[[V1]]
  %y = math.exp %x : tensor<4xf32>
  return %y : tensor<4xf32>
}

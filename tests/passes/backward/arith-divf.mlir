// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// By the right operand: by the result, -g y / r.
// CHECK-LABEL: func.func @divf
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[X1:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @divf(%l: tensor<4xf32>, %r: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: %[[V0:.*]] = arith.divf %[[X]], %[[X1]]
  // CHECK: %[[V1:.*]] = arith.divf %[[G]], %[[X1]]
  // CHECK: %[[V2:.*]] = arith.mulf %[[G]], %[[V0]]
  // CHECK: %[[V3:.*]] = arith.divf %[[V2]], %[[X1]]
  // CHECK: %[[V4:.*]] = arith.negf %[[V3]]
  // CHECK: return %[[V0]], %[[V1]], %[[V4]]
  %y = arith.divf %l, %r : tensor<4xf32>
  return %y : tensor<4xf32>
}

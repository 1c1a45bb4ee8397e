// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// CHECK-LABEL: func.func @mulf
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[X1:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @mulf(%l: tensor<4xf32>, %r: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: %[[V0:.*]] = arith.mulf %[[X]], %[[X1]]
  // CHECK: %[[V1:.*]] = arith.mulf %[[G]], %[[X1]]
  // CHECK: %[[V2:.*]] = arith.mulf %[[G]], %[[X]]
  // CHECK: return %[[V0]], %[[V1]], %[[V2]]
  %y = arith.mulf %l, %r : tensor<4xf32>
  return %y : tensor<4xf32>
}

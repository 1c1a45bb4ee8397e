// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// CHECK-LABEL: func.func @subf
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[X1:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @subf(%l: tensor<4xf32>, %r: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: %[[V0:.*]] = arith.subf %[[X]], %[[X1]]
  // CHECK: %[[V1:.*]] = arith.negf %[[G]]
  // CHECK: return %[[V0]], %[[G]], %[[V1]]
  %y = arith.subf %l, %r : tensor<4xf32>
  return %y : tensor<4xf32>
}

// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// fmod(l, r) = l - r trunc(l / r).
// CHECK-LABEL: func.func @remf
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[X1:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @remf(%l: tensor<4xf32>, %r: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: %[[V0:.*]] = arith.remf %[[X]], %[[X1]] : tensor<4xf32>
  // CHECK: %[[V1:.*]] = arith.divf %[[X]], %[[X1]]
  // CHECK: %[[V2:.*]] = math.trunc %[[V1]]
  // CHECK: %[[V3:.*]] = arith.mulf %[[G]], %[[V2]]
  // CHECK: %[[V4:.*]] = arith.negf %[[V3]]
  // CHECK: return %[[V0]], %[[G]], %[[V4]]
  %y = arith.remf %l, %r : tensor<4xf32>
  return %y : tensor<4xf32>
}

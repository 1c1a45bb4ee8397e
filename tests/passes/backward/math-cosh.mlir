// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// CHECK-LABEL: func.func @cosh
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @cosh(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: %[[V0:.*]] = math.cosh %[[X]]
  // CHECK: %[[V1:.*]] = math.sinh %[[X]]
  // CHECK: %[[V2:.*]] = arith.mulf %[[G]], %[[V1]]
  // CHECK: return %[[V0]], %[[V2]]
  %y = math.cosh %x : tensor<4xf32>
  return %y : tensor<4xf32>
}

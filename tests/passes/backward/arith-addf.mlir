// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// CHECK-LABEL: func.func @addf
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[X1:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @addf(%l: tensor<4xf32>, %r: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: %[[V0:.*]] = arith.addf %[[X]], %[[X1]]
  // CHECK: return %[[V0]], %[[G]], %[[G]]
  %y = arith.addf %l, %r : tensor<4xf32>
  return %y : tensor<4xf32>
}

// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// CHECK-LABEL: func.func @log
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @log(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: %[[V0:.*]] = math.log %[[X]]
  // CHECK: %[[V1:.*]] = arith.divf %[[G]], %[[X]]
  // CHECK: return %[[V0]], %[[V1]]
  %y = math.log %x : tensor<4xf32>
  return %y : tensor<4xf32>
}

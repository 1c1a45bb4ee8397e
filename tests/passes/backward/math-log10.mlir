// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// CHECK-LABEL: func.func @log10
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @log10(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK-DAG: %[[C0:.*]] = arith.constant dense<2.30258512> : tensor<4xf32>
  // CHECK: %[[V0:.*]] = math.log10 %[[X]]
  // CHECK: %[[V1:.*]] = arith.mulf %[[X]], %[[C0]]
  // CHECK: %[[V2:.*]] = arith.divf %[[G]], %[[V1]]
  // CHECK: return %[[V0]], %[[V2]]
  %y = math.log10 %x : tensor<4xf32>
  return %y : tensor<4xf32>
}

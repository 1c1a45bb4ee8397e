// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// CHECK-LABEL: func.func @log1p
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @log1p(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK-DAG: %[[C0:.*]] = arith.constant dense<1.000000e+00> : tensor<4xf32>
  // CHECK: %[[V0:.*]] = math.log1p %[[X]]
  // CHECK: %[[V1:.*]] = arith.addf %[[X]], %[[C0]]
  // CHECK: %[[V2:.*]] = arith.divf %[[G]], %[[V1]]
  // CHECK: return %[[V0]], %[[V2]]
  %y = math.log1p %x : tensor<4xf32>
  return %y : tensor<4xf32>
}

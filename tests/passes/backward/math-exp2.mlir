// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// CHECK-LABEL: func.func @exp2
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @exp2(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK-DAG: %[[C0:.*]] = arith.constant dense<0.693147182> : tensor<4xf32>
  // CHECK: %[[V0:.*]] = math.exp2 %[[X]]
  // CHECK: %[[V1:.*]] = arith.mulf %[[V0]], %[[C0]]
  // CHECK: %[[V2:.*]] = arith.mulf %[[G]], %[[V1]]
  // CHECK: return %[[V0]], %[[V2]]
  %y = math.exp2 %x : tensor<4xf32>
  return %y : tensor<4xf32>
}

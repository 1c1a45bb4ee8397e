// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// CHECK-LABEL: func.func @erfc
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @erfc(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK-DAG: %[[C0:.*]] = arith.constant dense<1.12837923> : tensor<4xf32>
  // CHECK: %[[V0:.*]] = math.erfc %[[X]]
  // CHECK: %[[V1:.*]] = arith.mulf %[[X]], %[[X]]
  // CHECK: %[[V2:.*]] = arith.negf %[[V1]]
  // CHECK: %[[V3:.*]] = math.exp %[[V2]]
  // CHECK: %[[V4:.*]] = arith.mulf %[[V3]], %[[C0]]
  // CHECK: %[[V5:.*]] = arith.mulf %[[G]], %[[V4]]
  // CHECK: %[[V6:.*]] = arith.negf %[[V5]]
  // CHECK: return %[[V0]], %[[V6]]
  %y = math.erfc %x : tensor<4xf32>
  return %y : tensor<4xf32>
}

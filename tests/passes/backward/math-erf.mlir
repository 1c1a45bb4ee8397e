// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// 2 / sqrt(pi) exp(-x^2).
// CHECK-LABEL: func.func @erf
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @erf(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK-DAG: %[[C0:.*]] = arith.constant dense<1.12837923> : tensor<4xf32>
  // CHECK: %[[V0:.*]] = math.erf %[[X]]
  // CHECK: %[[V1:.*]] = arith.mulf %[[X]], %[[X]]
  // CHECK: %[[V2:.*]] = arith.negf %[[V1]]
  // CHECK: %[[V3:.*]] = math.exp %[[V2]]
  // CHECK: %[[V4:.*]] = arith.mulf %[[V3]], %[[C0]]
  // CHECK: %[[V5:.*]] = arith.mulf %[[G]], %[[V4]]
  // CHECK: return %[[V0]], %[[V5]]
  %y = math.erf %x : tensor<4xf32>
  return %y : tensor<4xf32>
}

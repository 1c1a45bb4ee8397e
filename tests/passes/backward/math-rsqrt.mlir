// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// By the result, -y^3 / 2.
// CHECK-LABEL: func.func @rsqrt
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @rsqrt(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK-DAG: %[[C0:.*]] = arith.constant dense<-5.000000e-01> : tensor<4xf32>
  // CHECK: %[[V0:.*]] = math.rsqrt %[[X]]
  // CHECK: %[[V1:.*]] = arith.mulf %[[V0]], %[[V0]]
  // CHECK: %[[V2:.*]] = arith.mulf %[[V0]], %[[V1]]
  // CHECK: %[[V3:.*]] = arith.mulf %[[V2]], %[[C0]]
  // CHECK: %[[V4:.*]] = arith.mulf %[[G]], %[[V3]]
  // CHECK: return %[[V0]], %[[V4]]
  %y = math.rsqrt %x : tensor<4xf32>
  return %y : tensor<4xf32>
}

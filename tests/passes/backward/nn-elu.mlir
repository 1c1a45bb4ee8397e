// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// By the result.
// CHECK-LABEL: func.func @elu
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @elu(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK-DAG: %[[C0:.*]] = arith.constant dense<1.000000e+00> : tensor<4xf32>
  // CHECK-DAG: %[[C1:.*]] = arith.constant dense<0.000000e+00> : tensor<4xf32>
  // CHECK: %[[V0:.*]] = nn.elu %[[X]] {alpha = 1.000000e+00 : f32} : tensor<4xf32>
  // CHECK: %[[V1:.*]] = arith.cmpf ogt, %[[V0]], %[[C1]]
  // CHECK: %[[V2:.*]] = arith.addf %[[V0]], %[[C0]]
  // CHECK: %[[V3:.*]] = arith.mulf %[[G]], %[[V2]]
  // CHECK: %[[V4:.*]] = arith.select %[[V1]], %[[G]], %[[V3]]
  // CHECK: return %[[V0]], %[[V4]]
  %y = nn.elu %x {alpha = 1.0 : f32} : tensor<4xf32>
  return %y : tensor<4xf32>
}

// With a negative alpha the result does not tell the branch.
// CHECK-LABEL: func.func @negative_alpha
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @negative_alpha(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK-DAG: %[[C0:.*]] = arith.constant dense<-1.000000e+00> : tensor<4xf32>
  // CHECK-DAG: %[[C1:.*]] = arith.constant dense<0.000000e+00> : tensor<4xf32>
  // CHECK: %[[V0:.*]] = nn.elu %[[X]] {alpha = -1.000000e+00 : f32} : tensor<4xf32>
  // CHECK: %[[V1:.*]] = arith.cmpf ogt, %[[X]], %[[C1]]
  // CHECK: %[[V2:.*]] = arith.addf %[[V0]], %[[C0]]
  // CHECK: %[[V3:.*]] = arith.mulf %[[G]], %[[V2]]
  // CHECK: %[[V4:.*]] = arith.select %[[V1]], %[[G]], %[[V3]]
  // CHECK: return %[[V0]], %[[V4]]
  %y = nn.elu %x {alpha = -1.0 : f32} : tensor<4xf32>
  return %y : tensor<4xf32>
}

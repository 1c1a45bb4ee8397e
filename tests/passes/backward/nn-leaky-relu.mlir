// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// By the result; alpha at 0.
// CHECK-LABEL: func.func @leaky_relu
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @leaky_relu(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK-DAG: %[[C0:.*]] = arith.constant dense<2.500000e-01> : tensor<4xf32>
  // CHECK-DAG: %[[C1:.*]] = arith.constant dense<0.000000e+00> : tensor<4xf32>
  // CHECK: %[[V0:.*]] = nn.leaky_relu %[[X]] {alpha = 2.500000e-01 : f32} : tensor<4xf32>
  // CHECK: %[[V1:.*]] = arith.cmpf ogt, %[[V0]], %[[C1]]
  // CHECK: %[[V2:.*]] = arith.mulf %[[G]], %[[C0]]
  // CHECK: %[[V3:.*]] = arith.select %[[V1]], %[[G]], %[[V2]]
  // CHECK: return %[[V0]], %[[V3]]
  %y = nn.leaky_relu %x {alpha = 0.25 : f32} : tensor<4xf32>
  return %y : tensor<4xf32>
}

// With a negative alpha the result does not tell the branch.
// CHECK-LABEL: func.func @negative_alpha
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @negative_alpha(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK-DAG: %[[C0:.*]] = arith.constant dense<-2.500000e-01> : tensor<4xf32>
  // CHECK-DAG: %[[C1:.*]] = arith.constant dense<0.000000e+00> : tensor<4xf32>
  // CHECK: %[[V0:.*]] = nn.leaky_relu %[[X]] {alpha = -2.500000e-01 : f32} : tensor<4xf32>
  // CHECK: %[[V1:.*]] = arith.cmpf ogt, %[[X]], %[[C1]]
  // CHECK: %[[V2:.*]] = arith.mulf %[[G]], %[[C0]]
  // CHECK: %[[V3:.*]] = arith.select %[[V1]], %[[G]], %[[V2]]
  // CHECK: return %[[V0]], %[[V3]]
  %y = nn.leaky_relu %x {alpha = -0.25 : f32} : tensor<4xf32>
  return %y : tensor<4xf32>
}

// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// By the result, 0 at both bounds.
// CHECK-LABEL: func.func @hard_sigmoid
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @hard_sigmoid(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK-DAG: %[[C0:.*]] = arith.constant dense<0.000000e+00> : tensor<4xf32>
  // CHECK-DAG: %[[C1:.*]] = arith.constant dense<1.000000e+00> : tensor<4xf32>
  // CHECK-DAG: %[[C2:.*]] = arith.constant dense<2.500000e-01> : tensor<4xf32>
  // CHECK: %[[V0:.*]] = nn.hard_sigmoid %[[X]] {alpha = 2.500000e-01 : f32, beta = 5.000000e-01 : f32} : tensor<4xf32>
  // CHECK: %[[V1:.*]] = arith.mulf %[[G]], %[[C2]]
  // CHECK: %[[V2:.*]] = arith.cmpf olt, %[[V0]], %[[C1]]
  // CHECK: %[[V3:.*]] = arith.select %[[V2]], %[[V1]], %[[C0]]
  // CHECK: %[[V4:.*]] = arith.cmpf ogt, %[[V0]], %[[C0]]
  // CHECK: %[[V5:.*]] = arith.select %[[V4]], %[[V3]], %[[C0]]
  // CHECK: return %[[V0]], %[[V5]]
  %y = nn.hard_sigmoid %x {alpha = 0.25 : f32, beta = 0.5 : f32} : tensor<4xf32>
  return %y : tensor<4xf32>
}

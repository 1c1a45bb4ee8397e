// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// 1 at the bounds.
// CHECK-LABEL: func.func @clip
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @clip(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK-DAG: %[[C0:.*]] = arith.constant dense<-1.000000e+00> : tensor<4xf32>
  // CHECK-DAG: %[[C1:.*]] = arith.constant dense<0.000000e+00> : tensor<4xf32>
  // CHECK-DAG: %[[C2:.*]] = arith.constant dense<2.000000e+00> : tensor<4xf32>
  // CHECK: %[[V0:.*]] = nn.clip %[[X]] {maximum = 2.000000e+00 : f32, minimum = -1.000000e+00 : f32} : tensor<4xf32>
  // CHECK: %[[V1:.*]] = arith.cmpf ole, %[[X]], %[[C2]]
  // CHECK: %[[V2:.*]] = arith.select %[[V1]], %[[G]], %[[C1]]
  // CHECK: %[[V3:.*]] = arith.cmpf oge, %[[X]], %[[C0]]
  // CHECK: %[[V4:.*]] = arith.select %[[V3]], %[[V2]], %[[C1]]
  // CHECK: return %[[V0]], %[[V4]]
  %y = nn.clip %x {minimum = -1.0 : f32, maximum = 2.0 : f32} : tensor<4xf32>
  return %y : tensor<4xf32>
}

// By the result, 0 at the bounds.
// CHECK-LABEL: func.func @relu6
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @relu6(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK-DAG: %[[C0:.*]] = arith.constant dense<0.000000e+00> : tensor<4xf32>
  // CHECK-DAG: %[[C1:.*]] = arith.constant dense<6.000000e+00> : tensor<4xf32>
  // CHECK: %[[V0:.*]] = nn.clip %[[X]] {maximum = 6.000000e+00 : f32, minimum = 0.000000e+00 : f32} : tensor<4xf32>
  // CHECK: %[[V1:.*]] = arith.cmpf olt, %[[V0]], %[[C1]]
  // CHECK: %[[V2:.*]] = arith.select %[[V1]], %[[G]], %[[C0]]
  // CHECK: %[[V3:.*]] = arith.cmpf ogt, %[[V0]], %[[C0]]
  // CHECK: %[[V4:.*]] = arith.select %[[V3]], %[[V2]], %[[C0]]
  // CHECK: return %[[V0]], %[[V4]]
  %y = nn.clip %x {minimum = 0.0 : f32, maximum = 6.0 : f32} : tensor<4xf32>
  return %y : tensor<4xf32>
}

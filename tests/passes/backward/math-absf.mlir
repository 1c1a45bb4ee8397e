// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// 0 at 0.
// CHECK-LABEL: func.func @absf
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @absf(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK-DAG: %[[C0:.*]] = arith.constant dense<0.000000e+00> : tensor<4xf32>
  // CHECK: %[[V0:.*]] = math.absf %[[X]]
  // CHECK: %[[V1:.*]] = arith.negf %[[G]]
  // CHECK: %[[V2:.*]] = arith.cmpf olt, %[[X]], %[[C0]]
  // CHECK: %[[V3:.*]] = arith.select %[[V2]], %[[V1]], %[[C0]]
  // CHECK: %[[V4:.*]] = arith.cmpf ogt, %[[X]], %[[C0]]
  // CHECK: %[[V5:.*]] = arith.select %[[V4]], %[[G]], %[[V3]]
  // CHECK: return %[[V0]], %[[V5]]
  %y = math.absf %x : tensor<4xf32>
  return %y : tensor<4xf32>
}

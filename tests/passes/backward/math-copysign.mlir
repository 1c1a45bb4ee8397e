// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// The sign has no gradient; the magnitude has none at 0.
// CHECK-LABEL: func.func @copysign
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[X1:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @copysign(%l: tensor<4xf32>, %r: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK-DAG: %[[C0:.*]] = arith.constant dense<0.000000e+00> : tensor<4xf32>
  // CHECK: %[[V0:.*]] = math.copysign %[[X]], %[[X1]]
  // CHECK: %[[V1:.*]] = arith.cmpf oeq, %[[X]], %[[C0]]
  // CHECK: %[[V2:.*]] = arith.divf %[[V0]], %[[X]]
  // CHECK: %[[V3:.*]] = arith.mulf %[[G]], %[[V2]]
  // CHECK: %[[V4:.*]] = arith.select %[[V1]], %[[C0]], %[[V3]]
  // CHECK: return %[[V0]], %[[V4]], %[[C0]]
  %y = math.copysign %l, %r : tensor<4xf32>
  return %y : tensor<4xf32>
}

// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// Steps have the derivative 0 everywhere.
// CHECK-LABEL: func.func @ceil
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @ceil(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK-DAG: %[[C0:.*]] = arith.constant dense<0.000000e+00> : tensor<4xf32>
  // CHECK: %[[V0:.*]] = math.ceil %[[X]]
  // CHECK: return %[[V0]], %[[C0]]
  %y = math.ceil %x : tensor<4xf32>
  return %y : tensor<4xf32>
}

// CHECK-LABEL: func.func @floor
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @floor(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK-DAG: %[[C0:.*]] = arith.constant dense<0.000000e+00> : tensor<4xf32>
  // CHECK: %[[V0:.*]] = math.floor %[[X]]
  // CHECK: return %[[V0]], %[[C0]]
  %y = math.floor %x : tensor<4xf32>
  return %y : tensor<4xf32>
}

// CHECK-LABEL: func.func @round
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @round(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK-DAG: %[[C0:.*]] = arith.constant dense<0.000000e+00> : tensor<4xf32>
  // CHECK: %[[V0:.*]] = math.round %[[X]]
  // CHECK: return %[[V0]], %[[C0]]
  %y = math.round %x : tensor<4xf32>
  return %y : tensor<4xf32>
}

// CHECK-LABEL: func.func @roundeven
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @roundeven(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK-DAG: %[[C0:.*]] = arith.constant dense<0.000000e+00> : tensor<4xf32>
  // CHECK: %[[V0:.*]] = math.roundeven %[[X]]
  // CHECK: return %[[V0]], %[[C0]]
  %y = math.roundeven %x : tensor<4xf32>
  return %y : tensor<4xf32>
}

// CHECK-LABEL: func.func @trunc
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @trunc(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK-DAG: %[[C0:.*]] = arith.constant dense<0.000000e+00> : tensor<4xf32>
  // CHECK: %[[V0:.*]] = math.trunc %[[X]]
  // CHECK: return %[[V0]], %[[C0]]
  %y = math.trunc %x : tensor<4xf32>
  return %y : tensor<4xf32>
}

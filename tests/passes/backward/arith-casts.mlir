// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// CHECK-LABEL: func.func @extf
// CHECK-SAME: (%[[X:.*]]: tensor<4xf16>, %[[G:.*]]: tensor<4xf32>)
func.func @extf(%x: tensor<4xf16>) -> tensor<4xf32> {
  // CHECK: %[[V0:.*]] = arith.extf %[[X]] : tensor<4xf16> to tensor<4xf32>
  // CHECK: %[[V1:.*]] = arith.truncf %[[G]] : tensor<4xf32> to tensor<4xf16>
  // CHECK: return %[[V0]], %[[V1]]
  %y = arith.extf %x : tensor<4xf16> to tensor<4xf32>
  return %y : tensor<4xf32>
}

// CHECK-LABEL: func.func @truncf
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf16>)
func.func @truncf(%x: tensor<4xf32>) -> tensor<4xf16> {
  // CHECK: %[[V0:.*]] = arith.truncf %[[X]] : tensor<4xf32> to tensor<4xf16>
  // CHECK: %[[V1:.*]] = arith.extf %[[G]] : tensor<4xf16> to tensor<4xf32>
  // CHECK: return %[[V0]], %[[V1]]
  %y = arith.truncf %x : tensor<4xf32> to tensor<4xf16>
  return %y : tensor<4xf16>
}

// Integers stop a gradient.
// CHECK-LABEL: func.func @integers
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @integers(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK-DAG: %[[C0:.*]] = arith.constant dense<0.000000e+00> : tensor<4xf32>
  // CHECK: %[[V0:.*]] = arith.fptosi %[[X]] : tensor<4xf32> to tensor<4xi32>
  // CHECK: %[[V1:.*]] = arith.sitofp %[[V0]] : tensor<4xi32> to tensor<4xf32>
  // CHECK: return %[[V1]], %[[C0]]
  %i = arith.fptosi %x : tensor<4xf32> to tensor<4xi32>
  %y = arith.sitofp %i : tensor<4xi32> to tensor<4xf32>
  return %y : tensor<4xf32>
}

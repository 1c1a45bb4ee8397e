// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// CHECK-LABEL: func.func @cast
// CHECK-SAME: (%[[X:.*]]: tensor<?x3xf32>, %[[G:.*]]: tensor<4x3xf32>)
func.func @cast(%x: tensor<?x3xf32>) -> tensor<4x3xf32> {
  // CHECK: %[[V0:.*]] = tensor.cast %[[X]] : tensor<?x3xf32> to tensor<4x3xf32>
  // CHECK: %[[V1:.*]] = math.exp %[[V0]]
  // CHECK: %[[V2:.*]] = arith.mulf %[[G]], %[[V1]]
  // CHECK: %[[V3:.*]] = tensor.cast %[[V2]] : tensor<4x3xf32> to tensor<?x3xf32>
  // CHECK: return %[[V1]], %[[V3]]
  %y = tensor.cast %x : tensor<?x3xf32> to tensor<4x3xf32>
  %z = math.exp %y : tensor<4x3xf32>
  return %z : tensor<4x3xf32>
}

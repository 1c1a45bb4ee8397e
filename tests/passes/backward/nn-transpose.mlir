// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// CHECK-LABEL: func.func @transpose
// CHECK-SAME: (%[[X:.*]]: tensor<?x3x4xf32>, %[[G:.*]]: tensor<4x?x3xf32>)
func.func @transpose(%x: tensor<?x3x4xf32>) -> tensor<4x?x3xf32> {
  // CHECK: %[[V0:.*]] = nn.transpose %[[X]] permutation = [2, 0, 1] : tensor<?x3x4xf32> -> tensor<4x?x3xf32>
  // CHECK: %[[V1:.*]] = nn.transpose %[[G]] permutation = [1, 2, 0] : tensor<4x?x3xf32> -> tensor<?x3x4xf32>
  // CHECK: return %[[V0]], %[[V1]]
  %y = nn.transpose %x permutation = [2, 0, 1] : tensor<?x3x4xf32> -> tensor<4x?x3xf32>
  return %y : tensor<4x?x3xf32>
}

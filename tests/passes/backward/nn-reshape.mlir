// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// CHECK-LABEL: func.func @reshape
// CHECK-SAME: (%[[X:.*]]: tensor<?x3x4xf32>, %[[G:.*]]: tensor<?x12xf32>)
func.func @reshape(%x: tensor<?x3x4xf32>) -> tensor<?x12xf32> {
  // CHECK: %[[V0:.*]] = nn.reshape %[[X]] : tensor<?x3x4xf32> -> tensor<?x12xf32>
  // CHECK: %[[V1:.*]] = nn.reshape %[[G]] : tensor<?x12xf32> -> tensor<?x3x4xf32>
  // CHECK: return %[[V0]], %[[V1]]
  %y = nn.reshape %x : tensor<?x3x4xf32> -> tensor<?x12xf32>
  return %y : tensor<?x12xf32>
}

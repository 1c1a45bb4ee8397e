// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// Labels have no gradient.
// CHECK-LABEL: func.func @pick
// CHECK-SAME: (%[[X:.*]]: tensor<?x3xf32>, %[[X1:.*]]: tensor<?xi64>, %[[G:.*]]: tensor<?xf32>)
func.func @pick(%x: tensor<?x3xf32>, %labels: tensor<?xi64>) -> tensor<?xf32> {
  // CHECK: %[[V0:.*]] = nn.pick %[[X]], %[[X1]] : tensor<?x3xf32>, tensor<?xi64> -> tensor<?xf32>
  // CHECK: %[[V1:.*]] = nn.unpick %[[G]], %[[X1]] : tensor<?xf32>, tensor<?xi64> -> tensor<?x3xf32>
  // CHECK: return %[[V0]], %[[V1]]
  %y = nn.pick %x, %labels : tensor<?x3xf32>, tensor<?xi64> -> tensor<?xf32>
  return %y : tensor<?xf32>
}

// CHECK-LABEL: func.func @unpick
// CHECK-SAME: (%[[X:.*]]: tensor<?xf32>, %[[X1:.*]]: tensor<?xi64>, %[[G:.*]]: tensor<?x3xf32>)
func.func @unpick(%x: tensor<?xf32>, %labels: tensor<?xi64>) -> tensor<?x3xf32> {
  // CHECK: %[[V0:.*]] = nn.unpick %[[X]], %[[X1]] : tensor<?xf32>, tensor<?xi64> -> tensor<?x3xf32>
  // CHECK: %[[V1:.*]] = nn.pick %[[G]], %[[X1]] : tensor<?x3xf32>, tensor<?xi64> -> tensor<?xf32>
  // CHECK: return %[[V0]], %[[V1]]
  %y = nn.unpick %x, %labels : tensor<?xf32>, tensor<?xi64> -> tensor<?x3xf32>
  return %y : tensor<?x3xf32>
}

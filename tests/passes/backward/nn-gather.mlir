// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// Indices have no gradient.
// CHECK-LABEL: func.func @gather
// CHECK-SAME: (%[[X:.*]]: tensor<9x3xf32>, %[[X1:.*]]: tensor<?xi64>, %[[G:.*]]: tensor<?x3xf32>)
func.func @gather(%x: tensor<9x3xf32>, %i: tensor<?xi64>) -> tensor<?x3xf32> {
  // CHECK: %[[V0:.*]] = nn.gather %[[X]], %[[X1]] dimension = 0 : tensor<9x3xf32>, tensor<?xi64> -> tensor<?x3xf32>
  // CHECK: %[[V1:.*]] = nn.scatter_add %[[G]], %[[X1]][] dimension = 0 : tensor<?x3xf32>, tensor<?xi64> -> tensor<9x3xf32>
  // CHECK: return %[[V0]], %[[V1]]
  %y = nn.gather %x, %i dimension = 0 : tensor<9x3xf32>, tensor<?xi64> -> tensor<?x3xf32>
  return %y : tensor<?x3xf32>
}

// CHECK-LABEL: func.func @scatter_add
// CHECK-SAME: (%[[X:.*]]: tensor<?x3xf32>, %[[X1:.*]]: tensor<?xi64>, %[[G:.*]]: tensor<9x3xf32>)
func.func @scatter_add(%u: tensor<?x3xf32>, %i: tensor<?xi64>) -> tensor<9x3xf32> {
  // CHECK: %[[V0:.*]] = nn.scatter_add %[[X]], %[[X1]][] dimension = 0 : tensor<?x3xf32>, tensor<?xi64> -> tensor<9x3xf32>
  // CHECK: %[[V1:.*]] = nn.gather %[[G]], %[[X1]] dimension = 0 : tensor<9x3xf32>, tensor<?xi64> -> tensor<?x3xf32>
  // CHECK: return %[[V0]], %[[V1]]
  %y = nn.scatter_add %u, %i[] dimension = 0 : tensor<?x3xf32>, tensor<?xi64> -> tensor<9x3xf32>
  return %y : tensor<9x3xf32>
}

// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// CHECK-LABEL: func.func @plain
// CHECK-SAME: (%[[X:.*]]: tensor<?x3xf32>, %[[X1:.*]]: tensor<3x5xf32>, %[[G:.*]]: tensor<?x5xf32>)
func.func @plain(%l: tensor<?x3xf32>, %r: tensor<3x5xf32>) -> tensor<?x5xf32> {
  // CHECK: %[[V0:.*]] = nn.matmul %[[X]], %[[X1]] : tensor<?x3xf32>, tensor<3x5xf32> -> tensor<?x5xf32>
  // CHECK: %[[V1:.*]] = nn.matmul %[[G]], %[[X1]] {transpose_rhs} : tensor<?x5xf32>, tensor<3x5xf32> -> tensor<?x3xf32>
  // CHECK: %[[V2:.*]] = nn.matmul %[[X]], %[[G]] {transpose_lhs} : tensor<?x3xf32>, tensor<?x5xf32> -> tensor<3x5xf32>
  // CHECK: return %[[V0]], %[[V1]], %[[V2]]
  %y = nn.matmul %l, %r : tensor<?x3xf32>, tensor<3x5xf32> -> tensor<?x5xf32>
  return %y : tensor<?x5xf32>
}

// CHECK-LABEL: func.func @transpose_lhs
// CHECK-SAME: (%[[X:.*]]: tensor<3x?xf32>, %[[X1:.*]]: tensor<3x5xf32>, %[[G:.*]]: tensor<?x5xf32>)
func.func @transpose_lhs(%l: tensor<3x?xf32>, %r: tensor<3x5xf32>) -> tensor<?x5xf32> {
  // CHECK: %[[V0:.*]] = nn.matmul %[[X]], %[[X1]] {transpose_lhs} : tensor<3x?xf32>, tensor<3x5xf32> -> tensor<?x5xf32>
  // CHECK: %[[V1:.*]] = nn.matmul %[[X1]], %[[G]] {transpose_rhs} : tensor<3x5xf32>, tensor<?x5xf32> -> tensor<3x?xf32>
  // CHECK: %[[V2:.*]] = nn.matmul %[[X]], %[[G]] : tensor<3x?xf32>, tensor<?x5xf32> -> tensor<3x5xf32>
  // CHECK: return %[[V0]], %[[V1]], %[[V2]]
  %y = nn.matmul %l, %r {transpose_lhs} : tensor<3x?xf32>, tensor<3x5xf32> -> tensor<?x5xf32>
  return %y : tensor<?x5xf32>
}

// CHECK-LABEL: func.func @transpose_rhs
// CHECK-SAME: (%[[X:.*]]: tensor<?x3xf32>, %[[X1:.*]]: tensor<5x3xf32>, %[[G:.*]]: tensor<?x5xf32>)
func.func @transpose_rhs(%l: tensor<?x3xf32>, %r: tensor<5x3xf32>) -> tensor<?x5xf32> {
  // CHECK: %[[V0:.*]] = nn.matmul %[[X]], %[[X1]] {transpose_rhs} : tensor<?x3xf32>, tensor<5x3xf32> -> tensor<?x5xf32>
  // CHECK: %[[V1:.*]] = nn.matmul %[[G]], %[[X1]] : tensor<?x5xf32>, tensor<5x3xf32> -> tensor<?x3xf32>
  // CHECK: %[[V2:.*]] = nn.matmul %[[G]], %[[X]] {transpose_lhs} : tensor<?x5xf32>, tensor<?x3xf32> -> tensor<5x3xf32>
  // CHECK: return %[[V0]], %[[V1]], %[[V2]]
  %y = nn.matmul %l, %r {transpose_rhs} : tensor<?x3xf32>, tensor<5x3xf32> -> tensor<?x5xf32>
  return %y : tensor<?x5xf32>
}

// CHECK-LABEL: func.func @transpose_both
// CHECK-SAME: (%[[X:.*]]: tensor<3x?xf32>, %[[X1:.*]]: tensor<5x3xf32>, %[[G:.*]]: tensor<?x5xf32>)
func.func @transpose_both(%l: tensor<3x?xf32>, %r: tensor<5x3xf32>) -> tensor<?x5xf32> {
  // CHECK: %[[V0:.*]] = nn.matmul %[[X]], %[[X1]] {transpose_lhs, transpose_rhs} : tensor<3x?xf32>, tensor<5x3xf32> -> tensor<?x5xf32>
  // CHECK: %[[V1:.*]] = nn.matmul %[[X1]], %[[G]] {transpose_lhs, transpose_rhs} : tensor<5x3xf32>, tensor<?x5xf32> -> tensor<3x?xf32>
  // CHECK: %[[V2:.*]] = nn.matmul %[[G]], %[[X]] {transpose_lhs, transpose_rhs} : tensor<?x5xf32>, tensor<3x?xf32> -> tensor<5x3xf32>
  // CHECK: return %[[V0]], %[[V1]], %[[V2]]
  %y = nn.matmul %l, %r {transpose_lhs, transpose_rhs} : tensor<3x?xf32>, tensor<5x3xf32> -> tensor<?x5xf32>
  return %y : tensor<?x5xf32>
}

// CHECK-LABEL: func.func @stack
// CHECK-SAME: (%[[X:.*]]: tensor<?x2x3xf32>, %[[X1:.*]]: tensor<?x3x5xf32>, %[[G:.*]]: tensor<?x2x5xf32>)
func.func @stack(%l: tensor<?x2x3xf32>, %r: tensor<?x3x5xf32>) -> tensor<?x2x5xf32> {
  // CHECK: %[[V0:.*]] = nn.matmul %[[X]], %[[X1]] : tensor<?x2x3xf32>, tensor<?x3x5xf32> -> tensor<?x2x5xf32>
  // CHECK: %[[V1:.*]] = nn.matmul %[[G]], %[[X1]] {transpose_rhs} : tensor<?x2x5xf32>, tensor<?x3x5xf32> -> tensor<?x2x3xf32>
  // CHECK: %[[V2:.*]] = nn.matmul %[[X]], %[[G]] {transpose_lhs} : tensor<?x2x3xf32>, tensor<?x2x5xf32> -> tensor<?x3x5xf32>
  // CHECK: return %[[V0]], %[[V1]], %[[V2]]
  %y = nn.matmul %l, %r : tensor<?x2x3xf32>, tensor<?x3x5xf32> -> tensor<?x2x5xf32>
  return %y : tensor<?x2x5xf32>
}

// RUN: frac-opt %s -canonicalize | FileCheck %s

// CHECK-LABEL: func.func @broadcast_nothing
func.func @broadcast_nothing(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // CHECK-NEXT: return %arg0
  %0 = nn.broadcast %x[] dimensions = [0, 1] : tensor<2x3xf32> -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @broadcast_constant
func.func @broadcast_constant() -> tensor<2x3xf32> {
  // CHECK-NEXT: arith.constant dense<2.000000e+00> : tensor<2x3xf32>
  // CHECK-NEXT: return
  %0 = arith.constant dense<2.0> : tensor<f32>
  %1 = nn.broadcast %0[] dimensions = [] : tensor<f32> -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @reduce_nothing
func.func @reduce_nothing(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
  // CHECK-NEXT: return %arg0
  %0 = nn.reduce sum %x dimensions = [] : tensor<?x3xf32> -> tensor<?x3xf32>
  return %0 : tensor<?x3xf32>
}

// CHECK-LABEL: func.func @reshape_nothing
func.func @reshape_nothing(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
  // CHECK-NEXT: return %arg0
  %0 = nn.reshape %x : tensor<?x3xf32> -> tensor<?x3xf32>
  return %0 : tensor<?x3xf32>
}

// CHECK-LABEL: func.func @reshape_twice
func.func @reshape_twice(%x: tensor<?x6xf32>) -> tensor<?x2x3xf32> {
  // CHECK-NEXT: %[[Y:.*]] = nn.reshape %arg0 : tensor<?x6xf32> -> tensor<?x2x3xf32>
  // CHECK-NEXT: return %[[Y]]
  %0 = nn.reshape %x : tensor<?x6xf32> -> tensor<?xf32>
  %1 = nn.reshape %0 : tensor<?xf32> -> tensor<?x2x3xf32>
  return %1 : tensor<?x2x3xf32>
}

// CHECK-LABEL: func.func @reshape_constant
func.func @reshape_constant() -> tensor<2x2xf32> {
  // CHECK-NEXT: arith.constant dense<{{\[\[}}1.000000e+00, 2.000000e+00], [3.000000e+00, 4.000000e+00]]>
  // CHECK-NEXT: return
  %0 = arith.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
  %1 = nn.reshape %0 : tensor<4xf32> -> tensor<2x2xf32>
  return %1 : tensor<2x2xf32>
}

// CHECK-LABEL: func.func @transpose_nothing
func.func @transpose_nothing(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
  // CHECK-NEXT: return %arg0
  %0 = nn.transpose %x permutation = [0, 1] : tensor<?x3xf32> -> tensor<?x3xf32>
  return %0 : tensor<?x3xf32>
}

// CHECK-LABEL: func.func @transpose_twice
func.func @transpose_twice(%x: tensor<2x3x4xf32>) -> tensor<3x2x4xf32> {
  // CHECK-NEXT: %[[Y:.*]] = nn.transpose %arg0 permutation = [1, 0, 2] : tensor<2x3x4xf32> -> tensor<3x2x4xf32>
  // CHECK-NEXT: return %[[Y]]
  %0 = nn.transpose %x permutation = [2, 0, 1] : tensor<2x3x4xf32> -> tensor<4x2x3xf32>
  %1 = nn.transpose %0 permutation = [2, 1, 0] : tensor<4x2x3xf32> -> tensor<3x2x4xf32>
  return %1 : tensor<3x2x4xf32>
}

// CHECK-LABEL: func.func @transpose_back
func.func @transpose_back(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
  // CHECK-NEXT: return %arg0
  %0 = nn.transpose %x permutation = [1, 0] : tensor<?x3xf32> -> tensor<3x?xf32>
  %1 = nn.transpose %0 permutation = [1, 0] : tensor<3x?xf32> -> tensor<?x3xf32>
  return %1 : tensor<?x3xf32>
}

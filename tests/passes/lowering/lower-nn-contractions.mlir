// RUN: frac-opt %s --frac-lower-nn --canonicalize --cse | FileCheck %s

// Convolutions end channels-last whether or not a layout was assigned; matrix
// products stay.

// CHECK-LABEL: func.func @conv
// CHECK: linalg.generic
// CHECK: nn.conv {{.*}} {channels_last{{.*}} : tensor<?x8x8x3xf32>, tensor<4x3x3x3xf32> -> tensor<?x8x8x4xf32>
// CHECK: linalg.generic
// CHECK: return %{{.*}} : tensor<?x4x8x8xf32>
func.func @conv(%x: tensor<?x3x8x8xf32>, %w: tensor<4x3x3x3xf32>) -> tensor<?x4x8x8xf32> {
  %y = nn.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
      pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, groups = 1 : i64}
    : tensor<?x3x8x8xf32>, tensor<4x3x3x3xf32> -> tensor<?x4x8x8xf32>
  return %y : tensor<?x4x8x8xf32>
}

// CHECK-LABEL: func.func @matmul
// CHECK-NEXT: nn.matmul
// CHECK-NEXT: return
func.func @matmul(%x: tensor<?x3xf32>, %w: tensor<3x4xf32>) -> tensor<?x4xf32> {
  %y = nn.matmul %x, %w : tensor<?x3xf32>, tensor<3x4xf32> -> tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}

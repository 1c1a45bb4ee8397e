// RUN: frac-opt %s --pass-pipeline="builtin.module(func.func(frac-lower-contractions))" 2>/dev/null | FileCheck %s
// RUN: frac-opt %s --pass-pipeline="builtin.module(func.func(frac-lower-contractions))" -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK
// RUN: not frac-opt %s --pass-pipeline="builtin.module(func.func(frac-lower-contractions{strict}))" -o /dev/null 2>&1 | FileCheck %s --check-prefix=STRICT

// CHECK-LABEL: func.func @matmul
// CHECK: %[[T:.*]] = linalg.transpose ins(%{{.*}} : tensor<3x4xf32>) outs(%{{.*}} : tensor<4x3xf32>) permutation = [1, 0]
// CHECK: %[[DIM:.*]] = tensor.dim %{{.*}}, %{{.*}} : tensor<?x4xf32>
// CHECK: tensor.empty(%[[DIM]]) : tensor<?x3xf32>
// CHECK: linalg.fill
// CHECK: linalg.matmul ins(%{{.*}}, %[[T]] : tensor<?x4xf32>, tensor<4x3xf32>)
func.func @matmul(%x: tensor<?x4xf32>, %w: tensor<3x4xf32>) -> tensor<?x3xf32> {
  %y = nn.matmul %x, %w {transpose_rhs} : tensor<?x4xf32>, tensor<3x4xf32> -> tensor<?x3xf32>
  return %y : tensor<?x3xf32>
}

// CHECK-LABEL: func.func @stacks
// CHECK: linalg.transpose {{.*}} permutation = [0, 2, 1]
// CHECK: linalg.batch_matmul
func.func @stacks(%x: tensor<2x4x5xf32>, %y: tensor<2x4x3xf32>) -> tensor<2x5x3xf32> {
  %p = nn.matmul %x, %y {transpose_lhs} : tensor<2x4x5xf32>, tensor<2x4x3xf32> -> tensor<2x5x3xf32>
  return %p : tensor<2x5x3xf32>
}

// CHECK-LABEL: func.func @conv
// CHECK: %[[P:.*]] = tensor.pad %{{.*}} low[0, 0, 1, 0] high[0, 0, 1, 2]
// CHECK: tensor<?x2x6x6xf32> to tensor<?x2x8x8xf32>
// CHECK: linalg.conv_2d_nchw_fchw {dilations = dense<1> : tensor<2xi64>, strides = dense<2> : tensor<2xi64>} ins(%[[P]], %{{.*}} :
func.func @conv(%x: tensor<?x2x6x6xf32>, %w: tensor<4x2x3x3xf32>) -> tensor<?x4x3x3xf32> {
  %y = nn.conv %x, %w {strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, pads_begin = array<i64: 1, 0>,
      pads_end = array<i64: 1, 2>, groups = 1 : i64} : tensor<?x2x6x6xf32>, tensor<4x2x3x3xf32> -> tensor<?x4x3x3xf32>
  return %y : tensor<?x4x3x3xf32>
}

// CHECK-LABEL: func.func @groups
// CHECK-DAG: tensor.expand_shape %{{.*}} {{\[\[0\], \[1, 2\], \[3\], \[4\]\]}} {{.*}} : tensor<?x4x5x5xf32> into tensor<?x2x2x5x5xf32>
// CHECK-DAG: tensor.expand_shape %{{.*}} {{\[\[0, 1\], \[2\], \[3\], \[4\]\]}} {{.*}} : tensor<6x2x3x3xf32> into tensor<2x3x2x3x3xf32>
// CHECK: linalg.conv_2d_ngchw_gfchw
// CHECK: tensor.collapse_shape %{{.*}} {{\[\[0\], \[1, 2\], \[3\], \[4\]\]}} : tensor<?x2x3x3x3xf32> into tensor<?x6x3x3xf32>
func.func @groups(%x: tensor<?x4x5x5xf32>, %w: tensor<6x2x3x3xf32>) -> tensor<?x6x3x3xf32> {
  %y = nn.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>,
      pads_end = array<i64: 0, 0>, groups = 2 : i64} : tensor<?x4x5x5xf32>, tensor<6x2x3x3xf32> -> tensor<?x6x3x3xf32>
  return %y : tensor<?x6x3x3xf32>
}

// CHECK-LABEL: func.func @depthwise
// CHECK: tensor.collapse_shape %{{.*}} {{\[\[0, 1\], \[2\], \[3\], \[4\]\]}} : tensor<4x1x3x3x3xf32> into tensor<4x3x3x3xf32>
// CHECK: linalg.depthwise_conv_3d_ncdhw_cdhw
func.func @depthwise(%x: tensor<?x4x5x5x5xf32>, %w: tensor<4x1x3x3x3xf32>) -> tensor<?x4x3x3x3xf32> {
  %y = nn.conv %x, %w {strides = array<i64: 1, 1, 1>, dilations = array<i64: 1, 1, 1>, pads_begin = array<i64: 0, 0, 0>,
      pads_end = array<i64: 0, 0, 0>, groups = 4 : i64} : tensor<?x4x5x5x5xf32>, tensor<4x1x3x3x3xf32> -> tensor<?x4x3x3x3xf32>
  return %y : tensor<?x4x3x3x3xf32>
}

// CHECK-LABEL: func.func @unnamed
// CHECK: nn.conv
// REMARK: [[@LINE+3]]:8: remark: left as it is: linalg has no named operation for it
// STRICT: [[@LINE+2]]:8: error: left as it is: linalg has no named operation for it
func.func @unnamed(%x: tensor<?x5x4xf32>, %w: tensor<6x2x3xf32>) -> tensor<?x3x6xf32> {
  %y = nn.conv %x, %w {channels_last, strides = array<i64: 1>, dilations = array<i64: 1>, pads_begin = array<i64: 0>,
      pads_end = array<i64: 0>, groups = 2 : i64} : tensor<?x5x4xf32>, tensor<6x2x3xf32> -> tensor<?x3x6xf32>
  return %y : tensor<?x3x6xf32>
}

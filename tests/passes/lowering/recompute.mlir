// RUN: frac-opt %s --frac-lower-nn --canonicalize --cse --frac-recompute=min-distance=1 --split-input-file | FileCheck %s

// The activation waits for the gradient of the weights; %c, which it comes
// from, is needed after that.

// CHECK-LABEL: func.func @step
// CHECK: %[[C:.*]] = nn.conv
// CHECK: linalg.generic {{.*}} ins(%[[C]] :
// CHECK: nn.conv
// CHECK: nn.conv
// CHECK: %[[AGAIN:.*]] = linalg.generic {{.*}} ins(%[[C]] :
// CHECK: nn.conv_weight_grad %[[AGAIN]]
// CHECK: nn.conv_weight_grad %[[C]]

// Without a later use of it, %c would have to be kept instead.

// CHECK-LABEL: func.func @kept
// CHECK: nn.conv
// CHECK: %[[R:.*]] = linalg.generic
// CHECK: nn.conv
// CHECK: nn.conv
// CHECK-NOT: linalg.generic
// CHECK: nn.conv_weight_grad %[[R]]
func.func @step(%x: tensor<?x8x8x4xf32>, %w: tensor<4x4x1x1xf32>)
    -> (tensor<4x4x1x1xf32>, tensor<4x4x1x1xf32>) {
  %c = nn.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, groups = 1 : i64, channels_last}
    : tensor<?x8x8x4xf32>, tensor<4x4x1x1xf32> -> tensor<?x8x8x4xf32>
  %r = nn.relu %c : tensor<?x8x8x4xf32>
  %d = nn.conv %r, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, groups = 1 : i64, channels_last}
    : tensor<?x8x8x4xf32>, tensor<4x4x1x1xf32> -> tensor<?x8x8x4xf32>
  %e = nn.conv %d, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, groups = 1 : i64, channels_last}
    : tensor<?x8x8x4xf32>, tensor<4x4x1x1xf32> -> tensor<?x8x8x4xf32>
  %g = nn.conv_weight_grad %r, %e {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, groups = 1 : i64, channels_last}
    : tensor<?x8x8x4xf32>, tensor<?x8x8x4xf32> -> tensor<4x4x1x1xf32>
  %h = nn.conv_weight_grad %c, %e {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, groups = 1 : i64, channels_last}
    : tensor<?x8x8x4xf32>, tensor<?x8x8x4xf32> -> tensor<4x4x1x1xf32>
  return %g, %h : tensor<4x4x1x1xf32>, tensor<4x4x1x1xf32>
}

func.func @kept(%x: tensor<?x8x8x4xf32>, %w: tensor<4x4x1x1xf32>) -> tensor<4x4x1x1xf32> {
  %c = nn.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, groups = 1 : i64, channels_last}
    : tensor<?x8x8x4xf32>, tensor<4x4x1x1xf32> -> tensor<?x8x8x4xf32>
  %r = nn.relu %c : tensor<?x8x8x4xf32>
  %d = nn.conv %r, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, groups = 1 : i64, channels_last}
    : tensor<?x8x8x4xf32>, tensor<4x4x1x1xf32> -> tensor<?x8x8x4xf32>
  %e = nn.conv %d, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, groups = 1 : i64, channels_last}
    : tensor<?x8x8x4xf32>, tensor<4x4x1x1xf32> -> tensor<?x8x8x4xf32>
  %g = nn.conv_weight_grad %r, %e {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, groups = 1 : i64, channels_last}
    : tensor<?x8x8x4xf32>, tensor<?x8x8x4xf32> -> tensor<4x4x1x1xf32>
  return %g : tensor<4x4x1x1xf32>
}

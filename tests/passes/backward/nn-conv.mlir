// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// CHECK-LABEL: func.func @conv
// CHECK-SAME: (%[[X:.*]]: tensor<?x4x9x9xf32>, %[[X1:.*]]: tensor<6x2x3x3xf32>, %[[G:.*]]: tensor<?x6x5x5xf32>)
func.func @conv(%x: tensor<?x4x9x9xf32>, %w: tensor<6x2x3x3xf32>) -> tensor<?x6x5x5xf32> {
  // CHECK: %[[V0:.*]] = nn.conv %[[X]], %[[X1]] {dilations = array<i64: 1, 1>, groups = 2 : i64, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, strides = array<i64: 2, 2>} : tensor<?x4x9x9xf32>, tensor<6x2x3x3xf32> -> tensor<?x6x5x5xf32>
  // CHECK: %[[V1:.*]] = nn.conv_input_grad %[[G]], %[[X1]] {dilations = array<i64: 1, 1>, groups = 2 : i64, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, strides = array<i64: 2, 2>} : tensor<?x6x5x5xf32>, tensor<6x2x3x3xf32> -> tensor<?x4x9x9xf32>
  // CHECK: %[[V2:.*]] = nn.conv_weight_grad %[[X]], %[[G]] {dilations = array<i64: 1, 1>, groups = 2 : i64, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, strides = array<i64: 2, 2>} : tensor<?x4x9x9xf32>, tensor<?x6x5x5xf32> -> tensor<6x2x3x3xf32>
  // CHECK: return %[[V0]], %[[V1]], %[[V2]]
  %y = nn.conv %x, %w {strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, groups = 2 : i64} : tensor<?x4x9x9xf32>, tensor<6x2x3x3xf32> -> tensor<?x6x5x5xf32>
  return %y : tensor<?x6x5x5xf32>
}

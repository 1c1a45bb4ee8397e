// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// CHECK-LABEL: func.func @avg_pool
// CHECK-SAME: (%[[X:.*]]: tensor<?x4x9x9xf32>, %[[G:.*]]: tensor<?x4x5x5xf32>)
func.func @avg_pool(%x: tensor<?x4x9x9xf32>) -> tensor<?x4x5x5xf32> {
  // CHECK: %[[V0:.*]] = nn.avg_pool %[[X]] {count_include_pad, dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, strides = array<i64: 2, 2>} : tensor<?x4x9x9xf32> -> tensor<?x4x5x5xf32>
  // CHECK: %[[V1:.*]] = nn.avg_pool_grad %[[G]] {count_include_pad, dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, strides = array<i64: 2, 2>} : tensor<?x4x5x5xf32> -> tensor<?x4x9x9xf32>
  // CHECK: return %[[V0]], %[[V1]]
  %y = nn.avg_pool %x {kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, count_include_pad} : tensor<?x4x9x9xf32> -> tensor<?x4x5x5xf32>
  return %y : tensor<?x4x5x5xf32>
}

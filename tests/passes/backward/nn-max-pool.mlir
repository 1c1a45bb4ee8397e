// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// CHECK-LABEL: func.func @max_pool
// CHECK-SAME: (%[[X:.*]]: tensor<?x4x9x9xf32>, %[[G:.*]]: tensor<?x4x5x5xf32>)
func.func @max_pool(%x: tensor<?x4x9x9xf32>) -> tensor<?x4x5x5xf32> {
  // CHECK: %[[V0:.*]] = nn.max_pool %[[X]] {dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, strides = array<i64: 2, 2>} : tensor<?x4x9x9xf32> -> tensor<?x4x5x5xf32>
  // CHECK: %[[V1:.*]] = nn.max_pool_grad %[[X]], %[[G]] {dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, strides = array<i64: 2, 2>} : tensor<?x4x9x9xf32>, tensor<?x4x5x5xf32> -> tensor<?x4x9x9xf32>
  // CHECK: return %[[V0]], %[[V1]]
  %y = nn.max_pool %x {kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>} : tensor<?x4x9x9xf32> -> tensor<?x4x5x5xf32>
  return %y : tensor<?x4x5x5xf32>
}

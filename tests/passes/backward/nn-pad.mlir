// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// CHECK-LABEL: func.func @constant
// CHECK-SAME: (%[[X:.*]]: tensor<?x4xf32>, %[[G:.*]]: tensor<?x7xf32>)
func.func @constant(%x: tensor<?x4xf32>) -> tensor<?x7xf32> {
  // CHECK: %[[V0:.*]] = nn.pad constant %[[X]] low = [0, 1] high = [0, 2] : tensor<?x4xf32> -> tensor<?x7xf32>
  // CHECK: %[[V1:.*]] = nn.slice %[[G]] offsets = [0, 1] strides = [1, 1] : tensor<?x7xf32> -> tensor<?x4xf32>
  // CHECK: return %[[V0]], %[[V1]]
  %y = nn.pad constant %x low = [0, 1] high = [0, 2] : tensor<?x4xf32> -> tensor<?x7xf32>
  return %y : tensor<?x7xf32>
}

// Elements that were cut off have no gradient.
// CHECK-LABEL: func.func @cut
// CHECK-SAME: (%[[X:.*]]: tensor<?x4xf32>, %[[G:.*]]: tensor<?x5xf32>)
func.func @cut(%x: tensor<?x4xf32>) -> tensor<?x5xf32> {
  // CHECK-DAG: %[[I0:.*]] = arith.constant 0 : index
  // CHECK: %[[V0:.*]] = nn.pad constant %[[X]] low = [0, -1] high = [0, 2] : tensor<?x4xf32> -> tensor<?x5xf32>
  // CHECK: %[[V1:.*]] = nn.slice %[[G]] offsets = [0, 0] strides = [1, 1] : tensor<?x5xf32> -> tensor<?x3xf32>
  // CHECK: %[[N:.*]] = tensor.dim %[[V1]], %[[I0]]
  // CHECK: %[[V2:.*]] = nn.unslice %[[V1]]{{\[}}%[[N]]{{\]}} offsets = [0, 1] strides = [1, 1] : tensor<?x3xf32> -> tensor<?x4xf32>
  // CHECK: return %[[V0]], %[[V2]]
  %y = nn.pad constant %x low = [0, -1] high = [0, 2] : tensor<?x4xf32> -> tensor<?x5xf32>
  return %y : tensor<?x5xf32>
}

// The elements at the ends get what their copies get.
// CHECK-LABEL: func.func @edge
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<7xf32>)
func.func @edge(%x: tensor<4xf32>) -> tensor<7xf32> {
  // CHECK: %[[V0:.*]] = nn.pad edge %[[X]] low = [1] high = [2] : tensor<4xf32> -> tensor<7xf32>
  // CHECK: %[[V1:.*]] = nn.slice %[[G]] offsets = [1] strides = [1] : tensor<7xf32> -> tensor<4xf32>
  // CHECK: %[[V2:.*]] = nn.slice %[[G]] offsets = [0] strides = [1] : tensor<7xf32> -> tensor<1xf32>
  // CHECK: %[[V3:.*]] = nn.reduce sum %[[V2]] dimensions = [0] : tensor<1xf32> -> tensor<f32>
  // CHECK: %[[V4:.*]] = nn.reshape %[[V3]] : tensor<f32> -> tensor<1xf32>
  // CHECK: %[[V5:.*]] = nn.unslice %[[V4]][] offsets = [0] strides = [1] : tensor<1xf32> -> tensor<4xf32>
  // CHECK: %[[V6:.*]] = arith.addf %[[V1]], %[[V5]]
  // CHECK: %[[V7:.*]] = nn.slice %[[G]] offsets = [5] strides = [1] : tensor<7xf32> -> tensor<2xf32>
  // CHECK: %[[V8:.*]] = nn.reduce sum %[[V7]] dimensions = [0] : tensor<2xf32> -> tensor<f32>
  // CHECK: %[[V9:.*]] = nn.reshape %[[V8]] : tensor<f32> -> tensor<1xf32>
  // CHECK: %[[V10:.*]] = nn.unslice %[[V9]][] offsets = [3] strides = [1] : tensor<1xf32> -> tensor<4xf32>
  // CHECK: %[[V11:.*]] = arith.addf %[[V6]], %[[V10]]
  // CHECK: return %[[V0]], %[[V11]]
  %y = nn.pad edge %x low = [1] high = [2] : tensor<4xf32> -> tensor<7xf32>
  return %y : tensor<7xf32>
}

// CHECK-LABEL: func.func @reflect
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<7xf32>)
func.func @reflect(%x: tensor<4xf32>) -> tensor<7xf32> {
  // CHECK: %[[V0:.*]] = nn.pad reflect %[[X]] low = [1] high = [2] : tensor<4xf32> -> tensor<7xf32>
  // CHECK: %[[V1:.*]] = nn.slice %[[G]] offsets = [1] strides = [1] : tensor<7xf32> -> tensor<4xf32>
  // CHECK: %[[V2:.*]] = nn.slice %[[G]] offsets = [0] strides = [-1] : tensor<7xf32> -> tensor<1xf32>
  // CHECK: %[[V3:.*]] = nn.unslice %[[V2]][] offsets = [1] strides = [1] : tensor<1xf32> -> tensor<4xf32>
  // CHECK: %[[V4:.*]] = arith.addf %[[V1]], %[[V3]]
  // CHECK: %[[V5:.*]] = nn.slice %[[G]] offsets = [6] strides = [-1] : tensor<7xf32> -> tensor<2xf32>
  // CHECK: %[[V6:.*]] = nn.unslice %[[V5]][] offsets = [1] strides = [1] : tensor<2xf32> -> tensor<4xf32>
  // CHECK: %[[V7:.*]] = arith.addf %[[V4]], %[[V6]]
  // CHECK: return %[[V0]], %[[V7]]
  %y = nn.pad reflect %x low = [1] high = [2] : tensor<4xf32> -> tensor<7xf32>
  return %y : tensor<7xf32>
}

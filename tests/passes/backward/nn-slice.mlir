// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// CHECK-LABEL: func.func @slice
// CHECK-SAME: (%[[X:.*]]: tensor<?x9xf32>, %[[G:.*]]: tensor<?x3xf32>)
func.func @slice(%x: tensor<?x9xf32>) -> tensor<?x3xf32> {
  // CHECK-DAG: %[[I0:.*]] = arith.constant 0 : index
  // CHECK: %[[V0:.*]] = nn.slice %[[X]] offsets = [0, 7] strides = [1, -2] : tensor<?x9xf32> -> tensor<?x3xf32>
  // CHECK: %[[N:.*]] = tensor.dim %[[X]], %[[I0]]
  // CHECK: %[[V1:.*]] = nn.unslice %[[G]]{{\[}}%[[N]]{{\]}} offsets = [0, 7] strides = [1, -2] : tensor<?x3xf32> -> tensor<?x9xf32>
  // CHECK: return %[[V0]], %[[V1]]
  %y = nn.slice %x offsets = [0, 7] strides = [1, -2] : tensor<?x9xf32> -> tensor<?x3xf32>
  return %y : tensor<?x3xf32>
}

// CHECK-LABEL: func.func @unslice
// CHECK-SAME: (%[[X:.*]]: tensor<3xf32>, %[[G:.*]]: tensor<9xf32>)
func.func @unslice(%x: tensor<3xf32>) -> tensor<9xf32> {
  // CHECK: %[[V0:.*]] = nn.unslice %[[X]][] offsets = [1] strides = [2] : tensor<3xf32> -> tensor<9xf32>
  // CHECK: %[[V1:.*]] = nn.slice %[[G]] offsets = [1] strides = [2] : tensor<9xf32> -> tensor<3xf32>
  // CHECK: return %[[V0]], %[[V1]]
  %y = nn.unslice %x[] offsets = [1] strides = [2] : tensor<3xf32> -> tensor<9xf32>
  return %y : tensor<9xf32>
}

// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// New dimensions are summed over.
// CHECK-LABEL: func.func @new
// CHECK-SAME: (%[[X:.*]]: tensor<3xf32>, %[[X1:.*]]: tensor<?x3x4xf32>, %[[G:.*]]: tensor<?x3x4xf32>)
func.func @new(%x: tensor<3xf32>, %like: tensor<?x3x4xf32>) -> tensor<?x3x4xf32> {
  // CHECK-DAG: %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
  // CHECK-DAG: %[[I0:.*]] = arith.constant 0 : index
  // CHECK: %[[N:.*]] = tensor.dim %[[X1]], %[[I0]]
  // CHECK: %[[V0:.*]] = nn.broadcast %[[X]]{{\[}}%[[N]]{{\]}} dimensions = [1] : tensor<3xf32> -> tensor<?x3x4xf32>
  // CHECK: %[[V1:.*]] = nn.reduce sum %[[G]] dimensions = [0, 2] : tensor<?x3x4xf32> -> tensor<3xf32>
  // CHECK: %[[V2:.*]] = tensor.splat %[[ZERO]]{{\[}}%[[N]]{{\]}} : tensor<?x3x4xf32>
  // CHECK: return %[[V0]], %[[V1]], %[[V2]]
  %c0 = arith.constant 0 : index
  %n = tensor.dim %like, %c0 : tensor<?x3x4xf32>
  %y = nn.broadcast %x[%n] dimensions = [1] : tensor<3xf32> -> tensor<?x3x4xf32>
  return %y : tensor<?x3x4xf32>
}

// Stretched ones too, and come back as dimensions of extent 1.
// CHECK-LABEL: func.func @stretched
// CHECK-SAME: (%[[X:.*]]: tensor<3x1xf32>, %[[G:.*]]: tensor<2x3x4xf32>)
func.func @stretched(%x: tensor<3x1xf32>) -> tensor<2x3x4xf32> {
  // CHECK: %[[V0:.*]] = nn.broadcast %[[X]][] dimensions = [1, 2] : tensor<3x1xf32> -> tensor<2x3x4xf32>
  // CHECK: %[[V1:.*]] = nn.reduce sum %[[G]] dimensions = [0, 2] : tensor<2x3x4xf32> -> tensor<3xf32>
  // CHECK: %[[V2:.*]] = nn.reshape %[[V1]] : tensor<3xf32> -> tensor<3x1xf32>
  // CHECK: return %[[V0]], %[[V2]]
  %y = nn.broadcast %x[] dimensions = [1, 2] : tensor<3x1xf32> -> tensor<2x3x4xf32>
  return %y : tensor<2x3x4xf32>
}

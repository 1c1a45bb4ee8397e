// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// CHECK-LABEL: func.func @mean
// CHECK-SAME: (%[[X:.*]]: tensor<?x3x4xf32>, %[[G:.*]]: tensor<?x4xf32>)
func.func @mean(%x: tensor<?x3x4xf32>) -> tensor<?x4xf32> {
  // CHECK-DAG: %[[I0:.*]] = arith.constant 0 : index
  // CHECK-DAG: %[[C0:.*]] = arith.constant 3.000000e+00 : f32
  // CHECK: %[[V0:.*]] = nn.reduce mean %[[X]] dimensions = [1] : tensor<?x3x4xf32> -> tensor<?x4xf32>
  // CHECK: %[[N:.*]] = tensor.dim %[[G]], %[[I0]]
  // CHECK: %[[V1:.*]] = tensor.splat %[[C0]]{{\[}}%[[N]]{{\]}} : tensor<?x4xf32>
  // CHECK: %[[V2:.*]] = arith.divf %[[G]], %[[V1]]
  // CHECK: %[[N0:.*]] = tensor.dim %[[X]], %[[I0]]
  // CHECK: %[[V3:.*]] = nn.broadcast %[[V2]]{{\[}}%[[N0]]{{\]}} dimensions = [0, 2] : tensor<?x4xf32> -> tensor<?x3x4xf32>
  // CHECK: return %[[V0]], %[[V3]]
  %y = nn.reduce mean %x dimensions = [1] : tensor<?x3x4xf32> -> tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}

// The extent of the batch is known when the program runs.
// CHECK-LABEL: func.func @dynamic
// CHECK-SAME: (%[[X:.*]]: tensor<?x3x4xf32>, %[[G:.*]]: tensor<3xf32>)
func.func @dynamic(%x: tensor<?x3x4xf32>) -> tensor<3xf32> {
  // CHECK-DAG: %[[C0:.*]] = arith.constant 4.000000e+00 : f32
  // CHECK-DAG: %[[I0:.*]] = arith.constant 0 : index
  // CHECK: %[[V0:.*]] = nn.reduce mean %[[X]] dimensions = [0, 2] : tensor<?x3x4xf32> -> tensor<3xf32>
  // CHECK: %[[N:.*]] = tensor.dim %[[X]], %[[I0]]
  // CHECK: %[[V1:.*]] = arith.index_cast %[[N]] : index to i64
  // CHECK: %[[V2:.*]] = arith.sitofp %[[V1]] : i64 to f32
  // CHECK: %[[V3:.*]] = arith.mulf %[[V2]], %[[C0]]
  // CHECK: %[[V4:.*]] = tensor.splat %[[V3]] : tensor<3xf32>
  // CHECK: %[[V5:.*]] = arith.divf %[[G]], %[[V4]]
  // CHECK: %[[V6:.*]] = nn.broadcast %[[V5]]{{\[}}%[[N]]{{\]}} dimensions = [1] : tensor<3xf32> -> tensor<?x3x4xf32>
  // CHECK: return %[[V0]], %[[V6]]
  %y = nn.reduce mean %x dimensions = [0, 2] : tensor<?x3x4xf32> -> tensor<3xf32>
  return %y : tensor<3xf32>
}

// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// Elements that attain the minimum share the gradient, as torch.amin.
// CHECK-LABEL: func.func @min
// CHECK-SAME: (%[[X:.*]]: tensor<?x3x4xf32>, %[[G:.*]]: tensor<?x4xf32>)
func.func @min(%x: tensor<?x3x4xf32>) -> tensor<?x4xf32> {
  // CHECK-DAG: %[[ONE:.*]] = arith.constant 1.000000e+00 : f32
  // CHECK-DAG: %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
  // CHECK-DAG: %[[I0:.*]] = arith.constant 0 : index
  // CHECK: %[[V0:.*]] = nn.reduce min %[[X]] dimensions = [1] : tensor<?x3x4xf32> -> tensor<?x4xf32>
  // CHECK: %[[N:.*]] = tensor.dim %[[X]], %[[I0]]
  // CHECK: %[[V1:.*]] = nn.broadcast %[[V0]]{{\[}}%[[N]]{{\]}} dimensions = [0, 2] : tensor<?x4xf32> -> tensor<?x3x4xf32>
  // CHECK: %[[V2:.*]] = arith.cmpf oeq, %[[X]], %[[V1]]
  // CHECK: %[[V3:.*]] = tensor.splat %[[ZERO]]{{\[}}%[[N]]{{\]}} : tensor<?x3x4xf32>
  // CHECK: %[[V4:.*]] = tensor.splat %[[ONE]]{{\[}}%[[N]]{{\]}} : tensor<?x3x4xf32>
  // CHECK: %[[V5:.*]] = arith.select %[[V2]], %[[V4]], %[[V3]]
  // CHECK: %[[V6:.*]] = nn.reduce sum %[[V5]] dimensions = [1] : tensor<?x3x4xf32> -> tensor<?x4xf32>
  // CHECK: %[[V7:.*]] = arith.divf %[[G]], %[[V6]]
  // CHECK: %[[V8:.*]] = nn.broadcast %[[V7]]{{\[}}%[[N]]{{\]}} dimensions = [0, 2] : tensor<?x4xf32> -> tensor<?x3x4xf32>
  // CHECK: %[[V9:.*]] = arith.select %[[V2]], %[[V8]], %[[V3]]
  // CHECK: return %[[V0]], %[[V9]]
  %y = nn.reduce min %x dimensions = [1] : tensor<?x3x4xf32> -> tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}

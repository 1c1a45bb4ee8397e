// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// With the statistics of the batch; running ones have no gradient.
// CHECK-LABEL: func.func @training
// CHECK-SAME: (%[[X:.*]]: tensor<?x3x4x4xf32>, %[[X1:.*]]: tensor<3xf32>, %[[X2:.*]]: tensor<3xf32>, %[[X3:.*]]: tensor<3xf32>, %[[X4:.*]]: tensor<3xf32>, %[[G:.*]]: tensor<?x3x4x4xf32>)
func.func @training(%x: tensor<?x3x4x4xf32>, %s: tensor<3xf32>, %b: tensor<3xf32>, %m: tensor<3xf32>, %v: tensor<3xf32>) -> tensor<?x3x4x4xf32> {
  // CHECK-DAG: %[[C0:.*]] = arith.constant dense<0.000000e+00> : tensor<3xf32>
  // CHECK: %[[V0:.*]], %[[V1:.*]], %[[V2:.*]] = nn.batch_norm %[[X]], %[[X1]], %[[X2]], %[[X3]], %[[X4]] {epsilon = 9.99999974E-6 : f32, momentum = 0.899999976 : f32, training} : tensor<?x3x4x4xf32>, tensor<3xf32>
  // CHECK: %[[V3:.*]], %[[V4:.*]], %[[V5:.*]] = nn.batch_norm_grad %[[G]], %[[X]], %[[X1]], %[[V1]], %[[V2]] {epsilon = 9.99999974E-6 : f32} : tensor<?x3x4x4xf32>, tensor<3xf32>
  // CHECK: return %[[V0]], %[[V3]], %[[V4]], %[[V5]], %[[C0]], %[[C0]]
  %y, %bm, %bv = nn.batch_norm %x, %s, %b, %m, %v {epsilon = 1.0e-5 : f32, momentum = 0.9 : f32, training} : tensor<?x3x4x4xf32>, tensor<3xf32>
  return %y : tensor<?x3x4x4xf32>
}

// With given statistics it is an affine function.
// CHECK-LABEL: func.func @inference
// CHECK-SAME: (%[[X:.*]]: tensor<?x3x4x4xf32>, %[[X1:.*]]: tensor<3xf32>, %[[X2:.*]]: tensor<3xf32>, %[[X3:.*]]: tensor<3xf32>, %[[X4:.*]]: tensor<3xf32>, %[[G:.*]]: tensor<?x3x4x4xf32>)
func.func @inference(%x: tensor<?x3x4x4xf32>, %s: tensor<3xf32>, %b: tensor<3xf32>, %m: tensor<3xf32>, %v: tensor<3xf32>) -> tensor<?x3x4x4xf32> {
  // CHECK-DAG: %[[C0:.*]] = arith.constant dense<0.000000e+00> : tensor<3xf32>
  // CHECK-DAG: %[[I0:.*]] = arith.constant 0 : index
  // CHECK-DAG: %[[C1:.*]] = arith.constant dense<9.99999974E-6> : tensor<3xf32>
  // CHECK: %[[V0:.*]], %[[V1:.*]], %[[V2:.*]] = nn.batch_norm %[[X]], %[[X1]], %[[X2]], %[[X3]], %[[X4]] {epsilon = 9.99999974E-6 : f32, momentum = 0.899999976 : f32} : tensor<?x3x4x4xf32>, tensor<3xf32>
  // CHECK: %[[V3:.*]] = arith.addf %[[X4]], %[[C1]]
  // CHECK: %[[V4:.*]] = math.rsqrt %[[V3]]
  // CHECK: %[[V5:.*]] = arith.mulf %[[X1]], %[[V4]]
  // CHECK: %[[N:.*]] = tensor.dim %[[X]], %[[I0]]
  // CHECK: %[[V6:.*]] = nn.broadcast %[[V5]]{{\[}}%[[N]]{{\]}} dimensions = [1] : tensor<3xf32> -> tensor<?x3x4x4xf32>
  // CHECK: %[[V7:.*]] = arith.mulf %[[G]], %[[V6]]
  // CHECK: %[[V8:.*]] = nn.broadcast %[[X3]]{{\[}}%[[N]]{{\]}} dimensions = [1] : tensor<3xf32> -> tensor<?x3x4x4xf32>
  // CHECK: %[[V9:.*]] = arith.subf %[[X]], %[[V8]]
  // CHECK: %[[V10:.*]] = arith.mulf %[[G]], %[[V9]]
  // CHECK: %[[V11:.*]] = nn.reduce sum %[[V10]] dimensions = [0, 2, 3] : tensor<?x3x4x4xf32> -> tensor<3xf32>
  // CHECK: %[[V12:.*]] = arith.mulf %[[V11]], %[[V4]]
  // CHECK: %[[V13:.*]] = nn.reduce sum %[[G]] dimensions = [0, 2, 3] : tensor<?x3x4x4xf32> -> tensor<3xf32>
  // CHECK: return %[[V0]], %[[V7]], %[[V12]], %[[V13]], %[[C0]], %[[C0]]
  %y, %bm, %bv = nn.batch_norm %x, %s, %b, %m, %v {epsilon = 1.0e-5 : f32, momentum = 0.9 : f32} : tensor<?x3x4x4xf32>, tensor<3xf32>
  return %y : tensor<?x3x4x4xf32>
}

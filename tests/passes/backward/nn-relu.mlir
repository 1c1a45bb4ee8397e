// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// By the result, 0 at 0.
// CHECK-LABEL: func.func @relu
// CHECK-SAME: (%[[X:.*]]: tensor<?x3xf32>, %[[G:.*]]: tensor<?x3xf32>)
func.func @relu(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
  // CHECK-DAG: %[[I0:.*]] = arith.constant 0 : index
  // CHECK-DAG: %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
  // CHECK: %[[V0:.*]] = nn.relu %[[X]] : tensor<?x3xf32>
  // CHECK: %[[N:.*]] = tensor.dim %[[V0]], %[[I0]]
  // CHECK: %[[V1:.*]] = tensor.splat %[[ZERO]]{{\[}}%[[N]]{{\]}} : tensor<?x3xf32>
  // CHECK: %[[V2:.*]] = arith.cmpf ogt, %[[V0]], %[[V1]]
  // CHECK: %[[V3:.*]] = arith.select %[[V2]], %[[G]], %[[V1]]
  // CHECK: return %[[V0]], %[[V3]]
  %y = nn.relu %x : tensor<?x3xf32>
  return %y : tensor<?x3xf32>
}

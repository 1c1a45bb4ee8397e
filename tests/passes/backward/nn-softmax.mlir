// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// By the result.
// CHECK-LABEL: func.func @softmax
// CHECK-SAME: (%[[X:.*]]: tensor<?x3xf32>, %[[G:.*]]: tensor<?x3xf32>)
func.func @softmax(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
  // CHECK-DAG: %[[I0:.*]] = arith.constant 0 : index
  // CHECK: %[[V0:.*]] = nn.softmax %[[X]] dimension = 1 : tensor<?x3xf32>
  // CHECK: %[[V1:.*]] = arith.mulf %[[G]], %[[V0]]
  // CHECK: %[[V2:.*]] = nn.reduce sum %[[V1]] dimensions = [1] : tensor<?x3xf32> -> tensor<?xf32>
  // CHECK: %[[N:.*]] = tensor.dim %[[V0]], %[[I0]]
  // CHECK: %[[V3:.*]] = nn.broadcast %[[V2]]{{\[}}%[[N]]{{\]}} dimensions = [0] : tensor<?xf32> -> tensor<?x3xf32>
  // CHECK: %[[V4:.*]] = arith.subf %[[G]], %[[V3]]
  // CHECK: %[[V5:.*]] = arith.mulf %[[V0]], %[[V4]]
  // CHECK: return %[[V0]], %[[V5]]
  %y = nn.softmax %x dimension = 1 : tensor<?x3xf32>
  return %y : tensor<?x3xf32>
}

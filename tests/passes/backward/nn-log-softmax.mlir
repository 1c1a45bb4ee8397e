// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// By the result.
// CHECK-LABEL: func.func @log_softmax
// CHECK-SAME: (%[[X:.*]]: tensor<?x3xf32>, %[[G:.*]]: tensor<?x3xf32>)
func.func @log_softmax(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
  // CHECK-DAG: %[[I0:.*]] = arith.constant 0 : index
  // CHECK: %[[V0:.*]] = nn.log_softmax %[[X]] dimension = 1 : tensor<?x3xf32>
  // CHECK: %[[V1:.*]] = nn.reduce sum %[[G]] dimensions = [1] : tensor<?x3xf32> -> tensor<?xf32>
  // CHECK: %[[N:.*]] = tensor.dim %[[V0]], %[[I0]]
  // CHECK: %[[V2:.*]] = nn.broadcast %[[V1]]{{\[}}%[[N]]{{\]}} dimensions = [0] : tensor<?xf32> -> tensor<?x3xf32>
  // CHECK: %[[V3:.*]] = math.exp %[[V0]]
  // CHECK: %[[V4:.*]] = arith.mulf %[[V3]], %[[V2]]
  // CHECK: %[[V5:.*]] = arith.subf %[[G]], %[[V4]]
  // CHECK: return %[[V0]], %[[V5]]
  %y = nn.log_softmax %x dimension = 1 : tensor<?x3xf32>
  return %y : tensor<?x3xf32>
}

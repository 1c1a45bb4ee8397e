// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// CHECK-LABEL: func.func @sum
// CHECK-SAME: (%[[X:.*]]: tensor<?x3x4xf32>, %[[G:.*]]: tensor<?x4xf32>)
func.func @sum(%x: tensor<?x3x4xf32>) -> tensor<?x4xf32> {
  // CHECK-DAG: %[[I0:.*]] = arith.constant 0 : index
  // CHECK: %[[V0:.*]] = nn.reduce sum %[[X]] dimensions = [1] : tensor<?x3x4xf32> -> tensor<?x4xf32>
  // CHECK: %[[N:.*]] = tensor.dim %[[X]], %[[I0]]
  // CHECK: %[[V1:.*]] = nn.broadcast %[[G]]{{\[}}%[[N]]{{\]}} dimensions = [0, 2] : tensor<?x4xf32> -> tensor<?x3x4xf32>
  // CHECK: return %[[V0]], %[[V1]]
  %y = nn.reduce sum %x dimensions = [1] : tensor<?x3x4xf32> -> tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}

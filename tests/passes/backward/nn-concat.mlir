// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// CHECK-LABEL: func.func @concat
// CHECK-SAME: (%[[X:.*]]: tensor<?x3xf32>, %[[X1:.*]]: tensor<?x2xf32>, %[[G:.*]]: tensor<?x5xf32>)
func.func @concat(%a: tensor<?x3xf32>, %b: tensor<?x2xf32>) -> tensor<?x5xf32> {
  // CHECK: %[[V0:.*]] = nn.concat %[[X]], %[[X1]] dimension = 1 : tensor<?x3xf32>, tensor<?x2xf32> -> tensor<?x5xf32>
  // CHECK: %[[V1:.*]] = nn.slice %[[G]] offsets = [0, 0] strides = [1, 1] : tensor<?x5xf32> -> tensor<?x3xf32>
  // CHECK: %[[V2:.*]] = nn.slice %[[G]] offsets = [0, 3] strides = [1, 1] : tensor<?x5xf32> -> tensor<?x2xf32>
  // CHECK: return %[[V0]], %[[V1]], %[[V2]]
  %y = nn.concat %a, %b dimension = 1 : tensor<?x3xf32>, tensor<?x2xf32> -> tensor<?x5xf32>
  return %y : tensor<?x5xf32>
}

// RUN: frac-opt %s -frac-build-backward | FileCheck %s

// The derivative goes by the result and is 0 at 0.
// CHECK-LABEL: func.func @relu
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @relu(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: %[[Y:.*]] = nn.relu %[[X]]
  // CHECK: %[[ZERO:.*]] = arith.constant dense<0.000000e+00>
  // CHECK: %[[POSITIVE:.*]] = arith.cmpf ogt, %[[Y]], %[[ZERO]]
  // CHECK: %[[GX:.*]] = arith.select %[[POSITIVE]], %[[G]], %[[ZERO]]
  // CHECK: return %[[Y]], %[[GX]]
  %y = nn.relu %x : tensor<4xf32>
  return %y : tensor<4xf32>
}

// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// CHECK-LABEL: func.func @atan2
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[X1:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @atan2(%l: tensor<4xf32>, %r: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: %[[V0:.*]] = math.atan2 %[[X]], %[[X1]]
  // CHECK: %[[V1:.*]] = arith.mulf %[[X]], %[[X]]
  // CHECK: %[[V2:.*]] = arith.mulf %[[X1]], %[[X1]]
  // CHECK: %[[V3:.*]] = arith.addf %[[V1]], %[[V2]]
  // CHECK: %[[V4:.*]] = arith.divf %[[X1]], %[[V3]]
  // CHECK: %[[V5:.*]] = arith.mulf %[[G]], %[[V4]]
  // CHECK: %[[V6:.*]] = arith.divf %[[X]], %[[V3]]
  // CHECK: %[[V7:.*]] = arith.mulf %[[G]], %[[V6]]
  // CHECK: %[[V8:.*]] = arith.negf %[[V7]]
  // CHECK: return %[[V0]], %[[V5]], %[[V8]]
  %y = math.atan2 %l, %r : tensor<4xf32>
  return %y : tensor<4xf32>
}

// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// The condition has no gradient, and the comparison behind it needs no rule.
// CHECK-LABEL: func.func @select
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[X1:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @select(%l: tensor<4xf32>, %r: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK-DAG: %[[C0:.*]] = arith.constant dense<0.000000e+00> : tensor<4xf32>
  // CHECK: %[[V0:.*]] = arith.cmpf olt, %[[X]], %[[X1]]
  // CHECK: %[[V1:.*]] = arith.select %[[V0]], %[[X]], %[[X1]]
  // CHECK: %[[V2:.*]] = arith.select %[[V0]], %[[G]], %[[C0]]
  // CHECK: %[[V3:.*]] = arith.select %[[V0]], %[[C0]], %[[G]]
  // CHECK: return %[[V1]], %[[V2]], %[[V3]]
  %c = arith.cmpf olt, %l, %r : tensor<4xf32>
  %y = arith.select %c, %l, %r : tensor<4xi1>, tensor<4xf32>
  return %y : tensor<4xf32>
}

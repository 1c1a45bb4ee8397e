// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// Equal operands share the gradient.
// CHECK-LABEL: func.func @maxnumf
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[X1:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @maxnumf(%l: tensor<4xf32>, %r: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK-DAG: %[[C0:.*]] = arith.constant dense<0.000000e+00> : tensor<4xf32>
  // CHECK-DAG: %[[C1:.*]] = arith.constant dense<5.000000e-01> : tensor<4xf32>
  // CHECK: %[[V0:.*]] = arith.maxnumf %[[X]], %[[X1]] : tensor<4xf32>
  // CHECK: %[[V1:.*]] = arith.cmpf oeq, %[[X]], %[[X1]]
  // CHECK: %[[V2:.*]] = arith.mulf %[[G]], %[[C1]]
  // CHECK: %[[V3:.*]] = arith.select %[[V1]], %[[V2]], %[[G]]
  // CHECK: %[[V4:.*]] = arith.cmpf olt, %[[X]], %[[X1]]
  // CHECK: %[[V5:.*]] = arith.select %[[V4]], %[[C0]], %[[V3]]
  // CHECK: %[[V6:.*]] = arith.cmpf oeq, %[[X1]], %[[X]]
  // CHECK: %[[V7:.*]] = arith.select %[[V6]], %[[V2]], %[[G]]
  // CHECK: %[[V8:.*]] = arith.cmpf olt, %[[X1]], %[[X]]
  // CHECK: %[[V9:.*]] = arith.select %[[V8]], %[[C0]], %[[V7]]
  // CHECK: return %[[V0]], %[[V5]], %[[V9]]
  %y = arith.maxnumf %l, %r : tensor<4xf32>
  return %y : tensor<4xf32>
}

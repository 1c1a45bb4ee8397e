// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// The gradient of the base is 0 where the exponent is 0, that of the exponent where
// the base is 0 and the exponent is not negative.
// CHECK-LABEL: func.func @powf
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[X1:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
func.func @powf(%l: tensor<4xf32>, %r: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK-DAG: %[[C0:.*]] = arith.constant dense<0.000000e+00> : tensor<4xf32>
  // CHECK-DAG: %[[C1:.*]] = arith.constant dense<1.000000e+00> : tensor<4xf32>
  // CHECK: %[[V0:.*]] = math.powf %[[X]], %[[X1]]
  // CHECK: %[[V1:.*]] = arith.subf %[[X1]], %[[C1]]
  // CHECK: %[[V2:.*]] = math.powf %[[X]], %[[V1]]
  // CHECK: %[[V3:.*]] = arith.mulf %[[X1]], %[[V2]]
  // CHECK: %[[V4:.*]] = arith.cmpf oeq, %[[X1]], %[[C0]]
  // CHECK: %[[V5:.*]] = arith.mulf %[[G]], %[[V3]]
  // CHECK: %[[V6:.*]] = arith.select %[[V4]], %[[C0]], %[[V5]]
  // CHECK: %[[V7:.*]] = math.log %[[X]]
  // CHECK: %[[V8:.*]] = arith.mulf %[[V0]], %[[V7]]
  // CHECK: %[[V9:.*]] = arith.mulf %[[G]], %[[V8]]
  // CHECK: %[[V10:.*]] = arith.cmpf oeq, %[[X]], %[[C0]]
  // CHECK: %[[V11:.*]] = arith.cmpf oge, %[[X1]], %[[C0]]
  // CHECK: %[[V12:.*]] = arith.andi %[[V10]], %[[V11]] : tensor<4xi1>
  // CHECK: %[[V13:.*]] = arith.select %[[V12]], %[[C0]], %[[V9]]
  // CHECK: return %[[V0]], %[[V6]], %[[V13]]
  %y = math.powf %l, %r : tensor<4xf32>
  return %y : tensor<4xf32>
}

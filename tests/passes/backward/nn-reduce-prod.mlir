// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// Right where elements are zero: if one is, only that one has a gradient; if two
// are, none has.
// CHECK-LABEL: func.func @prod
// CHECK-SAME: (%[[X:.*]]: tensor<2x3xf32>, %[[G:.*]]: tensor<2xf32>)
func.func @prod(%x: tensor<2x3xf32>) -> tensor<2xf32> {
  // CHECK-DAG: %[[C0:.*]] = arith.constant dense<0.000000e+00> : tensor<2xf32>
  // CHECK-DAG: %[[C1:.*]] = arith.constant dense<1.000000e+00> : tensor<2xf32>
  // CHECK-DAG: %[[C2:.*]] = arith.constant dense<0.000000e+00> : tensor<2x3xf32>
  // CHECK-DAG: %[[C3:.*]] = arith.constant dense<1.000000e+00> : tensor<2x3xf32>
  // CHECK: %[[V0:.*]] = nn.reduce prod %[[X]] dimensions = [1] : tensor<2x3xf32> -> tensor<2xf32>
  // CHECK: %[[V1:.*]] = arith.cmpf oeq, %[[X]], %[[C2]]
  // CHECK: %[[V2:.*]] = arith.select %[[V1]], %[[C3]], %[[X]]
  // CHECK: %[[V3:.*]] = arith.select %[[V1]], %[[C3]], %[[C2]]
  // CHECK: %[[V4:.*]] = nn.reduce sum %[[V3]] dimensions = [1] : tensor<2x3xf32> -> tensor<2xf32>
  // CHECK: %[[V5:.*]] = nn.reduce prod %[[V2]] dimensions = [1] : tensor<2x3xf32> -> tensor<2xf32>
  // CHECK: %[[V6:.*]] = arith.mulf %[[G]], %[[V5]]
  // CHECK: %[[V7:.*]] = arith.cmpf oeq, %[[V4]], %[[C1]]
  // CHECK: %[[V8:.*]] = arith.select %[[V7]], %[[V6]], %[[C0]]
  // CHECK: %[[V9:.*]] = arith.cmpf oeq, %[[V4]], %[[C0]]
  // CHECK: %[[V10:.*]] = arith.select %[[V9]], %[[V6]], %[[C0]]
  // CHECK: %[[V11:.*]] = nn.broadcast %[[V10]][] dimensions = [0] : tensor<2xf32> -> tensor<2x3xf32>
  // CHECK: %[[V12:.*]] = arith.divf %[[V11]], %[[V2]]
  // CHECK: %[[V13:.*]] = nn.broadcast %[[V8]][] dimensions = [0] : tensor<2xf32> -> tensor<2x3xf32>
  // CHECK: %[[V14:.*]] = arith.select %[[V1]], %[[V13]], %[[V12]]
  // CHECK: return %[[V0]], %[[V14]]
  %y = nn.reduce prod %x dimensions = [1] : tensor<2x3xf32> -> tensor<2xf32>
  return %y : tensor<2xf32>
}

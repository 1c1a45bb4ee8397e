// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// 1 at the bounds.
// CHECK-LABEL: func.func @clip
// CHECK-SAME: (%[[X:.*]]: tensor<?x3xf32>, %[[G:.*]]: tensor<?x3xf32>)
func.func @clip(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
  // CHECK-DAG: %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
  // CHECK-DAG: %[[I0:.*]] = arith.constant 0 : index
  // CHECK-DAG: %[[C0:.*]] = arith.constant 6.000000e+00 : f32
  // CHECK: %[[V0:.*]] = nn.clip %[[X]] {maximum = 6.000000e+00 : f32, minimum = 0.000000e+00 : f32} : tensor<?x3xf32>
  // CHECK: %[[N:.*]] = tensor.dim %[[X]], %[[I0]]
  // CHECK: %[[V1:.*]] = tensor.splat %[[C0]]{{\[}}%[[N]]{{\]}} : tensor<?x3xf32>
  // CHECK: %[[V2:.*]] = arith.cmpf ole, %[[X]], %[[V1]]
  // CHECK: %[[V3:.*]] = tensor.splat %[[ZERO]]{{\[}}%[[N]]{{\]}} : tensor<?x3xf32>
  // CHECK: %[[V4:.*]] = arith.select %[[V2]], %[[G]], %[[V3]]
  // CHECK: %[[V5:.*]] = arith.cmpf oge, %[[X]], %[[V3]]
  // CHECK: %[[V6:.*]] = arith.select %[[V5]], %[[V4]], %[[V3]]
  // CHECK: return %[[V0]], %[[V6]]
  %y = nn.clip %x {minimum = 0.0 : f32, maximum = 6.0 : f32} : tensor<?x3xf32>
  return %y : tensor<?x3xf32>
}

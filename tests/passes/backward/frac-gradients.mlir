// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// CHECK-LABEL: func.func @sample
// CHECK-SAME: (%[[X:.*]]: tensor<4x3xf32>, %[[S:.*]]: tensor<2xf32>, %[[G:.*]]: tensor<4x3xf32>)
func.func @sample(%x: tensor<4x3xf32>, %s: tensor<2xf32>) -> tensor<4x3xf32> {
  // CHECK: %[[D:.*]] = frac.sample_rows %[[G]] sampling %[[S]]
  // CHECK: return %{{.*}}, %[[D]]
  %y = frac.sample_gradient %x sampling %s : tensor<4x3xf32>, tensor<2xf32>
  return %y : tensor<4x3xf32>
}

// CHECK-LABEL: func.func @scale
// CHECK-SAME: (%[[X:.*]]: tensor<4x3xf32>, %[[F:.*]]: tensor<f32>, %[[G:.*]]: tensor<4x3xf32>)
func.func @scale(%x: tensor<4x3xf32>, %f: tensor<f32>) -> tensor<4x3xf32> {
  // CHECK: %[[N:.*]] = tensor.extract %[[F]]
  // CHECK: %[[ALL:.*]] = tensor.splat %[[N]]
  // CHECK: %[[D:.*]] = arith.mulf %[[G]], %[[ALL]]
  // CHECK: return %{{.*}}, %[[D]]
  %y = frac.scale_gradient %x by %f : tensor<4x3xf32>, tensor<f32>
  return %y : tensor<4x3xf32>
}

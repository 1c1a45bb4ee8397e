// RUN: %stock-opt %s --pass-pipeline="builtin.module(frac-build-backward{function=product into=product_backward result=1 arguments=1})" | FileCheck %s
// RUN: %stock-opt %s --pass-pipeline="builtin.module(frac-build-backward{function=running})" -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK
// RUN: %stock-opt %s --pass-pipeline="builtin.module(frac-build-backward{function=running})" 2>/dev/null | FileCheck %s --check-prefix=LEFT
// RUN: not %stock-opt %s --pass-pipeline="builtin.module(frac-build-backward{function=running strict})" 2>&1 | FileCheck %s --check-prefix=STRICT
// RUN: not %stock-opt %s --pass-pipeline="builtin.module(frac-build-backward{into=new})" 2>&1 | FileCheck %s --check-prefix=SEVERAL
// RUN: not %stock-opt %s --pass-pipeline="builtin.module(frac-build-backward{function=product into=running})" 2>&1 | FileCheck %s --check-prefix=TAKEN
// RUN: not %stock-opt %s --pass-pipeline="builtin.module(frac-build-backward{function=product result=1 arguments=5})" 2>&1 | FileCheck %s --check-prefix=ARGUMENT

// SEVERAL: error: 'into' takes one function, but there are 2; name one by 'function'
// TAKEN: error: there is already a symbol @running
// ARGUMENT: error: has no argument 5 of floats

// The function stays as it is; the new one has the result and the gradient.

// CHECK: #[[L:.*]] = affine_map<(d0, d1, d2) -> (d0, d2)>
// CHECK: #[[R:.*]] = affine_map<(d0, d1, d2) -> (d2, d1)>
// CHECK: #[[Y:.*]] = affine_map<(d0, d1, d2) -> (d0, d1)>
// CHECK-LABEL: func.func @product(
// CHECK-SAME: -> (tensor<4xi32>, tensor<2x3xf32>)
// CHECK-NOT: linalg.generic
// CHECK-LABEL: func.func @product_backward(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<2x4xf32>, %[[W:[a-z0-9]+]]: tensor<4x3xf32>, %{{.*}}: tensor<4xi32>, %[[G:[a-z0-9]+]]: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<4x3xf32>)
// CHECK: %[[P:.*]] = linalg.matmul
// CHECK: %[[D:.*]] = linalg.generic {indexing_maps = [#[[L]], #[[R]], #[[Y]], #[[R]]], iterator_types = ["reduction", "parallel", "parallel"]} ins(%[[X]], %[[W]], %[[G]] :
// CHECK: ^bb0(%[[A:.*]]: f32, %{{.*}}: f32, %[[E:.*]]: f32, %[[S:.*]]: f32):
// CHECK: %[[M:.*]] = arith.mulf %[[E]], %[[A]]
// CHECK: arith.addf %[[S]], %[[M]]
// CHECK: return %[[P]], %[[D]]
func.func @product(%x: tensor<2x4xf32>, %w: tensor<4x3xf32>, %i: tensor<4xi32>) -> (tensor<4xi32>, tensor<2x3xf32>) {
  %zero = arith.constant dense<0.0> : tensor<2x3xf32>
  %y = linalg.matmul ins(%x, %w : tensor<2x4xf32>, tensor<4x3xf32>) outs(%zero : tensor<2x3xf32>) -> tensor<2x3xf32>
  return %i, %y : tensor<4xi32>, tensor<2x3xf32>
}

// A running product is no sum of independent terms.

// REMARK: [[@LINE+9]]:8: remark: 'linalg.generic' op has no derivative: its result 0 is neither a sum nor an extremum of independent terms
// REMARK: [[@LINE+6]]:1: remark: left as it was: it cannot be differentiated
// STRICT: [[@LINE+7]]:8: error: 'linalg.generic' op has no derivative: its result 0
// LEFT-LABEL: func.func @running
// LEFT-SAME: -> tensor<f32>
#v = affine_map<(d0) -> (d0)>
#s = affine_map<(d0) -> ()>
func.func @running(%x: tensor<4xf32>) -> tensor<f32> {
  %one = arith.constant dense<1.0> : tensor<f32>
  %y = linalg.generic {indexing_maps = [#v, #s], iterator_types = ["reduction"]} ins(%x : tensor<4xf32>) outs(%one : tensor<f32>) {
  ^bb0(%in: f32, %so: f32):
    %p = arith.mulf %in, %so : f32
    linalg.yield %p : f32
  } -> tensor<f32>
  return %y : tensor<f32>
}

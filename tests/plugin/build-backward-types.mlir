// RUN: %stock-opt %s --pass-pipeline="builtin.module(frac-build-backward)" 2>/dev/null | FileCheck %s
// RUN: %stock-opt %s --pass-pipeline="builtin.module(frac-build-backward)" -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK
// RUN: not %stock-opt %s --pass-pipeline="builtin.module(frac-build-backward{function=scalar arguments=1})" 2>&1 | FileCheck %s --check-prefix=ARGUMENT
// RUN: not %stock-opt %s --pass-pipeline="builtin.module(frac-build-backward{function=vector})" 2>&1 | FileCheck %s --check-prefix=VECTOR

// Gradients are those of floats and of ranked tensors of them. Of all functions
// those without such a result are left as they are.

// ARGUMENT: error: has no argument 1 of floats
// VECTOR: error: has no result 0 of floats

// CHECK-LABEL: func.func @scalar
// CHECK-SAME: -> (f32, f32)
func.func @scalar(%x: f32, %m: memref<4xf32>) -> f32 {
  %y = arith.mulf %x, %x : f32
  return %y : f32
}

// REMARK: [[@LINE+4]]:1: remark: has no result 0 of floats
// REMARK: [[@LINE+3]]:1: remark: left as it was
// CHECK-LABEL: func.func @vector
// CHECK-SAME: -> vector<4xf32>
func.func @vector(%x: vector<4xf32>) -> vector<4xf32> {
  %y = arith.mulf %x, %x : vector<4xf32>
  return %y : vector<4xf32>
}

// REMARK: [[@LINE+2]]:1: remark: has no result 0 of floats
// CHECK-LABEL: func.func @unranked
func.func @unranked(%x: tensor<*xf32>) -> tensor<*xf32> {
  return %x : tensor<*xf32>
}

// A way through values of another type is one that a gradient would have to go.
// REMARK: remark: 'complex.create' has no derivative, but the loss depends on a trained value through it
// CHECK-LABEL: func.func @through
// CHECK-SAME: -> f32
func.func @through(%x: f32) -> f32 {
  %z = complex.create %x, %x : complex<f32>
  %y = complex.abs %z : complex<f32>
  return %y : f32
}

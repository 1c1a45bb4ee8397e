// RUN: frac-opt %s --frac-lower-nn --canonicalize --cse | FileCheck %s

// Windows inside of the input are read without a check.

// CHECK-LABEL: func.func @inside
// CHECK: linalg.generic
// CHECK-COUNT-4: tensor.extract
// CHECK-NOT: arith.select
// CHECK: linalg.yield
func.func @inside(%x: tensor<?x8x8x4xf32>) -> tensor<?x4x4x4xf32> {
  %y = nn.max_pool %x {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>,
      dilations = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>,
      pads_end = array<i64: 0, 0>, channels_last}
    : tensor<?x8x8x4xf32> -> tensor<?x4x4x4xf32>
  return %y : tensor<?x4x4x4xf32>
}

// CHECK-LABEL: func.func @padded
// CHECK: arith.cmpi ult
// CHECK: tensor.extract
// CHECK: arith.select
// CHECK: arith.maximumf
func.func @padded(%x: tensor<?x8x8x4xf32>) -> tensor<?x4x4x4xf32> {
  %y = nn.max_pool %x {kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>,
      dilations = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>,
      pads_end = array<i64: 1, 1>, channels_last}
    : tensor<?x8x8x4xf32> -> tensor<?x4x4x4xf32>
  return %y : tensor<?x4x4x4xf32>
}

// A large window is a loop in the body.

// CHECK-LABEL: func.func @large
// CHECK: scf.for
// CHECK: scf.for
// CHECK: tensor.extract
// CHECK: arith.divf %{{.*}}, %{{.*}} : f32
func.func @large(%x: tensor<?x4x8x8xf32>) -> tensor<?x4x1x1xf32> {
  %y = nn.avg_pool %x {kernel = array<i64: 8, 8>, strides = array<i64: 8, 8>,
      dilations = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>,
      pads_end = array<i64: 0, 0>}
    : tensor<?x4x8x8xf32> -> tensor<?x4x1x1xf32>
  return %y : tensor<?x4x1x1xf32>
}

// First the place of every window's maximum, then what each element wins.

// CHECK-LABEL: func.func @gradient
// CHECK: %[[WINNERS:.*]] = linalg.generic
// CHECK: } -> tensor<?x4x4x4xi32>
// CHECK: linalg.generic
// CHECK: tensor.extract %[[WINNERS]]
// CHECK: arith.cmpi eq
// CHECK: } -> tensor<?x8x8x4xf32>
func.func @gradient(%x: tensor<?x8x8x4xf32>, %e: tensor<?x4x4x4xf32>) -> tensor<?x8x8x4xf32> {
  %y = nn.max_pool_grad %x, %e {kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>,
      dilations = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>,
      pads_end = array<i64: 1, 1>, channels_last}
    : tensor<?x8x8x4xf32>, tensor<?x4x4x4xf32> -> tensor<?x8x8x4xf32>
  return %y : tensor<?x8x8x4xf32>
}

// Divided by the number of elements that are there.

// CHECK-LABEL: func.func @average_gradient
// CHECK: tensor.extract
// CHECK: arith.sitofp
// CHECK: arith.divf
func.func @average_gradient(%e: tensor<?x4x4x4xf32>) -> tensor<?x8x8x4xf32> {
  %y = nn.avg_pool_grad %e {kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>,
      dilations = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>,
      pads_end = array<i64: 1, 1>, channels_last}
    : tensor<?x4x4x4xf32> -> tensor<?x8x8x4xf32>
  return %y : tensor<?x8x8x4xf32>
}

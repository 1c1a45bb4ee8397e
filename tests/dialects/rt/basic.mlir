// RUN: frac-opt %s | frac-opt | FileCheck %s

func.func private @kernel(index, index, memref<?xf32>)

// CHECK-LABEL: func.func @calls
func.func @calls(%n: index, %x: memref<?x8x8x3xf32>, %w: memref<2x3x3x3xf32>, %y: memref<?x6x6x2xf32>, %c1: index) {
  // CHECK: rt.conv forward(%{{.*}}, %{{.*}}) into %{{.*}} batch %{{.*}} {
  rt.conv forward(%x, %w) into %y batch %n {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, groups = 1 : i64} : memref<?x8x8x3xf32>, memref<2x3x3x3xf32>, memref<?x6x6x2xf32>
  // CHECK: rt.conv input_grad
  rt.conv input_grad(%y, %w) into %x batch %n {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, groups = 1 : i64} : memref<?x6x6x2xf32>, memref<2x3x3x3xf32>, memref<?x8x8x3xf32>
  // CHECK: rt.conv weight_grad
  rt.conv weight_grad(%x, %y) into %w batch %n {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, groups = 1 : i64} : memref<?x8x8x3xf32>, memref<?x6x6x2xf32>, memref<2x3x3x3xf32>
  // CHECK: rt.reshape %{{.*}}[%{{.*}}] : memref<?x6x6x2xf32> -> memref<?x72xf32>
  %v = rt.reshape %y[%n] : memref<?x6x6x2xf32> -> memref<?x72xf32>
  // CHECK: rt.matmul(%{{.*}}, %{{.*}}) into %{{.*}} sizes(%{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}) {transpose_lhs}
  rt.matmul(%v, %v) into %w sizes(%c1, %n, %n, %n) {transpose_lhs} : memref<?x72xf32>, memref<?x72xf32>, memref<2x3x3x3xf32>
  // CHECK: rt.launch @kernel[%{{.*}} grain %{{.*}}] (%{{.*}}) : memref<?x72xf32>
  rt.launch @kernel[%n grain %c1] (%v) : memref<?x72xf32>
  return
}

// RUN: %stock-opt %s --pass-pipeline="builtin.module(frac-insert-quantize)" | FileCheck %s

// CHECK: frac.symbol @conv2d.activation activation of "conv2d" {index = 0 : i64, max_bits = 8 : i64}
// CHECK: frac.symbol @conv2d.weight weight of "conv2d" {index = 1 : i64, max_bits = 8 : i64}
// CHECK: frac.symbol @matmul.activation activation of "matmul"
// CHECK: frac.symbol @matmul.activation.2 activation of "matmul"

// CHECK-LABEL: func.func @conv
// CHECK-SAME: %[[TABLE:[a-z0-9]+]]: tensor<6xi32>)
// CHECK: frac.resolve @conv2d.activation from %[[TABLE]]
// CHECK: frac.quantize %{{.*}} {dimension = 0 : i64} : tensor<4x3x3x2xf32>
// CHECK: tosa.conv2d
// CHECK-LABEL: func.func @depthwise
// CHECK: frac.quantize %{{.*}} {dimension = 2 : i64} : tensor<3x3x2x1xf32>
// CHECK: tosa.depthwise_conv2d
// CHECK-LABEL: func.func @matmul
// CHECK-COUNT-2: frac.quantize
// CHECK: tosa.matmul
// CHECK-LABEL: func.func @transposed
// CHECK: frac.quantize %{{.*}} {dimension = 0 : i64} : tensor<2x3x3x4xf32>
// CHECK: tosa.transpose_conv2d

func.func @conv(%x: tensor<1x6x6x2xf32>) -> tensor<1x4x4x4xf32> {
  %w = "tosa.const"() <{values = dense<0.5> : tensor<4x3x3x2xf32>}> : () -> tensor<4x3x3x2xf32>
  %b = "tosa.const"() <{values = dense<0.0> : tensor<4xf32>}> : () -> tensor<4xf32>
  %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %y = tosa.conv2d %x, %w, %b, %z, %z {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>}
    : (tensor<1x6x6x2xf32>, tensor<4x3x3x2xf32>, tensor<4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x4xf32>
  return %y : tensor<1x4x4x4xf32>
}

func.func @depthwise(%x: tensor<1x6x6x2xf32>) -> tensor<1x4x4x2xf32> {
  %w = "tosa.const"() <{values = dense<0.5> : tensor<3x3x2x1xf32>}> : () -> tensor<3x3x2x1xf32>
  %b = "tosa.const"() <{values = dense<0.0> : tensor<2xf32>}> : () -> tensor<2xf32>
  %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %y = tosa.depthwise_conv2d %x, %w, %b, %z, %z {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>}
    : (tensor<1x6x6x2xf32>, tensor<3x3x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  return %y : tensor<1x4x4x2xf32>
}

func.func @matmul(%x: tensor<1x3x8xf32>, %y: tensor<1x8x2xf32>) -> tensor<1x3x2xf32> {
  %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %p = tosa.matmul %x, %y, %z, %z : (tensor<1x3x8xf32>, tensor<1x8x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x2xf32>
  return %p : tensor<1x3x2xf32>
}

func.func @transposed(%x: tensor<1x3x3x4xf32>) -> tensor<1x7x7x2xf32> {
  %w = "tosa.const"() <{values = dense<0.5> : tensor<2x3x3x4xf32>}> : () -> tensor<2x3x3x4xf32>
  %b = "tosa.const"() <{values = dense<0.0> : tensor<2xf32>}> : () -> tensor<2xf32>
  %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %y = tosa.transpose_conv2d %x, %w, %b, %z, %z {acc_type = f32, out_pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>}
    : (tensor<1x3x3x4xf32>, tensor<2x3x3x4xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x7x7x2xf32>
  return %y : tensor<1x7x7x2xf32>
}

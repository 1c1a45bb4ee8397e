// RUN: %stock-opt %s --pass-pipeline="builtin.module(frac-insert-quantize{activation-bits=4 weight-bits=6})" | FileCheck %s
// RUN: %stock-opt %s --pass-pipeline="builtin.module(frac-insert-quantize{roles=weight weight-granularity=tensor functions=left_weight})" | FileCheck %s --check-prefix=WEIGHT
// RUN: %stock-opt %s --pass-pipeline="builtin.module(frac-insert-quantize{keep-float=depthwise weight-arguments=1 functions=argument})" | FileCheck %s --check-prefix=ARGUMENT

// The weight may be the left factor; its channels are the rows then.

// CHECK-LABEL: func.func @left_weight
// CHECK-SAME: (%[[X:.*]]: tensor<8x4xf32>) -> tensor<3x4xf32>
// CHECK-DAG: frac.quantize %[[X]] {{.*}} : tensor<8x4xf32>, tensor<f32>, tensor<f32> -> tensor<8x4xi8>, tensor<f32>
// CHECK-DAG: frac.quantize %{{.*}} {dimension = 0 : i64} : tensor<3x8xf32>
// WEIGHT: frac.symbol @matmul.weight weight of "matmul"
// WEIGHT-NOT: frac.symbol
// WEIGHT-LABEL: func.func @left_weight
// WEIGHT-SAME: (%[[X:.*]]: tensor<8x4xf32>, %{{.*}}: tensor<1xi32>)
// WEIGHT: frac.quantize %{{.*}} : tensor<3x8xf32>, tensor<f32>, tensor<f32>
// WEIGHT-NOT: frac.quantize
// WEIGHT: linalg.matmul ins(%{{.*}}, %[[X]] :
// WEIGHT-LABEL: func.func @attention
func.func @left_weight(%x: tensor<8x4xf32>) -> tensor<3x4xf32> {
  %w = arith.constant dense<0.5> : tensor<3x8xf32>
  %zero = arith.constant dense<0.0> : tensor<3x4xf32>
  %y = linalg.matmul ins(%w, %x : tensor<3x8xf32>, tensor<8x4xf32>) outs(%zero : tensor<3x4xf32>) -> tensor<3x4xf32>
  return %y : tensor<3x4xf32>
}

// Without a weight both factors are activations; one that two contractions
// read is quantized once.

// CHECK-LABEL: func.func @attention
// CHECK-SAME: (%[[Q:.*]]: tensor<2x4x8xf32>, %[[K:.*]]: tensor<2x8x4xf32>)
// CHECK-COUNT-4: frac.quantize
// CHECK-NOT: frac.quantize
func.func @attention(%q: tensor<2x4x8xf32>, %k: tensor<2x8x4xf32>) -> tensor<2x4x4xf32> {
  %zero = arith.constant dense<0.0> : tensor<2x4x4xf32>
  %s = linalg.batch_matmul ins(%q, %k : tensor<2x4x8xf32>, tensor<2x8x4xf32>) outs(%zero : tensor<2x4x4xf32>) -> tensor<2x4x4xf32>
  %zero_2 = arith.constant dense<0.0> : tensor<2x4x8xf32>
  %t = linalg.batch_matmul ins(%s, %q : tensor<2x4x4xf32>, tensor<2x4x8xf32>) outs(%zero_2 : tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %u = linalg.batch_matmul ins(%t, %k : tensor<2x4x8xf32>, tensor<2x8x4xf32>) outs(%zero : tensor<2x4x4xf32>) -> tensor<2x4x4xf32>
  return %u : tensor<2x4x4xf32>
}

// Depthwise products have 8 bits; with several filters a channel, each has a
// range. What pads with zeros comes after the quantizer.

// CHECK-LABEL: func.func @depthwise
// CHECK: frac.constant 8
// CHECK: %[[X:.*]] = frac.dequantize {{.*}} -> tensor<1x4x4x2xf32>
// CHECK: %[[W:.*]] = tensor.collapse_shape %{{.*}} {{\[\[0\], \[1\], \[2, 3\]\]}} : tensor<3x3x2x2xf32> into tensor<3x3x4xf32>
// CHECK: frac.quantize %[[W]] {{.*}} {dimension = 2 : i64}
// CHECK: %[[E:.*]] = tensor.expand_shape {{.*}} : tensor<3x3x4xf32> into tensor<3x3x2x2xf32>
// CHECK: %[[P:.*]] = tensor.pad %[[X]]
// CHECK: linalg.depthwise_conv_2d_nhwc_hwcm {{.*}} ins(%[[P]], %[[E]] :
func.func @depthwise(%x: tensor<1x4x4x2xf32>) -> tensor<1x4x4x2x2xf32> {
  %w = arith.constant dense<0.5> : tensor<3x3x2x2xf32>
  %cst = arith.constant 0.0 : f32
  %zero = arith.constant dense<0.0> : tensor<1x4x4x2x2xf32>
  %p = tensor.pad %x low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%i: index, %j: index, %k: index, %l: index):
    tensor.yield %cst : f32
  } : tensor<1x4x4x2xf32> to tensor<1x6x6x2xf32>
  %y = linalg.depthwise_conv_2d_nhwc_hwcm {dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>}
    ins(%p, %w : tensor<1x6x6x2xf32>, tensor<3x3x2x2xf32>) outs(%zero : tensor<1x4x4x2x2xf32>) -> tensor<1x4x4x2x2xf32>
  return %y : tensor<1x4x4x2x2xf32>
}

// A body with a loop of its own, and a weight that is an argument.

// CHECK-LABEL: func.func @argument
// CHECK: scf.if
// CHECK: linalg.matvec
// ARGUMENT-LABEL: func.func @argument
// ARGUMENT-SAME: %[[W:[a-z0-9]+]]: tensor<3x8xf32>, %{{.*}}: i1, %{{.*}}: tensor<2xi32>)
// ARGUMENT-DAG: frac.quantize %[[W]] {{.*}} {dimension = 0 : i64}
// ARGUMENT-DAG: frac.quantize %{{.*}} : tensor<8xf32>, tensor<f32>
func.func @argument(%x: tensor<8xf32>, %w: tensor<3x8xf32>, %c: i1) -> tensor<3xf32> {
  %zero = arith.constant dense<0.0> : tensor<3xf32>
  %r = scf.if %c -> tensor<3xf32> {
    %y = linalg.matvec ins(%w, %x : tensor<3x8xf32>, tensor<8xf32>) outs(%zero : tensor<3xf32>) -> tensor<3xf32>
    scf.yield %y : tensor<3xf32>
  } else {
    scf.yield %zero : tensor<3xf32>
  }
  return %r : tensor<3xf32>
}

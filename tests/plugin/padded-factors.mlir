// RUN: %stock-opt %s --pass-pipeline="builtin.module(frac-insert-quantize{activation-bits=4 weight-bits=6},frac-validate-precision,frac-estimate-cost{batch=1 extensions=depthwise,groups})" | FileCheck %s

// A factor is quantized in front of zeros around it and of another shape, and
// is known as quantized behind them.

// As torch-mlir 20261001 prints Conv2d(2, 4, 3, padding=1), and one with groups,
// which pads before it splits channels.

// CHECK-LABEL: func.func @convolution
// CHECK: frac.quantize %arg0
// CHECK: tensor.pad
// CHECK: linalg.conv_2d_nchw_fchw {{.*}}total_cycles = {{.*}}frac.lhs_width = 4 : i64, frac.rhs_width = 6 : i64
func.func @convolution(%arg0: tensor<1x2x4x4xf32>) -> tensor<1x4x4x4xf32> {
  %cst = arith.constant 0.000000e+00 : f32
  %cst_0 = arith.constant dense<1.000000e+00> : tensor<4x2x3x3xf32>
  %padded = tensor.pad %arg0 low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%arg1: index, %arg2: index, %arg3: index, %arg4: index):
    tensor.yield %cst : f32
  } : tensor<1x2x4x4xf32> to tensor<1x2x6x6xf32>
  %0 = tensor.empty() : tensor<1x4x4x4xf32>
  %1 = linalg.fill ins(%cst : f32) outs(%0 : tensor<1x4x4x4xf32>) -> tensor<1x4x4x4xf32>
  %2 = linalg.conv_2d_nchw_fchw {dilations = dense<1> : vector<2xi64>, strides = dense<1> : vector<2xi64>} ins(%padded, %cst_0 : tensor<1x2x6x6xf32>, tensor<4x2x3x3xf32>) outs(%1 : tensor<1x4x4x4xf32>) -> tensor<1x4x4x4xf32>
  return %2 : tensor<1x4x4x4xf32>
}

// CHECK-LABEL: func.func @groups
// CHECK: frac.quantize %arg0
// CHECK: tensor.pad
// CHECK-NOT: frac.quantize %expanded {{.*}}tensor<1x2x1x6x6xf32>
// CHECK: linalg.conv_2d_ngchw_gfchw {{.*}}total_cycles = {{.*}}frac.lhs_width = 4 : i64, frac.rhs_width = 6 : i64
func.func @groups(%arg0: tensor<1x2x4x4xf32>) -> tensor<1x2x2x4x4xf32> {
  %cst = arith.constant 0.000000e+00 : f32
  %cst_0 = arith.constant dense<1.000000e+00> : tensor<4x1x3x3xf32>
  %padded = tensor.pad %arg0 low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%arg1: index, %arg2: index, %arg3: index, %arg4: index):
    tensor.yield %cst : f32
  } : tensor<1x2x4x4xf32> to tensor<1x2x6x6xf32>
  %expanded = tensor.expand_shape %padded [[0], [1, 2], [3], [4]] output_shape [1, 2, 1, 6, 6] : tensor<1x2x6x6xf32> into tensor<1x2x1x6x6xf32>
  %expanded_1 = tensor.expand_shape %cst_0 [[0, 1], [2], [3], [4]] output_shape [2, 2, 1, 3, 3] : tensor<4x1x3x3xf32> into tensor<2x2x1x3x3xf32>
  %0 = tensor.empty() : tensor<1x2x2x4x4xf32>
  %1 = linalg.fill ins(%cst : f32) outs(%0 : tensor<1x2x2x4x4xf32>) -> tensor<1x2x2x4x4xf32>
  %2 = linalg.conv_2d_ngchw_gfchw {dilations = dense<1> : vector<2xi64>, strides = dense<1> : vector<2xi64>} ins(%expanded, %expanded_1 : tensor<1x2x1x6x6xf32>, tensor<2x2x1x3x3xf32>) outs(%1 : tensor<1x2x2x4x4xf32>) -> tensor<1x2x2x4x4xf32>
  return %2 : tensor<1x2x2x4x4xf32>
}

// A transposed convolution as torch-mlir 20261001 prints it: what stands between
// the elements is zero.

// CHECK-LABEL: func.func @transposed
// CHECK: frac.quantize %arg0
// CHECK: tensor.insert_slice
// CHECK-NOT: frac.quantize %inserted_slice
// CHECK: linalg.conv_2d_nchw_fchw {{.*}}frac.lhs_width = 4 : i64, frac.rhs_width = 6 : i64
func.func @transposed(%arg0: tensor<1x2x3x3xf32>) -> tensor<1x3x5x5xf32> {
  %cst = arith.constant 0.000000e+00 : f32
  %cst_0 = arith.constant dense<1.000000e+00> : tensor<3x2x3x3xf32>
  %0 = tensor.empty() : tensor<1x2x7x7xf32>
  %1 = linalg.fill ins(%cst : f32) outs(%0 : tensor<1x2x7x7xf32>) -> tensor<1x2x7x7xf32>
  %inserted_slice = tensor.insert_slice %arg0 into %1[0, 0, 1, 1] [1, 2, 3, 3] [1, 1, 2, 2] : tensor<1x2x3x3xf32> into tensor<1x2x7x7xf32>
  %2 = tensor.empty() : tensor<1x3x5x5xf32>
  %3 = linalg.fill ins(%cst : f32) outs(%2 : tensor<1x3x5x5xf32>) -> tensor<1x3x5x5xf32>
  %4 = linalg.conv_2d_nchw_fchw {dilations = dense<1> : vector<2xi64>, strides = dense<1> : vector<2xi64>} ins(%inserted_slice, %cst_0 : tensor<1x2x7x7xf32>, tensor<3x2x3x3xf32>) outs(%3 : tensor<1x3x5x5xf32>) -> tensor<1x3x5x5xf32>
  return %4 : tensor<1x3x5x5xf32>
}

// As tosa-converter-for-tflite 2026.2.0 prints a depthwise convolution: its
// weights are quantized as a tensor of one dimension of channels.

// CHECK-LABEL: func.func @depthwise
// CHECK: tosa.depthwise_conv2d {{.*}}total_cycles = {{.*}}frac.lhs_width = 8 : i64, frac.rhs_width = 8 : i64
func.func @depthwise(%arg0: tensor<1x6x6x2xf32>) -> tensor<1x6x6x4xf32> {
  %0 = "tosa.const"() <{values = dense<1.000000e+00> : tensor<3x3x2x2xf32>}> : () -> tensor<3x3x2x2xf32>
  %1 = "tosa.const"() <{values = dense<1.000000e+00> : tensor<4xf32>}> : () -> tensor<4xf32>
  %2 = "tosa.const"() <{values = dense<0.000000e+00> : tensor<1xf32>}> : () -> tensor<1xf32>
  %3 = tosa.depthwise_conv2d %arg0, %0, %1, %2, %2 {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>} : (tensor<1x6x6x2xf32>, tensor<3x3x2x2xf32>, tensor<4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x6x6x4xf32>
  return %3 : tensor<1x6x6x4xf32>
}

// RUN: frac-opt %s --frac-insert-quantize | FileCheck %s
// RUN: frac-opt %s --frac-insert-quantize=one-scale-for-errors | FileCheck %s --check-prefix=TENSOR
// RUN: frac-opt %s --frac-insert-quantize="stochastic=false error-storage=16" | FileCheck %s --check-prefix=NEAREST

// Each factor is quantized once and feeds all of its products; the error also
// feeds the gradient of the bias.

// CHECK: frac.symbol @conv.activation activation of "conv" {index = 0 : i64, max_bits = 8 : i64}
// CHECK: frac.symbol @conv.weight weight of "conv" {index = 1 : i64, max_bits = 8 : i64}
// CHECK: frac.symbol @conv.error error of "conv" {index = 2 : i64, max_bits = 8 : i64}
// CHECK: ml_program.global private mutable @"conv.activation/range_extent"(dense<0.000000e+00> : tensor<f32>) : tensor<f32> {frac.role = "state"}
// CHECK: ml_program.global private mutable @"conv.activation/range_low"

// CHECK-LABEL: func.func @step
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<?x4x4x3xf32>
// CHECK-SAME: %[[COUNTER:[a-z0-9]+]]: tensor<2xi64>, %[[TABLE:[a-z0-9]+]]: tensor<3xi32>)
// CHECK: %[[W:.*]] = ml_program.global_load @w
// CHECK: %[[A:.*]] = frac.resolve @conv.activation from %[[TABLE]]
// CHECK: %[[LOW:.*]], %[[HIGH:.*]] = frac.range %[[X]] : tensor<?x4x4x3xf32> -> tensor<f32>, tensor<f32>
// CHECK: %[[Q:.*]], %[[S:.*]] = frac.quantize %[[X]] in %[[LOW]] to %[[HIGH]] bits %[[A]] :
// CHECK: %[[XQ:.*]] = frac.dequantize %[[Q]] scale %[[S]] zero %[[LOW]] bits %[[A]]
// CHECK: frac.range %[[W]] {dimension = 0 : i64} : tensor<5x3x3x3xf32> -> tensor<5xf32>, tensor<5xf32>
// CHECK: %[[WQ:.*]] = frac.dequantize {{.*}} {dimension = 0 : i64}
// CHECK: nn.conv %[[XQ]], %[[WQ]]
// CHECK: %[[E:.*]] = arith.addf
// CHECK: frac.resolve @conv.error
// CHECK: frac.quantize %[[E]] {{.*}} noise %[[COUNTER]] {stream = 2 : i64}
// CHECK: %[[EQ:.*]] = frac.dequantize
// CHECK: nn.reduce sum %[[EQ]]
// CHECK: nn.conv_weight_grad %[[XQ]], %[[EQ]]
// CHECK: nn.conv_input_grad %[[EQ]], %[[WQ]]
// CHECK: ml_program.global_store @"conv.activation/range_low"
// CHECK: ml_program.global_store @"conv.activation/range_extent"

// CHECK-LABEL: func.func @eval
// CHECK-SAME: tensor<3xi32>)
// CHECK: %[[START:.*]] = ml_program.global_load @"conv.activation/range_low"
// CHECK: %[[EXTENT:.*]] = ml_program.global_load @"conv.activation/range_extent"
// CHECK: %[[SEEN:.*]] = arith.cmpf ogt, %[[EXTENT]]
// CHECK: arith.select %[[SEEN]], %[[START]]
// CHECK-NOT: global_store

// TENSOR-LABEL: func.func @step
// TENSOR: frac.range {{.*}} {dimension = 0 : i64}
// TENSOR: frac.range %{{.*}} : tensor<5x3x3x3xf32> -> tensor<f32>, tensor<f32>
// TENSOR: %[[WT:.*]] = frac.dequantize {{.*}} : tensor<5x3x3x3xi8>, tensor<f32>, tensor<f32>
// TENSOR: nn.conv_input_grad %{{.*}}, %[[WT]]

// NEAREST: frac.symbol @conv.error error of "conv" {index = 2 : i64, max_bits = 16 : i64}
// NEAREST-LABEL: func.func @step
// NEAREST-NOT: noise
// NEAREST: frac.dequantize {{.*}} : tensor<?x4x4x5xi16>

ml_program.global private mutable @w(dense<1.0> : tensor<5x3x3x3xf32>) : tensor<5x3x3x3xf32> {frac.role = "parameter"}

func.func @step(%x: tensor<?x4x4x3xf32>, %target: tensor<?x4x4x5xf32>, %hyper: tensor<16xf32>,
                %counter: tensor<2xi64>) -> tensor<f32> {
  %w = ml_program.global_load @w : tensor<5x3x3x3xf32>
  %y = nn.conv %x, %w {channels_last, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
      pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, groups = 1 : i64}
    : tensor<?x4x4x3xf32>, tensor<5x3x3x3xf32> -> tensor<?x4x4x5xf32> loc("conv")
  %p = nn.reduce sum %y dimensions = [1, 2, 3] : tensor<?x4x4x5xf32> -> tensor<?xf32>
  %loss = nn.reduce mean %p dimensions = [0] : tensor<?xf32> -> tensor<f32>
  %e = arith.addf %y, %target : tensor<?x4x4x5xf32>
  %b = nn.reduce sum %e dimensions = [0, 1, 2] : tensor<?x4x4x5xf32> -> tensor<5xf32>
  %dw = nn.conv_weight_grad %x, %e {channels_last, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
      pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, groups = 1 : i64}
    : tensor<?x4x4x3xf32>, tensor<?x4x4x5xf32> -> tensor<5x3x3x3xf32> loc("conv")
  %dx = nn.conv_input_grad %e, %w {channels_last, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
      pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, groups = 1 : i64}
    : tensor<?x4x4x5xf32>, tensor<5x3x3x3xf32> -> tensor<?x4x4x3xf32> loc("conv")
  ml_program.global_store @w = %dw : tensor<5x3x3x3xf32>
  return %loss : tensor<f32>
}

func.func @eval(%x: tensor<?x4x4x3xf32>, %target: tensor<?x4x4x5xf32>) -> tensor<f32> {
  %w = ml_program.global_load @w : tensor<5x3x3x3xf32>
  %y = nn.conv %x, %w {channels_last, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
      pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, groups = 1 : i64}
    : tensor<?x4x4x3xf32>, tensor<5x3x3x3xf32> -> tensor<?x4x4x5xf32> loc("conv")
  %p = nn.reduce sum %y dimensions = [1, 2, 3] : tensor<?x4x4x5xf32> -> tensor<?xf32>
  %loss = nn.reduce mean %p dimensions = [0] : tensor<?xf32> -> tensor<f32>
  return %loss : tensor<f32>
}

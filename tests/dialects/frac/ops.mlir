// RUN: frac-opt %s | frac-opt | FileCheck %s
// RUN: frac-opt %s --mlir-print-op-generic | frac-opt | FileCheck %s

// CHECK: frac.symbol @conv1.activation activation of "conv1" {index = 0 : i64, max_bits = 8 : i64}
frac.symbol @"conv1.activation" activation of "conv1" {index = 0, max_bits = 8}
// CHECK: frac.symbol @conv1.error error of "conv1" {fixed = 12 : i64, index = 1 : i64, max_bits = 16 : i64}
frac.symbol @"conv1.error" error of "conv1" {index = 1, max_bits = 16, fixed = 12}

// CHECK-LABEL: func.func @widths
func.func @widths(%table: tensor<2xi32>) -> (!frac.bits, !frac.bits) {
  // CHECK: frac.resolve @conv1.activation from %{{.*}} : tensor<2xi32>
  %a = frac.resolve @"conv1.activation" from %table : tensor<2xi32>
  // CHECK: frac.constant 12
  %b = frac.constant 12
  return %a, %b : !frac.bits, !frac.bits
}

// CHECK-LABEL: func.func @per_tensor
func.func @per_tensor(%x: tensor<?x4x4x3xf32>, %b: !frac.bits,
                      %counter: tensor<2xi64>) -> tensor<?x4x4x3xf32> {
  // CHECK: frac.range %{{.*}} {symmetric} : tensor<?x4x4x3xf32> -> tensor<f32>, tensor<f32>
  %low, %high = frac.range %x {symmetric} : tensor<?x4x4x3xf32> -> tensor<f32>, tensor<f32>
  // CHECK: frac.quantize %{{.*}} in %{{.*}} to %{{.*}} bits %{{.*}} noise %{{.*}} {stream = 7 : i64}
  %q, %s = frac.quantize %x in %low to %high bits %b noise %counter {stream = 7}
    : tensor<?x4x4x3xf32>, tensor<f32>, tensor<f32>, tensor<2xi64> -> tensor<?x4x4x3xi16>, tensor<f32>
  // CHECK: frac.dequantize %{{.*}} scale %{{.*}} zero %{{.*}} bits %{{.*}} : tensor<?x4x4x3xi16>
  %y = frac.dequantize %q scale %s zero %low bits %b
    : tensor<?x4x4x3xi16>, tensor<f32>, tensor<f32> -> tensor<?x4x4x3xf32>
  return %y : tensor<?x4x4x3xf32>
}

// CHECK-LABEL: func.func @per_channel
func.func @per_channel(%w: tensor<8x3x3x3xf32>, %b: !frac.bits) -> tensor<8x3x3x3xf32> {
  // CHECK: frac.range %{{.*}} {dimension = 0 : i64} : tensor<8x3x3x3xf32> -> tensor<8xf32>, tensor<8xf32>
  %low, %high = frac.range %w {dimension = 0} : tensor<8x3x3x3xf32> -> tensor<8xf32>, tensor<8xf32>
  // CHECK: frac.quantize {{.*}} {dimension = 0 : i64}
  %q, %s = frac.quantize %w in %low to %high bits %b {dimension = 0}
    : tensor<8x3x3x3xf32>, tensor<8xf32>, tensor<8xf32> -> tensor<8x3x3x3xi8>, tensor<8xf32>
  %y = frac.dequantize %q scale %s zero %low bits %b {dimension = 0}
    : tensor<8x3x3x3xi8>, tensor<8xf32>, tensor<8xf32> -> tensor<8x3x3x3xf32>
  return %y : tensor<8x3x3x3xf32>
}

// CHECK-LABEL: func.func @samples
func.func @samples(%x: tensor<?x4xf32>, %sampling: tensor<2xf32>, %factor: tensor<f32>) -> tensor<?x4xf32> {
  // CHECK: frac.sample_gradient %{{.*}} sampling %{{.*}} : tensor<?x4xf32>, tensor<2xf32>
  %a = frac.sample_gradient %x sampling %sampling : tensor<?x4xf32>, tensor<2xf32>
  // CHECK: frac.sample_rows %{{.*}} sampling %{{.*}} : tensor<?x4xf32>, tensor<2xf32>
  %b = frac.sample_rows %a sampling %sampling : tensor<?x4xf32>, tensor<2xf32>
  // CHECK: frac.scale_gradient %{{.*}} by %{{.*}} : tensor<?x4xf32>, tensor<f32>
  %c = frac.scale_gradient %b by %factor : tensor<?x4xf32>, tensor<f32>
  return %c : tensor<?x4xf32>
}

// CHECK-LABEL: func.func @rows
func.func @rows(%x: tensor<?x8xf32>, %m: tensor<?x2xf32>, %b: tensor<?xi32>,
                %c: tensor<2xf32>, %r: tensor<?xf32>) -> tensor<?x8xf32> {
  // CHECK: frac.range %{{.*}} rows %{{.*}} : tensor<?x8xf32>, tensor<?xf32> -> tensor<f32>, tensor<f32>
  %low, %high = frac.range %x rows %r : tensor<?x8xf32>, tensor<?xf32> -> tensor<f32>, tensor<f32>
  // CHECK: frac.mix %{{.*}} sampling %{{.*}} rows %{{.*}} {block = 0 : i64}
  %y = frac.mix %x by %m widths %b, %b of %c sampling %c rows %r {block = 0}
    : tensor<?x8xf32>, tensor<?x2xf32>, tensor<?xi32>, tensor<2xf32>, tensor<2xf32>, tensor<?xf32>
  return %y : tensor<?x8xf32>
}

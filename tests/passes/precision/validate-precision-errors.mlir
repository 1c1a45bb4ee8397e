// RUN: frac-opt %s --frac-validate-precision --split-input-file --verify-diagnostics

func.func @validate_c1(%x: tensor<2x4xi8>, %y: tensor<4x3xi8>, %s: tensor<f32>, %b: !frac.bits) {
  %l = frac.dequantize %x scale %s zero %s bits %b : tensor<2x4xi8>, tensor<f32>, tensor<f32> -> tensor<2x4xf32>
  %r = frac.dequantize %y scale %s zero %s bits %b : tensor<4x3xi8>, tensor<f32>, tensor<f32> -> tensor<4x3xf32>
  // expected-error@+1 {{has a factor of unknown width}}
  %p = nn.matmul %l, %r : tensor<2x4xf32>, tensor<4x3xf32> -> tensor<2x3xf32>
  return
}

// -----

func.func @validate_c2(%x: tensor<2x4xi8>, %y: tensor<4x3xf32>, %s: tensor<f32>) {
  %b = frac.constant 8
  %l = frac.dequantize %x scale %s zero %s bits %b : tensor<2x4xi8>, tensor<f32>, tensor<f32> -> tensor<2x4xf32>
  // expected-error@+1 {{has one quantized factor and one in float}}
  %p = nn.matmul %l, %y : tensor<2x4xf32>, tensor<4x3xf32> -> tensor<2x3xf32>
  return
}

// -----

func.func @validate_c3(%x: tensor<2x4xi8>, %y: tensor<4x3xi8>, %s: tensor<f32>) {
  %b = frac.constant 12
  %l = frac.dequantize %x scale %s zero %s bits %b : tensor<2x4xi8>, tensor<f32>, tensor<f32> -> tensor<2x4xf32>
  %r = frac.dequantize %y scale %s zero %s bits %b : tensor<4x3xi8>, tensor<f32>, tensor<f32> -> tensor<4x3xf32>
  // expected-error@+1 {{has a factor of up to 12 bits that is stored in 8}}
  %p = nn.matmul %l, %r : tensor<2x4xf32>, tensor<4x3xf32> -> tensor<2x3xf32>
  return
}

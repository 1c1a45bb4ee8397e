// RUN: frac-opt %s --frac-validate-precision | FileCheck %s

frac.symbol @a activation of "fc" {index = 0, max_bits = 8}
frac.symbol @w weight of "fc" {index = 1, max_bits = 8, fixed = 4}

// A width that is chosen is known to lie between what integers may have and
// what they are stored in.

// CHECK: nn.matmul {{.*}} {frac.lhs_width = array<i64: 2, 8>, frac.rhs_width = 4 : i64}
// CHECK: nn.matmul {{.*}} {frac.lhs_width = array<i64: 2, 8>, frac.rhs_width = 6 : i64}
// CHECK-NOT: frac.lhs_width
func.func @eval(%x: tensor<?x4xi8>, %y: tensor<4x3xi8>, %s: tensor<f32>, %z: tensor<f32>,
                %f: tensor<4x3xf32>, %t: tensor<2xi32>) {
  %a = frac.resolve @a from %t : tensor<2xi32>
  %w = frac.resolve @w from %t : tensor<2xi32>
  %c = frac.constant 6
  %l = frac.dequantize %x scale %s zero %z bits %a : tensor<?x4xi8>, tensor<f32>, tensor<f32> -> tensor<?x4xf32>
  %r = frac.dequantize %y scale %s zero %z bits %w : tensor<4x3xi8>, tensor<f32>, tensor<f32> -> tensor<4x3xf32>
  %q = frac.dequantize %y scale %s zero %z bits %c : tensor<4x3xi8>, tensor<f32>, tensor<f32> -> tensor<4x3xf32>
  %p = nn.matmul %l, %r : tensor<?x4xf32>, tensor<4x3xf32> -> tensor<?x3xf32>
  %o = nn.matmul %l, %q : tensor<?x4xf32>, tensor<4x3xf32> -> tensor<?x3xf32>
  %g = nn.matmul %p, %f {transpose_rhs} : tensor<?x3xf32>, tensor<4x3xf32> -> tensor<?x4xf32>
  return
}

// RUN: %stock-opt %s --pass-pipeline="builtin.module(frac-insert-quantize)" | FileCheck %s

// A function that happens to be called @eval but returns no loss is inference.

// CHECK: frac.symbol @matmul.activation
// CHECK: frac.symbol @matmul.weight
// CHECK-NOT: ml_program.global
func.func @eval(%x: tensor<2x4xf32>) -> tensor<2x3xf32> {
  %w = arith.constant dense<0.5> : tensor<4x3xf32>
  %z = arith.constant dense<0.0> : tensor<2x3xf32>
  %p = linalg.matmul ins(%x, %w : tensor<2x4xf32>, tensor<4x3xf32>) outs(%z : tensor<2x3xf32>) -> tensor<2x3xf32>
  return %p : tensor<2x3xf32>
}

// RUN: %stock-opt %s --pass-pipeline="builtin.module(frac-insert-quantize{roles=weight weight-bits=4 weight-arguments=1 activation-bits=8},frac-insert-quantize{activation-bits=8 weight-bits=4},frac-insert-quantize)" | FileCheck %s

// What an earlier run has quantized stays as it is.

// CHECK-NOT: frac.symbol
// CHECK-LABEL: func.func @twice
// CHECK-DAG: frac.quantize %arg1 {{.*}}tensor<4x3xf32>
// CHECK-DAG: frac.quantize %arg0 {{.*}}tensor<2x4xf32>
// CHECK-NOT: frac.quantize
// CHECK: linalg.matmul
func.func @twice(%x: tensor<2x4xf32>, %w: tensor<4x3xf32>) -> tensor<2x3xf32> {
  %z = tensor.empty() : tensor<2x3xf32>
  %y = linalg.matmul ins(%x, %w : tensor<2x4xf32>, tensor<4x3xf32>) outs(%z : tensor<2x3xf32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

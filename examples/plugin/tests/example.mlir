// What run.sh does with this file has to look so.

// MACS-LABEL: func.func @outer
// MACS: example.outer {{.*}} {example.macs = 12 : i64}
// MACS: linalg.matmul {example.macs = 24 : i64}

// QUANT-LABEL: func.func @outer
// QUANT-DAG: frac.quantize {{.*}} : tensor<3x1xf32>
// QUANT-DAG: frac.quantize {{.*}} : tensor<1x4xf32>
// QUANT: example.outer

// GRAD-LABEL: func.func @gradient
// GRAD-SAME: -> (tensor<3x2xf32>, tensor<3x1xf32>, tensor<1x4xf32>)
// GRAD: example.outer
// GRAD: linalg.matmul
func.func @outer(%c: tensor<3x1xf32>, %r: tensor<1x4xf32>, %w: tensor<4x2xf32>) -> tensor<3x2xf32> {
  %o = example.outer %c, %r : tensor<3x1xf32>, tensor<1x4xf32> -> tensor<3x4xf32>
  %zero = arith.constant dense<0.0> : tensor<3x2xf32>
  %y = linalg.matmul ins(%o, %w : tensor<3x4xf32>, tensor<4x2xf32>) outs(%zero : tensor<3x2xf32>) -> tensor<3x2xf32>
  return %y : tensor<3x2xf32>
}

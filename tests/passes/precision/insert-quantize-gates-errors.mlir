// RUN: frac-toy-opt %s --frac-insert-quantize -verify-diagnostics

// A choice that does not reach the contraction would not be heeded.

ml_program.global private mutable @w(dense<1.0> : tensor<8x4xf32>) : tensor<8x4xf32>

func.func @grad(%x: tensor<?x8xf32>, %m: tensor<?x2xf32>, %bits: tensor<?xi32>,
                %widths: tensor<2xf32>, %sampling: tensor<2xf32>,
                %counter: tensor<2xi64>) -> tensor<f32> {
  %w = ml_program.global_load @w : tensor<8x4xf32>
  %mixed = frac.mix %x by %m widths %bits, %bits of %widths sampling %sampling {block = 0}
    : tensor<?x8xf32>, tensor<?x2xf32>, tensor<?xi32>, tensor<2xf32>, tensor<2xf32>
  // expected-error @+1 {{reads a factor whose width each sample has chosen, and is no contraction}}
  %three = toy.triple %mixed : tensor<?x8xf32> -> tensor<?x8xf32>
  %y = nn.matmul %three, %w : tensor<?x8xf32>, tensor<8x4xf32> -> tensor<?x4xf32> loc("fc")
  %loss = nn.reduce sum %y dimensions = [0, 1] : tensor<?x4xf32> -> tensor<f32>
  return %loss : tensor<f32>
}

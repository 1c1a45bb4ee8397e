// RUN: frac-opt %s --frac-insert-quantize="stochastic=0 error-storage=16" --frac-validate-precision | FileCheck %s

// Samples whose width is 0 are left out: the range is that of the rows that
// count, what they are quantized to is 0, and a running range that has seen none
// stays.

// CHECK: frac.symbol @fc.activation activation of "fc" {block = 3 : i64, index = 0 : i64, max_bits = 8 : i64, skips}
// CHECK: frac.symbol @fc.weight weight of "fc" {index = 1 : i64, max_bits = 8 : i64}
// CHECK: frac.symbol @fc.error error of "fc" {block = 3 : i64, index = 2 : i64, max_bits = 16 : i64, skips}

// CHECK: func.func @step(%[[X:.*]]: tensor<?x8xf32>, %[[M:.*]]: tensor<?x2xf32>, %[[B:.*]]: tensor<?xi32>, %[[E:.*]]: tensor<?xi32>
// CHECK-SAME: %[[ROWS:[a-z0-9]*]]: tensor<?xf32>, %{{[a-z0-9]*}}: tensor<?x4xf32>
// CHECK: %[[LOW:.*]], %[[HIGH:.*]] = frac.range %[[X]] rows %[[ROWS]]
// CHECK: %[[EXTENT:.*]] = arith.subf %[[HIGH]], %[[LOW]]
// CHECK: %[[KNOWN:.*]] = ml_program.global_load @"fc.activation/range_low"
// CHECK: %[[SEEN:.*]] = arith.cmpf ogt, %[[EXTENT]]
// CHECK: arith.select %[[SEEN]], %{{.*}}, %[[KNOWN]]
// CHECK: %[[LOWS:.*]] = tensor.splat
// CHECK: %[[NEEDED:.*]] = arith.cmpi ne, %[[B]]
// CHECK: %[[CLEARED:.*]] = arith.select %[[NEEDED]], %[[LOWS]]
// CHECK: frac.quantize %[[X]] in %[[CLEARED]] to
// CHECK: nn.matmul %{{.*}}, %{{.*}} {frac.lhs_width = array<i64: 0, 8>, frac.rhs_width = array<i64: 2, 8>}
// The range of errors is that of all, as those that are left out are 0.
// CHECK: %{{.*}}, %{{.*}} = frac.range %{{[^ ]*}} : tensor<?x4xf32>
// CHECK: arith.cmpi ne, %[[E]]

ml_program.global private mutable @w(dense<1.0> : tensor<8x4xf32>) : tensor<8x4xf32>

func.func @step(%x: tensor<?x8xf32>, %m: tensor<?x2xf32>, %bits: tensor<?xi32>,
                %errors: tensor<?xi32>, %widths: tensor<2xf32>,
                %sampling: tensor<2xf32>, %rows: tensor<?xf32>, %g: tensor<?x4xf32>,
                %counter: tensor<2xi64>) -> (tensor<f32>, tensor<8x4xf32>) {
  %w = ml_program.global_load @w : tensor<8x4xf32>
  %mixed = frac.mix %x by %m widths %bits, %errors of %widths sampling %sampling rows %rows {block = 3}
    : tensor<?x8xf32>, tensor<?x2xf32>, tensor<?xi32>, tensor<2xf32>, tensor<2xf32>, tensor<?xf32>
  %y = nn.matmul %mixed, %w : tensor<?x8xf32>, tensor<8x4xf32> -> tensor<?x4xf32> loc("fc")
  %loss = nn.reduce sum %y dimensions = [0, 1] : tensor<?x4xf32> -> tensor<f32>
  %e = arith.mulf %g, %g : tensor<?x4xf32>
  %dw = nn.matmul %mixed, %e {transpose_lhs} : tensor<?x8xf32>, tensor<?x4xf32> -> tensor<8x4xf32> loc("fc")
  return %loss, %dw : tensor<f32>, tensor<8x4xf32>
}

// RUN: frac-opt %s --frac-insert-quantize="stochastic=0 error-storage=16" --frac-validate-precision | FileCheck %s

// A factor that a gate mixes has a width for each sample, in the range of the
// whole tensor; so have the errors of the products that read it.

// CHECK: frac.symbol @fc.activation activation of "fc" {block = 3 : i64, index = 0 : i64, max_bits = 8 : i64}
// CHECK: frac.symbol @fc.weight weight of "fc" {index = 1 : i64, max_bits = 8 : i64}
// CHECK: frac.symbol @fc.error error of "fc" {block = 3 : i64, index = 2 : i64, max_bits = 16 : i64}

// CHECK: func.func @grad(%[[X:.*]]: tensor<?x8xf32>, %[[M:.*]]: tensor<?x2xf32>, %[[B:.*]]: tensor<?xi32>, %[[E:.*]]: tensor<?xi32>
// CHECK-NOT: frac.mix %
// CHECK: %[[BITS:.*]] = frac.sample_bits @fc.activation of %[[B]]
// CHECK: %[[LOW:.*]], %{{.*}} = frac.range %[[X]] : tensor<?x8xf32> -> tensor<f32>, tensor<f32>
// CHECK: %[[ONE:.*]] = tensor.extract %[[LOW]][]
// CHECK: %[[LOWS:.*]] = tensor.splat %[[ONE]][%{{.*}}] : tensor<?xf32>
// CHECK: frac.quantize %[[X]] in %[[LOWS]] to %{{.*}} bits %[[BITS]] {dimension = 0 : i64}
// CHECK: nn.matmul %{{.*}}, %{{.*}} {frac.lhs_width = array<i64: 2, 8>, frac.rhs_width = array<i64: 2, 8>}
// CHECK: %[[EBITS:.*]] = frac.sample_bits @fc.error of %[[E]]
// CHECK: frac.quantize %{{.*}} bits %[[EBITS]] {dimension = 0 : i64}
// CHECK: frac.mix_grad

ml_program.global private mutable @w(dense<1.0> : tensor<8x4xf32>) : tensor<8x4xf32>

func.func @grad(%x: tensor<?x8xf32>, %m: tensor<?x2xf32>, %bits: tensor<?xi32>,
                %errors: tensor<?xi32>, %widths: tensor<2xf32>,
                %sampling: tensor<2xf32>, %g: tensor<?x4xf32>,
                %counter: tensor<2xi64>) -> (tensor<f32>, tensor<?x2xf32>, tensor<8x4xf32>) {
  %w = ml_program.global_load @w : tensor<8x4xf32>
  %mixed = frac.mix %x by %m widths %bits, %errors of %widths sampling %sampling {block = 3}
    : tensor<?x8xf32>, tensor<?x2xf32>, tensor<?xi32>, tensor<2xf32>, tensor<2xf32>
  %y = nn.matmul %mixed, %w : tensor<?x8xf32>, tensor<8x4xf32> -> tensor<?x4xf32> loc("fc")
  %loss = nn.reduce sum %y dimensions = [0, 1] : tensor<?x4xf32> -> tensor<f32>
  %e = arith.mulf %g, %g : tensor<?x4xf32>
  %dx = nn.matmul %e, %w {transpose_rhs} : tensor<?x4xf32>, tensor<8x4xf32> -> tensor<?x8xf32> loc("fc")
  %dw = nn.matmul %mixed, %e {transpose_lhs} : tensor<?x8xf32>, tensor<?x4xf32> -> tensor<8x4xf32> loc("fc")
  %low, %high = frac.range %x : tensor<?x8xf32> -> tensor<f32>, tensor<f32>
  %dm = frac.mix_grad %dx, %x in %low to %high of %widths sampling %sampling
    : tensor<?x8xf32>, tensor<f32>, tensor<2xf32>, tensor<2xf32> -> tensor<?x2xf32>
  return %loss, %dm, %dw : tensor<f32>, tensor<?x2xf32>, tensor<8x4xf32>
}

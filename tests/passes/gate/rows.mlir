// RUN: frac-toy-opt %s --frac-insert-gates="forward=3,6 backward=6,8" --mlir-elide-elementsattrs-if-larger=8 | FileCheck %s
// RUN: frac-toy-opt %s --frac-insert-gates="forward=3,6 backward=6,8 granularity=layer" --mlir-elide-elementsattrs-if-larger=8 | FileCheck %s
// RUN: not frac-toy-opt %s --frac-insert-gates="forward=3,0 backward=6,0" 2>&1 | FileCheck %s --check-prefix=SKIP

// A sample's pixels become rows of a matrix: a gate, which chooses for samples,
// has no say in the product of those, in the residual block or outside, though
// it begins and ends with a row for each sample. The pixels of another product
// are a sample's own again.

// CHECK: frac.gated_blocks = [{depthwise_macs = 0 : i64, macs = 256 : i64, name = "conv"}, {depthwise_macs = 0 : i64, macs = 128 : i64, name = "samples"}]
// CHECK: frac.mix {{.*}} {block = 0 : i64}
// CHECK: nn.conv
// CHECK-NOT: frac.mix
// CHECK: nn.matmul {{.*}} : tensor<?x8xf32>, tensor<8x8xf32>
// CHECK: frac.mix {{.*}} {block = 1 : i64} : tensor<?x32xf32>
// CHECK: nn.matmul {{.*}} : tensor<?x32xf32>, tensor<32x4xf32>
// SKIP: error: a candidate has the width 0, but there is no block that a sample can skip

func.func @forward(%x: tensor<?x8x2x2xf32>) -> tensor<?x4xf32> {
  %w = arith.constant dense<1.0> : tensor<8x8x1x1xf32>
  %m = arith.constant dense<1.0> : tensor<8x8xf32>
  %n = arith.constant dense<1.0> : tensor<32x4xf32>
  %a = nn.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, groups = 1}
    : tensor<?x8x2x2xf32>, tensor<8x8x1x1xf32> -> tensor<?x8x2x2xf32> loc("conv")
  %t = nn.transpose %a permutation = [0, 2, 3, 1] : tensor<?x8x2x2xf32> -> tensor<?x2x2x8xf32>
  %r = toy.regroup %t : tensor<?x2x2x8xf32> -> tensor<?x8xf32>
  %b = nn.matmul %r, %m : tensor<?x8xf32>, tensor<8x8xf32> -> tensor<?x8xf32> loc("rows")
  %s = nn.reshape %b : tensor<?x8xf32> -> tensor<?x2x2x8xf32>
  %sum = arith.addf %s, %t : tensor<?x2x2x8xf32> loc("add")
  %f = nn.reshape %sum : tensor<?x2x2x8xf32> -> tensor<?x32xf32>
  %c = nn.matmul %f, %n : tensor<?x32xf32>, tensor<32x4xf32> -> tensor<?x4xf32> loc("samples")
  return %c : tensor<?x4xf32>
}

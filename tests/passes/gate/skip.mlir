// RUN: frac-opt %s --frac-insert-gates="forward=0,3 backward=0,6 features=4 hidden=2" --mlir-elide-elementsattrs-if-larger=8 | FileCheck %s

// Samples may skip the first block, which adds its own entry; the gate of the
// second, which adds a projection of it, is not offered to.

// CHECK: frac.gated_blocks = [{depthwise_macs = 0 : i64, macs = 36864 : i64, name = "add", skips}, {depthwise_macs = 0 : i64, macs = 40960 : i64, name = "projected"}]
// CHECK: func.func @forward
// CHECK-SAME: tensor<4x2xf32> {frac.kind = "choices"})
// CHECK: %[[STEM:.*]] = math.absf
// CHECK: %[[P1:.*]] = nn.softmax
// CHECK: %[[S1:.*]] = frac.sample_gradient %[[P1]]
// CHECK: %[[M1:.*]] = frac.choose %[[S1]] forced %[[FORCED:[^ ]*]]
// The share of the candidates that run, and the samples that have one.
// CHECK: %[[TAKES:.*]] = nn.broadcast %{{.*}} : tensor<2xf32>
// CHECK: %[[CHOSEN:.*]] = arith.mulf %[[M1]], %[[TAKES]]
// CHECK: %[[SHARE:.*]] = nn.reduce sum %[[CHOSEN]] dimensions = [1]
// CHECK: %[[RUNS:.*]] = arith.select
// CHECK: frac.sample_rows
// CHECK: %[[EVALUATED:.*]] = arith.select %{{.*}}, %[[RUNS]],
// CHECK: %[[USED:.*]] = arith.mulf %[[EVALUATED]], %[[SHARE]]
// CHECK: %[[RANGED:.*]] = arith.select %{{.*}}, %[[RUNS]], %[[EVALUATED]]
// CHECK: frac.choose
// The widths of samples that skip are 0.
// CHECK: arith.maxsi %{{.*}}, %[[NONE:.*]] : tensor<?xi32>
// CHECK: %[[MIX:.*]] = frac.mix %[[STEM]] by %{{.*}} rows %[[RANGED]] {block = 0 : i64}
// CHECK: %[[A:.*]] = nn.conv %[[MIX]]
// CHECK: nn.batch_norm %[[A]], {{.*}} samples %[[RUNS]]
// CHECK: %[[SUM:.*]] = arith.addf
// CHECK: %[[OUT:.*]] = nn.relu %[[SUM]]
// CHECK: %[[ENTRY:.*]] = nn.relu %[[STEM]]
// CHECK: %[[RAN:.*]] = arith.mulf %[[OUT]],
// CHECK: %[[REST:.*]] = arith.mulf %[[ENTRY]],
// CHECK: %[[MERGED:.*]] = arith.addf %[[RAN]], %[[REST]]
// CHECK: nn.reduce mean %[[MERGED]]
// CHECK: %[[OFFSETS:.*]] = arith.constant dense<[-1.000000e+30, 0.000000e+00]>
// CHECK: %[[OFFSET:.*]] = nn.broadcast %[[OFFSETS]]
// CHECK: %[[LOGITS:.*]] = arith.addf %{{.*}}, %[[OFFSET]]
// CHECK: %[[P2:.*]] = nn.softmax %[[LOGITS]]
// CHECK: %[[S2:.*]] = frac.sample_gradient %[[P2]]
// A choice that it has not got is not forced upon it.
// CHECK: %[[ALLOWED:.*]] = arith.select
// CHECK: %[[M2:.*]] = frac.choose %[[S2]] forced %[[ALLOWED]]
// CHECK: frac.mix %[[MERGED]] by %[[M2]]
// CHECK-NOT: rows
// CHECK-SAME: {block = 1 : i64}
// CHECK: nn.batch_norm
// CHECK-NOT: samples
// CHECK: return

func.func @forward(%x: tensor<?x8x8x8xf32>) -> tensor<?x8x8x8xf32> {
  %w = arith.constant dense<1.0> : tensor<8x8x3x3xf32>
  %p = arith.constant dense<1.0> : tensor<8x8x1x1xf32>
  %v = arith.constant dense<1.0> : tensor<8xf32>
  %stem = math.absf %x : tensor<?x8x8x8xf32>
  %a = nn.conv %stem, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, groups = 1}
    : tensor<?x8x8x8xf32>, tensor<8x8x3x3xf32> -> tensor<?x8x8x8xf32> loc("one")
  %n, %m0, %v0 = nn.batch_norm %a, %v, %v, %v, %v {epsilon = 1.0e-5 : f32, momentum = 0.9 : f32}
    : tensor<?x8x8x8xf32>, tensor<8xf32>
  %sum = arith.addf %n, %stem : tensor<?x8x8x8xf32> loc("add")
  %o = nn.relu %sum : tensor<?x8x8x8xf32>
  %b = nn.conv %o, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, groups = 1}
    : tensor<?x8x8x8xf32>, tensor<8x8x3x3xf32> -> tensor<?x8x8x8xf32> loc("two")
  %c, %m1, %v1 = nn.batch_norm %b, %v, %v, %v, %v {epsilon = 1.0e-5 : f32, momentum = 0.9 : f32}
    : tensor<?x8x8x8xf32>, tensor<8xf32>
  %s = nn.conv %o, %p {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, groups = 1}
    : tensor<?x8x8x8xf32>, tensor<8x8x1x1xf32> -> tensor<?x8x8x8xf32> loc("shortcut")
  %sum2 = arith.addf %c, %s : tensor<?x8x8x8xf32> loc("projected")
  return %sum2 : tensor<?x8x8x8xf32>
}

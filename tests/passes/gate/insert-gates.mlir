// RUN: frac-opt %s --frac-insert-gates="forward=3,6 backward=6,8 features=4 hidden=2" --mlir-elide-elementsattrs-if-larger=8 | FileCheck %s 
// RUN: frac-opt %s --frac-insert-gates="forward=3,6 backward=6,8 features=4 hidden=2" --mlir-elide-elementsattrs-if-larger=8 | FileCheck %s --check-prefix=GLOBAL

// A residual block with a projection, its activation behind the addition, and
// a convolution of its own.

// CHECK: frac.candidates = 2
// CHECK-SAME: frac.gated_blocks = [{depthwise_macs = 0 : i64, macs = 77824 : i64, name = "add"}, {depthwise_macs = 0 : i64, macs = 36864 : i64, name = "single"}]
// GLOBAL-DAG: ml_program.global private mutable @"gate/cell/bias"(dense<{{.*}}> : tensor<8xf32>) : tensor<8xf32>
// GLOBAL-DAG: @"gate/cell/weight_input"({{.*}}) : tensor<8x4xf32>
// GLOBAL-DAG: @"gate/cell/weight_hidden"({{.*}}) : tensor<8x2xf32>
// GLOBAL-DAG: @"gate/add/layer1/weight"({{.*}}) : tensor<4x8xf32>
// GLOBAL-DAG: @"gate/single/layer1/weight"({{.*}}) : tensor<4x8xf32>
// GLOBAL-DAG: @"gate/head/weight"({{.*}}) : tensor<2x2xf32>

// CHECK: func.func @forward(%[[X:.*]]: tensor<?x8x8x8xf32>, %[[GATES:.*]]: tensor<14xf32> {frac.kind = "gates"})
// CHECK-SAME: -> (tensor<?x8x8x8xf32>, tensor<f32> {frac.kind = "penalty"}, tensor<2x2xf32> {frac.kind = "choices"})
// CHECK: %[[STEM:.*]] = math.absf %[[X]]
// CHECK: %[[MEANS:.*]] = nn.reduce mean %[[STEM]] dimensions = [2, 3]
// What the gates learn from a part of the samples is weighed in the gates alone.
// CHECK: frac.scale_gradient %[[MEANS]] by
// CHECK: %[[P1:.*]] = nn.softmax
// CHECK: %[[S1:.*]] = frac.sample_gradient %[[P1]] sampling
// CHECK: %[[M1:.*]] = frac.choose %[[S1]] forced
// CHECK: %[[MIX:.*]] = frac.mix %[[STEM]] by %[[M1]] widths {{.*}} {block = 0 : i64}
// CHECK: nn.conv %[[MIX]]
// CHECK: %[[MIX2:.*]] = frac.mix {{.*}} by %[[M1]] {{.*}} {block = 0 : i64}
// CHECK: nn.conv %[[MIX2]]
// The projection reads what the first convolution reads.
// CHECK: nn.conv %[[MIX]]
// CHECK: %[[SUM:.*]] = arith.addf
// CHECK: %[[OUT:.*]] = nn.relu %[[SUM]]
// CHECK: nn.reduce mean %[[OUT]] dimensions = [2, 3]
// CHECK: %[[M2:.*]] = frac.choose
// CHECK: frac.mix %[[OUT]] by %[[M2]] {{.*}} {block = 1 : i64}

func.func @forward(%x: tensor<?x8x8x8xf32>) -> tensor<?x8x8x8xf32> {
  %w = arith.constant dense<1.0> : tensor<8x8x3x3xf32>
  %p = arith.constant dense<1.0> : tensor<8x8x1x1xf32>
  %stem = math.absf %x : tensor<?x8x8x8xf32>
  %a = nn.conv %stem, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, groups = 1}
    : tensor<?x8x8x8xf32>, tensor<8x8x3x3xf32> -> tensor<?x8x8x8xf32> loc("one")
  %r = nn.relu %a : tensor<?x8x8x8xf32>
  %b = nn.conv %r, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, groups = 1}
    : tensor<?x8x8x8xf32>, tensor<8x8x3x3xf32> -> tensor<?x8x8x8xf32> loc("two")
  %s = nn.conv %stem, %p {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, groups = 1}
    : tensor<?x8x8x8xf32>, tensor<8x8x1x1xf32> -> tensor<?x8x8x8xf32> loc("shortcut")
  %sum = arith.addf %b, %s : tensor<?x8x8x8xf32> loc("add")
  %o = nn.relu %sum : tensor<?x8x8x8xf32>
  %c = nn.conv %o, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, groups = 1}
    : tensor<?x8x8x8xf32>, tensor<8x8x3x3xf32> -> tensor<?x8x8x8xf32> loc("single")
  %d = nn.relu %c : tensor<?x8x8x8xf32>
  return %d : tensor<?x8x8x8xf32>
}

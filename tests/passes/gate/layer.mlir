// RUN: frac-opt %s --frac-insert-gates="forward=3,6 backward=6,8 granularity=layer" --mlir-elide-elementsattrs-if-larger=8 | FileCheck %s 
// RUN: frac-opt %s --frac-insert-gates="forward=3,6 backward=6,8 granularity=layer" --mlir-elide-elementsattrs-if-larger=8 | FileCheck %s --check-prefix=GLOBAL

// Every contraction has a gate of its own; a depthwise one has none.

// CHECK: frac.gated_blocks = [{depthwise_macs = 4608 : i64, macs = 4096 : i64, name = "one"}, {depthwise_macs = 0 : i64, macs = 4096 : i64, name = "three"}]
// The sizes of models with depthwise convolutions.
// GLOBAL-DAG: @"gate/one/layer1/weight"({{.*}}) : tensor<64x8xf32>
// GLOBAL-DAG: @"gate/one/layer2/weight"({{.*}}) : tensor<32x64xf32>
// GLOBAL-DAG: @"gate/cell/weight_hidden"({{.*}}) : tensor<128x32xf32>
// CHECK: frac.mix {{.*}} {block = 0 : i64}
// CHECK: nn.conv %[[A:.*]], {{.*}} groups = 1
// CHECK-NOT: frac.mix
// CHECK: nn.conv {{.*}} groups = 8
// CHECK: frac.mix {{.*}} {block = 1 : i64}

func.func @forward(%x: tensor<?x8x8x8xf32>) -> tensor<?x8x8x8xf32> {
  %p = arith.constant dense<1.0> : tensor<8x8x1x1xf32>
  %d = arith.constant dense<1.0> : tensor<8x1x3x3xf32>
  %a = nn.conv %x, %p {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, groups = 1}
    : tensor<?x8x8x8xf32>, tensor<8x8x1x1xf32> -> tensor<?x8x8x8xf32> loc("one")
  %b = nn.conv %a, %d {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, groups = 8}
    : tensor<?x8x8x8xf32>, tensor<8x1x3x3xf32> -> tensor<?x8x8x8xf32> loc("two")
  %c = nn.conv %b, %p {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, groups = 1}
    : tensor<?x8x8x8xf32>, tensor<8x8x1x1xf32> -> tensor<?x8x8x8xf32> loc("three")
  return %c : tensor<?x8x8x8xf32>
}

// RUN: frac-opt %s --frac-recompute="min-distance=1 work-parts=6" | FileCheck %s
// RUN: frac-opt %s --frac-recompute="min-distance=1 work-parts=7" | FileCheck %s --check-prefix=FEW

// A sixth of the work may be done again, not a seventh.
// FEW-LABEL: func.func @step
// FEW-NOT: frac.recomputed

// The result of a product of integers that is large for the work is computed
// again before its late use, as its factors are there anyway; it is listed.

frac.symbol @a activation of "conv" {index = 3, max_bits = 8}

// CHECK-LABEL: func.func @step
// CHECK-SAME: attributes {frac.recomputed = [{lhs = 3 : i64, macs = 64 : i64, name = "conv", op = "nn.conv", rhs = -1 : i64}]}
// CHECK: %[[X:.*]] = frac.dequantize
// CHECK: %[[W:.*]] = frac.dequantize
// CHECK: %[[Y:.*]] = nn.conv %[[X]], %[[W]]
// CHECK: linalg.generic {{.*}} ins(%[[Y]], 
// CHECK: nn.conv
// CHECK: nn.conv
// CHECK: nn.conv
// CHECK: %[[AGAIN:.*]] = nn.conv %[[X]], %[[W]] {{.*}}frac.recomputed
// CHECK: linalg.generic {{.*}} ins(%[[AGAIN]], 
// CHECK: nn.conv_weight_grad %[[X]]
#map = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
func.func @step(%q: tensor<?x4x4x2xi8>, %v: tensor<2x2x1x1xi8>, %s: tensor<f32>, %t: tensor<4xi32>,
                %f: tensor<2x2x1x1xf32>, %e0: tensor<?x4x4x2xf32>) -> (tensor<2x2x1x1xf32>, tensor<?x4x4x2xf32>) {
  %b = frac.resolve @a from %t : tensor<4xi32>
  %c = frac.constant 4
  %x = frac.dequantize %q scale %s zero %s bits %b : tensor<?x4x4x2xi8>, tensor<f32>, tensor<f32> -> tensor<?x4x4x2xf32>
  %w = frac.dequantize %v scale %s zero %s bits %c : tensor<2x2x1x1xi8>, tensor<f32>, tensor<f32> -> tensor<2x2x1x1xf32>
  %y = nn.conv %x, %w {channels_last, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
      pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, groups = 1 : i64}
    : tensor<?x4x4x2xf32>, tensor<2x2x1x1xf32> -> tensor<?x4x4x2xf32> loc("conv")
  %r = linalg.generic {indexing_maps = [#map, #map, #map], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%y, %e0 : tensor<?x4x4x2xf32>, tensor<?x4x4x2xf32>) outs(%e0 : tensor<?x4x4x2xf32>) {
  ^bb0(%i: f32, %j: f32, %o: f32):
    %m = arith.addf %i, %j : f32
    linalg.yield %m : f32
  } -> tensor<?x4x4x2xf32>
  %y1 = nn.conv %r, %f {channels_last, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
      pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, groups = 1 : i64}
    : tensor<?x4x4x2xf32>, tensor<2x2x1x1xf32> -> tensor<?x4x4x2xf32>
  %y2 = nn.conv %y1, %f {channels_last, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
      pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, groups = 1 : i64}
    : tensor<?x4x4x2xf32>, tensor<2x2x1x1xf32> -> tensor<?x4x4x2xf32>
  %y3 = nn.conv %y2, %f {channels_last, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
      pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, groups = 1 : i64}
    : tensor<?x4x4x2xf32>, tensor<2x2x1x1xf32> -> tensor<?x4x4x2xf32>
  %e = linalg.generic {indexing_maps = [#map, #map, #map], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%y, %y3 : tensor<?x4x4x2xf32>, tensor<?x4x4x2xf32>) outs(%e0 : tensor<?x4x4x2xf32>) {
  ^bb0(%i: f32, %j: f32, %o: f32):
    %m = arith.mulf %i, %j : f32
    linalg.yield %m : f32
  } -> tensor<?x4x4x2xf32>
  %dw = nn.conv_weight_grad %x, %e {channels_last, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
      pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, groups = 1 : i64}
    : tensor<?x4x4x2xf32>, tensor<?x4x4x2xf32> -> tensor<2x2x1x1xf32>
  %dx = nn.conv_input_grad %e, %w {channels_last, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
      pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, groups = 1 : i64}
    : tensor<?x4x4x2xf32>, tensor<2x2x1x1xf32> -> tensor<?x4x4x2xf32>
  return %dw, %dx : tensor<2x2x1x1xf32>, tensor<?x4x4x2xf32>
}

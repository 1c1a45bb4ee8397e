// RUN: frac-opt %s --frac-insert-quantize="keep-float=first" | FileCheck %s --check-prefixes=CHECK,FIRST
// RUN: frac-opt %s --frac-insert-quantize="keep-float=last" | FileCheck %s --check-prefixes=CHECK,LAST
// RUN: frac-opt %s --frac-insert-quantize="keep-float=shortcut" | FileCheck %s --check-prefixes=CHECK,SHORTCUT
// RUN: frac-opt %s --frac-insert-quantize="keep-float=depthwise" | FileCheck %s --check-prefixes=CHECK,DEPTHWISE
// RUN: frac-opt %s --frac-insert-quantize="keep-float=/^(stem|head)$/,shortcut" | FileCheck %s --check-prefixes=CHECK,REGEX

// Depthwise products have widths of their own.

// FIRST-NOT: of "stem"
// FIRST: of "body"
// FIRST: of "body"
// FIRST: of "around"
// FIRST: frac.symbol @depth.activation activation of "depth" {fixed = 8 : i64
// FIRST: of "head"

// LAST: of "stem"
// LAST: of "depth"
// LAST-NOT: of "head"

// SHORTCUT: of "body"
// SHORTCUT-NOT: of "around"
// SHORTCUT: of "depth"

// DEPTHWISE: of "around"
// DEPTHWISE-NOT: of "depth"
// DEPTHWISE: of "head"

// REGEX-NOT: of "stem"
// REGEX: of "body"
// REGEX-NOT: of "around"
// REGEX: of "depth"
// REGEX-NOT: of "head"

// CHECK-LABEL: func.func @eval
func.func @eval(%x: tensor<?x4x4x4xf32>, %w3: tensor<4x4x3x3xf32>, %w1: tensor<4x4x1x1xf32>,
                %wd: tensor<4x1x3x3xf32>) -> tensor<f32> {
  %s = nn.conv %x, %w3 {channels_last, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
      pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, groups = 1 : i64}
    : tensor<?x4x4x4xf32>, tensor<4x4x3x3xf32> -> tensor<?x4x4x4xf32> loc("stem")
  %r = nn.relu %s : tensor<?x4x4x4xf32>
  %b = nn.conv %r, %w3 {channels_last, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
      pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, groups = 1 : i64}
    : tensor<?x4x4x4xf32>, tensor<4x4x3x3xf32> -> tensor<?x4x4x4xf32> loc("body")
  %a = nn.conv %r, %w1 {channels_last, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
      pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, groups = 1 : i64}
    : tensor<?x4x4x4xf32>, tensor<4x4x1x1xf32> -> tensor<?x4x4x4xf32> loc("around")
  %sum = arith.addf %b, %a : tensor<?x4x4x4xf32>
  %d = nn.conv %sum, %wd {channels_last, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
      pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, groups = 4 : i64}
    : tensor<?x4x4x4xf32>, tensor<4x1x3x3xf32> -> tensor<?x4x4x4xf32> loc("depth")
  %h = nn.conv %d, %w1 {channels_last, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
      pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, groups = 1 : i64}
    : tensor<?x4x4x4xf32>, tensor<4x4x1x1xf32> -> tensor<?x4x4x4xf32> loc("head")
  %p = nn.reduce sum %h dimensions = [1, 2, 3] : tensor<?x4x4x4xf32> -> tensor<?xf32>
  %loss = nn.reduce mean %p dimensions = [0] : tensor<?xf32> -> tensor<f32>
  return %loss : tensor<f32>
}

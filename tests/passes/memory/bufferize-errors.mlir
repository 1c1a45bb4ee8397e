// RUN: frac-opt %s --frac-plan-state --frac-bufferize --split-input-file --verify-diagnostics -o /dev/null

func.func @two_dynamic(%x: tensor<?x4xf32>, %y: tensor<4xf32>) -> tensor<?x?xf32> {
  %c4 = arith.constant 4 : index
  // expected-error @+1 {{has more than one dynamic dimension in 'tensor<?x?xf32>'}}
  %e = tensor.empty(%c4, %c4) : tensor<?x?xf32>
  return %e : tensor<?x?xf32>
}

// -----

func.func @channels_first(%x: tensor<?x3x4x4xf32>, %w: tensor<2x3x1x1xf32>) -> tensor<?x2x4x4xf32> {
  // expected-error @+1 {{needs channels-last images here}}
  %c = nn.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, groups = 1 : i64} : tensor<?x3x4x4xf32>, tensor<2x3x1x1xf32> -> tensor<?x2x4x4xf32>
  return %c : tensor<?x2x4x4xf32>
}

// -----

func.func @not_lowered(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{cannot be given a place in memory}}
  %r = nn.relu %x : tensor<4xf32>
  return %r : tensor<4xf32>
}

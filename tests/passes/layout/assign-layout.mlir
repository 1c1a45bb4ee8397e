// RUN: frac-opt %s --frac-assign-layout --cse --split-input-file | FileCheck %s

// One transpose at the top; none between convolutions, through normalization,
// activation and addition, forward and backward.

// CHECK-LABEL: func.func @residual
// CHECK-SAME: %[[X:.*]]: tensor<?x4x8x8xf32>, %[[W:[a-z0-9]*]]: tensor<4x4x3x3xf32>
// CHECK: %[[T:.*]] = nn.transpose %[[X]] permutation = [0, 2, 3, 1]
// CHECK-NOT: nn.transpose
// CHECK: nn.conv %[[T]], %[[W]] {channels_last
// CHECK-SAME: -> tensor<?x8x8x4xf32>
// CHECK-NOT: nn.transpose
// CHECK: nn.batch_norm {{.*}} {channels_last
// CHECK: nn.relu {{.*}} : tensor<?x8x8x4xf32>
// CHECK: arith.addf {{.*}}, %[[T]] : tensor<?x8x8x4xf32>
// CHECK: tensor.splat {{.*}} : tensor<?x8x8x4xf32>
// CHECK: arith.cmpf ogt, {{.*}} : tensor<?x8x8x4xf32>
// CHECK: arith.select {{.*}} : tensor<?x8x8x4xi1>, tensor<?x8x8x4xf32>
// CHECK: nn.conv_weight_grad %[[T]], {{.*}} {channels_last
// CHECK-NOT: nn.transpose
// CHECK: return
func.func @residual(%x: tensor<?x4x8x8xf32>, %w: tensor<4x4x3x3xf32>,
                    %s: tensor<4xf32>) -> tensor<4x4x3x3xf32> {
  %c0 = arith.constant 0 : index
  %f0 = arith.constant 0.0 : f32
  %n = tensor.dim %x, %c0 : tensor<?x4x8x8xf32>
  %c = nn.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
      pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, groups = 1 : i64}
    : tensor<?x4x8x8xf32>, tensor<4x4x3x3xf32> -> tensor<?x4x8x8xf32>
  %y, %m, %v = nn.batch_norm %c, %s, %s, %s, %s
    {epsilon = 1.0e-5 : f32, momentum = 0.9 : f32, training}
    : tensor<?x4x8x8xf32>, tensor<4xf32>
  %r = nn.relu %y : tensor<?x4x8x8xf32>
  %a = arith.addf %r, %x : tensor<?x4x8x8xf32>
  %z = tensor.splat %f0[%n] : tensor<?x4x8x8xf32>
  %p = arith.cmpf ogt, %r, %z : tensor<?x4x8x8xf32>
  %g = arith.select %p, %a, %z : tensor<?x4x8x8xi1>, tensor<?x4x8x8xf32>
  %dw = nn.conv_weight_grad %x, %g {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
      pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, groups = 1 : i64}
    : tensor<?x4x8x8xf32>, tensor<?x4x8x8xf32> -> tensor<4x4x3x3xf32>
  return %dw : tensor<4x4x3x3xf32>
}

// -----

// With one channel nothing moves; a reduction to a vector a sample ends the
// layout without a transpose, and a bias is spread along the last dimension.

// CHECK-LABEL: func.func @ends
// CHECK-NOT: nn.transpose
// CHECK: nn.reshape {{.*}} : tensor<?x1x8x8xf32> -> tensor<?x8x8x1xf32>
// CHECK: nn.broadcast {{.*}} dimensions = [3] : tensor<4xf32> -> tensor<?x8x8x4xf32>
// CHECK: nn.reduce mean {{.*}} dimensions = [1, 2] : tensor<?x8x8x4xf32> -> tensor<?x4xf32>
// CHECK-NEXT: return
func.func @ends(%x: tensor<?x1x8x8xf32>, %w: tensor<4x1x3x3xf32>,
                %b: tensor<4xf32>) -> tensor<?x4xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x1x8x8xf32>
  %c = nn.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
      pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, groups = 1 : i64}
    : tensor<?x1x8x8xf32>, tensor<4x1x3x3xf32> -> tensor<?x4x8x8xf32>
  %s = nn.broadcast %b[%n] dimensions = [1] : tensor<4xf32> -> tensor<?x4x8x8xf32>
  %y = arith.addf %c, %s : tensor<?x4x8x8xf32>
  %r = nn.reduce mean %y dimensions = [2, 3] : tensor<?x4x8x8xf32> -> tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// -----

// Gates of one number a channel: the flat vector becomes (N, 1, 1, C) at once.

// CHECK-LABEL: func.func @gate
// CHECK-SAME: %{{.*}}: tensor<?x4x8x8xf32>, %[[G:.*]]: tensor<?x4xf32>
// CHECK: %[[R:.*]] = nn.reshape %[[G]] : tensor<?x4xf32> -> tensor<?x1x1x4xf32>
// CHECK: nn.broadcast %[[R]]{{.*}} dimensions = [0, 1, 2, 3] : tensor<?x1x1x4xf32> -> tensor<?x8x8x4xf32>
func.func @gate(%x: tensor<?x4x8x8xf32>, %g: tensor<?x4xf32>) -> tensor<?x4x4x4xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x4x8x8xf32>
  %p = nn.max_pool %x {kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>,
      dilations = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>}
    : tensor<?x4x8x8xf32> -> tensor<?x4x8x8xf32>
  %r = nn.reshape %g : tensor<?x4xf32> -> tensor<?x4x1x1xf32>
  %b = nn.broadcast %r[%n] dimensions = [0, 1, 2, 3] : tensor<?x4x1x1xf32> -> tensor<?x4x8x8xf32>
  %y = arith.mulf %p, %b : tensor<?x4x8x8xf32>
  %q = nn.avg_pool %y {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>,
      dilations = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>}
    : tensor<?x4x8x8xf32> -> tensor<?x4x4x4xf32>
  return %q : tensor<?x4x4x4xf32>
}

// -----

// Concatenation and slices of channels, and pixels in a row.

// CHECK-LABEL: func.func @shapes
// CHECK: nn.concat {{.*}} dimension = 3 : tensor<?x8x8x4xf32>, tensor<?x8x8x4xf32> -> tensor<?x8x8x8xf32>
// CHECK: nn.slice {{.*}} offsets = [0, 0, 0, 2] strides = [1, 1, 1, 1] : tensor<?x8x8x8xf32> -> tensor<?x8x8x4xf32>
// CHECK: nn.pad edge {{.*}} low = [0, 1, 0, 0] high = [0, 0, 2, 0]
// CHECK: %[[P:.*]] = nn.reshape {{.*}} : tensor<?x9x10x4xf32> -> tensor<?x90x4xf32>
// CHECK-NEXT: nn.softmax %[[P]] dimension = 2
// CHECK-NEXT: nn.transpose {{.*}} permutation = [0, 2, 1]
func.func @shapes(%x: tensor<?x4x8x8xf32>) -> tensor<?x4x90xf32> {
  %p = nn.max_pool %x {kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>,
      dilations = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>}
    : tensor<?x4x8x8xf32> -> tensor<?x4x8x8xf32>
  %c = nn.concat %p, %x dimension = 1 : tensor<?x4x8x8xf32>, tensor<?x4x8x8xf32> -> tensor<?x8x8x8xf32>
  %s = nn.slice %c offsets = [0, 2, 0, 0] strides = [1, 1, 1, 1] : tensor<?x8x8x8xf32> -> tensor<?x4x8x8xf32>
  %d = nn.pad edge %s low = [0, 0, 1, 0] high = [0, 0, 0, 2] : tensor<?x4x8x8xf32> -> tensor<?x4x9x10xf32>
  %r = nn.reshape %d : tensor<?x4x9x10xf32> -> tensor<?x4x90xf32>
  %t = nn.softmax %r dimension = 1 : tensor<?x4x90xf32>
  return %t : tensor<?x4x90xf32>
}

// -----

// Matrix products take their factors either way round.

// CHECK-LABEL: func.func @factors
// CHECK-SAME: %[[A:.*]]: tensor<?x8x4xf32>, %[[B:.*]]: tensor<?x8x4xf32>
// CHECK-NEXT: nn.matmul %[[A]], %[[B]] {transpose_rhs}
func.func @factors(%a: tensor<?x8x4xf32>, %b: tensor<?x8x4xf32>) -> tensor<?x8x8xf32> {
  %t = nn.transpose %b permutation = [0, 2, 1] : tensor<?x8x4xf32> -> tensor<?x4x8xf32>
  %y = nn.matmul %a, %t : tensor<?x8x4xf32>, tensor<?x4x8xf32> -> tensor<?x8x8xf32>
  return %y : tensor<?x8x8xf32>
}

// -----

// What is mixed by samples is so in any order that leaves them first, with the
// transpose before: quantizers look at the operands of contractions.

// CHECK-LABEL: @mixed_input
// CHECK: %[[X:.*]] = nn.transpose %arg0 permutation = [0, 2, 3, 1]
// CHECK: %[[MIXED:.*]] = frac.mix %[[X]] by %arg1 {{.*}} {block = 0 : i64} : tensor<?x4x4x3xf32>
// CHECK: nn.conv %[[MIXED]], %arg5 {channels_last

func.func @mixed_input(%x: tensor<?x3x4x4xf32>, %m: tensor<?x2xf32>, %bits: tensor<?xi32>,
                       %widths: tensor<2xf32>, %sampling: tensor<2xf32>,
                       %w: tensor<8x3x1x1xf32>) -> tensor<?x8x4x4xf32> {
  %mixed = frac.mix %x by %m widths %bits, %bits of %widths sampling %sampling {block = 0}
    : tensor<?x3x4x4xf32>, tensor<?x2xf32>, tensor<?xi32>, tensor<2xf32>, tensor<2xf32>
  %y = nn.conv %mixed, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, groups = 1}
    : tensor<?x3x4x4xf32>, tensor<8x3x1x1xf32> -> tensor<?x8x4x4xf32>
  return %y : tensor<?x8x4x4xf32>
}

// -----

// The gradient of a bias is a sum of what the gradient of the weights reads.

// CHECK-LABEL: @shared_error
// CHECK: %[[E:.*]] = nn.transpose %{{.*}} permutation = [0, 2, 3, 1] : tensor<?x8x4x4xf32>
// CHECK: nn.reduce sum %[[E]] dimensions = [0, 1, 2]
// CHECK: nn.conv_weight_grad %{{.*}}, %[[E]]

func.func @shared_error(%x: tensor<?x3x4x4xf32>, %g: tensor<?x128xf32>)
    -> (tensor<8xf32>, tensor<8x3x1x1xf32>) {
  %e = nn.reshape %g : tensor<?x128xf32> -> tensor<?x8x4x4xf32>
  %bias = nn.reduce sum %e dimensions = [0, 2, 3] : tensor<?x8x4x4xf32> -> tensor<8xf32>
  %dw = nn.conv_weight_grad %x, %e {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, groups = 1}
    : tensor<?x3x4x4xf32>, tensor<?x8x4x4xf32> -> tensor<8x3x1x1xf32>
  return %bias, %dw : tensor<8xf32>, tensor<8x3x1x1xf32>
}

// -----

// The same of rows, though reshapes of one another have been joined.

// CHECK-LABEL: @shared_rows
// CHECK: %[[E:.*]] = nn.reshape %arg1 : tensor<?x4x2x4xf32> -> tensor<?x8xf32>
// CHECK: nn.reduce sum %[[E]] dimensions = [0]
// CHECK: nn.matmul %arg0, %[[E]] {transpose_lhs}

func.func @shared_rows(%x: tensor<?x3xf32>, %g: tensor<?x4x2x4xf32>)
    -> (tensor<8xf32>, tensor<3x8xf32>) {
  %e = nn.reshape %g : tensor<?x4x2x4xf32> -> tensor<?x4x8xf32>
  %bias = nn.reduce sum %e dimensions = [0, 1] : tensor<?x4x8xf32> -> tensor<8xf32>
  %rows = nn.reshape %g : tensor<?x4x2x4xf32> -> tensor<?x8xf32>
  %dw = nn.matmul %x, %rows {transpose_lhs} : tensor<?x3xf32>, tensor<?x8xf32> -> tensor<3x8xf32>
  return %bias, %dw : tensor<8xf32>, tensor<3x8xf32>
}

// RUN: frac-opt %s -split-input-file -verify-diagnostics

// One function a constraint; the names are those in the verifiers.

// matmul_c1
func.func @matmul_c1(%a: tensor<?x3xf32>, %b: tensor<2x3x4xf32>) {
  // expected-error @+1 {{'nn.matmul' op takes two matrices or two stacks of matrices, not 'tensor<?x3xf32>' and 'tensor<2x3x4xf32>' to 'tensor<?x4xf32>'}}
  %0 = nn.matmul %a, %b : tensor<?x3xf32>, tensor<2x3x4xf32> -> tensor<?x4xf32>
  return
}

// -----

// matmul_c2
func.func @matmul_c2(%a: tensor<?x3xf32>, %b: tensor<3x4xf16>) {
  // expected-error @+1 {{'nn.matmul' op mixes element types 'f32' and 'f16'}}
  %0 = nn.matmul %a, %b : tensor<?x3xf32>, tensor<3x4xf16> -> tensor<?x4xf32>
  return
}

// -----

// matmul_c3
func.func @matmul_c3(%a: tensor<2x?x3xf32>, %b: tensor<5x3x4xf32>) {
  // expected-error @+1 {{'nn.matmul' op the stack of the right operand has extent 5, expected 2}}
  %0 = nn.matmul %a, %b : tensor<2x?x3xf32>, tensor<5x3x4xf32> -> tensor<2x?x4xf32>
  return
}

// -----

// matmul_c4
func.func @matmul_c4(%a: tensor<?x3xf32>, %b: tensor<4x3xf32>) {
  // expected-error @+1 {{'nn.matmul' op the inner dimension of the right operand has extent 4, expected 3}}
  %0 = nn.matmul %a, %b : tensor<?x3xf32>, tensor<4x3xf32> -> tensor<?x4xf32>
  return
}

// -----

// matmul_c4, of the result
func.func @matmul_c4_result(%a: tensor<?x3xf32>, %b: tensor<4x3xf32>) {
  // expected-error @+1 {{'nn.matmul' op the columns of the result has extent 5, expected 4}}
  %0 = nn.matmul %a, %b {transpose_rhs} : tensor<?x3xf32>, tensor<4x3xf32> -> tensor<?x5xf32>
  return
}

// -----

// conv_c1
func.func @conv_c1(%a: tensor<?x4x9x9xf32>, %b: tensor<6x?x3x3xf32>) {
  // expected-error @+1 {{'nn.conv' op weights 'tensor<6x?x3x3xf32>' must be static and of the rank of 'tensor<?x4x9x9xf32>'}}
  %0 = nn.conv %a, %b {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, groups = 1 : i64} : tensor<?x4x9x9xf32>, tensor<6x?x3x3xf32> -> tensor<?x6x9x9xf32>
  return
}

// -----

// conv_c2
func.func @conv_c2(%a: tensor<?x4x9x9xf32>, %b: tensor<6x4x3x3xf32>) {
  // expected-error @+1 {{'nn.conv' op spatial dimension 2 of the output has extent 8, expected 9}}
  %0 = nn.conv %a, %b {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, groups = 1 : i64} : tensor<?x4x9x9xf32>, tensor<6x4x3x3xf32> -> tensor<?x6x8x9xf32>
  return
}

// -----

// conv_c2, of an attribute
func.func @conv_c2_strides(%a: tensor<?x4x9x9xf32>, %b: tensor<6x4x3x3xf32>) {
  // expected-error @+1 {{'nn.conv' op strides holds 0, expected at least 1}}
  %0 = nn.conv %a, %b {strides = array<i64: 0, 1>, dilations = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, groups = 1 : i64} : tensor<?x4x9x9xf32>, tensor<6x4x3x3xf32> -> tensor<?x6x9x9xf32>
  return
}

// -----

// conv_c3
func.func @conv_c3(%a: tensor<?x4x9x9xf32>, %b: tensor<6x2x3x3xf32>) {
  // expected-error @+1 {{'nn.conv' op 3 groups do not divide 4 and 6 channels}}
  %0 = nn.conv %a, %b {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, groups = 3 : i64} : tensor<?x4x9x9xf32>, tensor<6x2x3x3xf32> -> tensor<?x6x9x9xf32>
  return
}

// -----

// conv_c4
func.func @conv_c4(%a: tensor<?x4x9x9xf32>, %b: tensor<6x3x3x3xf32>) {
  // expected-error @+1 {{'nn.conv' op dimension 1 of the weights has extent 3, expected 4}}
  %0 = nn.conv %a, %b {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, groups = 1 : i64} : tensor<?x4x9x9xf32>, tensor<6x3x3x3xf32> -> tensor<?x6x9x9xf32>
  return
}

// -----

// conv_c4, of the gradients
func.func @conv_input_grad_c4(%a: tensor<?x6x9x9xf32>, %b: tensor<6x3x3x3xf32>) {
  // expected-error @+1 {{'nn.conv_input_grad' op dimension 1 of the weights has extent 3, expected 4}}
  %0 = nn.conv_input_grad %a, %b {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, groups = 1 : i64} : tensor<?x6x9x9xf32>, tensor<6x3x3x3xf32> -> tensor<?x4x9x9xf32>
  return
}

// -----

func.func @conv_weight_grad_c4(%a: tensor<?x4x9x9xf32>, %b: tensor<?x6x9x9xf32>) {
  // expected-error @+1 {{'nn.conv_weight_grad' op dimension 0 of the weights has extent 5, expected 6}}
  %0 = nn.conv_weight_grad %a, %b {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, groups = 1 : i64} : tensor<?x4x9x9xf32>, tensor<?x6x9x9xf32> -> tensor<5x4x3x3xf32>
  return
}

// -----

// pool_c1
func.func @pool_c1(%a: tensor<?x4x9x9xf32>) {
  // expected-error @+1 {{'nn.max_pool' op spatial dimension 2 of the output has extent 6, expected 5}}
  %0 = nn.max_pool %a {kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>} : tensor<?x4x9x9xf32> -> tensor<?x4x6x5xf32>
  return
}

// -----

// pool_c1, of an attribute
func.func @pool_c1_kernel(%a: tensor<?x4x9x9xf32>) {
  // expected-error @+1 {{'nn.avg_pool' op kernel has 1 entries, expected 2}}
  %0 = nn.avg_pool %a {kernel = array<i64: 3>, strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>} : tensor<?x4x9x9xf32> -> tensor<?x4x5x5xf32>
  return
}

// -----

// pool_c2
func.func @pool_c2(%a: tensor<?x4x9x9xf32>) {
  // expected-error @+1 {{'nn.max_pool' op the channel dimension has extent 3, expected 4}}
  %0 = nn.max_pool %a {kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>} : tensor<?x4x9x9xf32> -> tensor<?x3x5x5xf32>
  return
}

// -----

// pool_c2, of the gradient
func.func @pool_grad_c2(%a: tensor<?x4x9x9xf32>, %b: tensor<?x3x5x5xf32>) {
  // expected-error @+1 {{'nn.max_pool_grad' op the channel dimension has extent 3, expected 4}}
  %0 = nn.max_pool_grad %a, %b {kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>} : tensor<?x4x9x9xf32>, tensor<?x3x5x5xf32> -> tensor<?x4x9x9xf32>
  return
}

// -----

// batch_norm_c1
func.func @batch_norm_c1(%a: tensor<?xf32>, %b: tensor<3xf32>) {
  // expected-error @+1 {{'nn.batch_norm' op takes an input of rank 2 or more, not 'tensor<?xf32>'}}
  %0:3 = nn.batch_norm %a, %b, %b, %b, %b {epsilon = 1.0e-5 : f32, momentum = 0.9 : f32} : tensor<?xf32>, tensor<3xf32>
  return
}

// -----

// batch_norm_c2
func.func @batch_norm_c2(%a: tensor<?x4x9x9xf32>, %b: tensor<3xf32>) {
  // expected-error @+1 {{'nn.batch_norm' op dimension 0 of the scale has extent 3, expected 4}}
  %0:3 = nn.batch_norm %a, %b, %b, %b, %b {epsilon = 1.0e-5 : f32, momentum = 0.9 : f32} : tensor<?x4x9x9xf32>, tensor<3xf32>
  return
}

// -----

// batch_norm_c3
func.func @batch_norm_c3(%a: tensor<?x4x9x9xf32>, %b: tensor<4xf32>) {
  // expected-error @+1 {{'nn.batch_norm' op epsilon must not be negative}}
  %0:3 = nn.batch_norm %a, %b, %b, %b, %b {epsilon = -1.0 : f32, momentum = 0.9 : f32} : tensor<?x4x9x9xf32>, tensor<4xf32>
  return
}

// -----

// batch_norm_c4
func.func @batch_norm_c4(%a: tensor<2x4x9x9xf32>, %b: tensor<4xf32>) {
  // expected-error @+1 {{'nn.batch_norm' op dimension 0 of the samples has extent 4, expected 2}}
  %0:3 = nn.batch_norm %a, %b, %b, %b, %b samples %b {epsilon = 1.0 : f32, momentum = 0.9 : f32, training} : tensor<2x4x9x9xf32>, tensor<4xf32>, tensor<4xf32>
  return
}

// -----

// softmax_c1
func.func @softmax_c1(%a: tensor<?x3xf32>) {
  // expected-error @+1 {{'nn.softmax' op dimension 2 is out of range for rank 2}}
  %0 = nn.softmax %a dimension = 2 : tensor<?x3xf32>
  return
}

// -----

func.func @log_softmax_c1(%a: tensor<?x3xf32>) {
  // expected-error @+1 {{'nn.log_softmax' op dimension -1 is out of range for rank 2}}
  %0 = nn.log_softmax %a dimension = -1 : tensor<?x3xf32>
  return
}

// -----

// pick_c1
func.func @pick_c1(%a: tensor<4x3xf32>, %b: tensor<5xi64>) {
  // expected-error @+1 {{'nn.pick' op dimension 0 of the labels has extent 5, expected 4}}
  %0 = nn.pick %a, %b : tensor<4x3xf32>, tensor<5xi64> -> tensor<4xf32>
  return
}

// -----

func.func @unpick_c1(%a: tensor<4xf32>, %b: tensor<4xi64>) {
  // expected-error @+1 {{'nn.unpick' op takes rows of rank 2, not 'tensor<4xf32>'}}
  %0 = nn.unpick %a, %b : tensor<4xf32>, tensor<4xi64> -> tensor<4xf32>
  return
}

// -----

// broadcast_c1
func.func @broadcast_c1(%a: tensor<3xf32>) {
  // expected-error @+1 {{'nn.broadcast' op dimension 2 is out of range for rank 2}}
  %0 = nn.broadcast %a[] dimensions = [2] : tensor<3xf32> -> tensor<2x3xf32>
  return
}

// -----

// broadcast_c1, of the order
func.func @broadcast_c1_order(%a: tensor<3x2xf32>) {
  // expected-error @+1 {{'nn.broadcast' op dimensions must ascend strictly, but 0 follows 1}}
  %0 = nn.broadcast %a[] dimensions = [1, 0] : tensor<3x2xf32> -> tensor<2x3xf32>
  return
}

// -----

// broadcast_c2
func.func @broadcast_c2(%a: tensor<3xf32>) {
  // expected-error @+1 {{'nn.broadcast' op dimension 0 of the input has extent 3, expected 2}}
  %0 = nn.broadcast %a[] dimensions = [0] : tensor<3xf32> -> tensor<2x3xf32>
  return
}

// -----

// broadcast_c3
func.func @broadcast_c3(%a: tensor<3xf32>) {
  // expected-error @+1 {{'nn.broadcast' op has 0 dynamic sizes, expected 1 for 'tensor<?x3xf32>'}}
  %0 = nn.broadcast %a[] dimensions = [1] : tensor<3xf32> -> tensor<?x3xf32>
  return
}

// -----

// reduce_c1
func.func @reduce_c1(%a: tensor<?x3xf32>) {
  // expected-error @+1 {{'nn.reduce' op dimension 2 is out of range for rank 2}}
  %0 = nn.reduce sum %a dimensions = [2] : tensor<?x3xf32> -> tensor<?xf32>
  return
}

// -----

// reduce_c2
func.func @reduce_c2(%a: tensor<2x3xf32>) {
  // expected-error @+1 {{'nn.reduce' op dimension 0 of the result has extent 3, expected 2}}
  %0 = nn.reduce sum %a dimensions = [1] : tensor<2x3xf32> -> tensor<3xf32>
  return
}

// -----

// reshape_c1
func.func @reshape_c1(%a: tensor<?x6xf32>) {
  // expected-error @+1 {{'nn.reshape' op result 'tensor<?x?xf32>' has more than one dynamic extent}}
  %0 = nn.reshape %a : tensor<?x6xf32> -> tensor<?x?xf32>
  return
}

// -----

// reshape_c2
func.func @reshape_c2(%a: tensor<2x6xf32>) {
  // expected-error @+1 {{'nn.reshape' op takes 12 elements to 15}}
  %0 = nn.reshape %a : tensor<2x6xf32> -> tensor<3x5xf32>
  return
}

// -----

// transpose_c1
func.func @transpose_c1(%a: tensor<2x3xf32>) {
  // expected-error @+1 {{'nn.transpose' op dimensions must ascend strictly, but 0 follows 0}}
  %0 = nn.transpose %a permutation = [0, 0] : tensor<2x3xf32> -> tensor<2x2xf32>
  return
}

// -----

// transpose_c2
func.func @transpose_c2(%a: tensor<2x3xf32>) {
  // expected-error @+1 {{'nn.transpose' op dimension 0 of the result has extent 2, expected 3}}
  %0 = nn.transpose %a permutation = [1, 0] : tensor<2x3xf32> -> tensor<2x3xf32>
  return
}

// -----

// concat_c1
func.func @concat_c1() {
  // expected-error @+1 {{'nn.concat' op needs at least one input}}
  %0 = "nn.concat"() {dimension = 0 : i64} : () -> tensor<2xf32>
  return
}

// -----

// concat_c2
func.func @concat_c2(%a: tensor<2x3xf32>) {
  // expected-error @+1 {{'nn.concat' op the joined dimension has extent 5, expected 6}}
  %0 = nn.concat %a, %a dimension = 1 : tensor<2x3xf32>, tensor<2x3xf32> -> tensor<2x5xf32>
  return
}

// -----

// concat_c2, of another dimension
func.func @concat_c2_other(%a: tensor<2x3xf32>, %b: tensor<4x3xf32>) {
  // expected-error @+1 {{'nn.concat' op dimension 0 of an input has extent 4, expected 2}}
  %0 = nn.concat %a, %b dimension = 1 : tensor<2x3xf32>, tensor<4x3xf32> -> tensor<2x6xf32>
  return
}

// -----

// slice_c1
func.func @slice_c1(%a: tensor<2x3xf32>) {
  // expected-error @+1 {{'nn.slice' op offsets has 1 entries, expected 2}}
  %0 = nn.slice %a offsets = [0] strides = [1, 1] : tensor<2x3xf32> -> tensor<2x3xf32>
  return
}

// -----

// slice_c2
func.func @slice_c2(%a: tensor<?x3xf32>) {
  // expected-error @+1 {{'nn.slice' op must take dynamic dimension 0 whole}}
  %0 = nn.slice %a offsets = [1, 0] strides = [1, 1] : tensor<?x3xf32> -> tensor<?x3xf32>
  return
}

// -----

// slice_c3
func.func @slice_c3(%a: tensor<5xf32>) {
  // expected-error @+1 {{'nn.slice' op reaches from 1 to 5 in dimension 0 of extent 5}}
  %0 = nn.slice %a offsets = [1] strides = [2] : tensor<5xf32> -> tensor<3xf32>
  return
}

// -----

// slice_c3, of the adjoint
func.func @unslice_c3(%a: tensor<3xf32>) {
  // expected-error @+1 {{'nn.unslice' op reaches from 1 to -1 in dimension 0 of extent 5}}
  %0 = nn.unslice %a[] offsets = [1] strides = [-1] : tensor<3xf32> -> tensor<5xf32>
  return
}

// -----

// pad_c1
func.func @pad_c1(%a: tensor<2x3xf32>) {
  // expected-error @+1 {{'nn.pad' op low has 1 entries, expected 2}}
  %0 = nn.pad constant %a low = [1] high = [0, 0] : tensor<2x3xf32> -> tensor<3x3xf32>
  return
}

// -----

// pad_c2
func.func @pad_c2(%a: tensor<2x3xf32>) {
  // expected-error @+1 {{'nn.pad' op dimension 0 of the result has extent 2, expected 3}}
  %0 = nn.pad constant %a low = [1, 0] high = [0, 0] : tensor<2x3xf32> -> tensor<2x3xf32>
  return
}

// -----

// pad_c2, of a dynamic dimension
func.func @pad_c2_dynamic(%a: tensor<?x3xf32>) {
  // expected-error @+1 {{'nn.pad' op cannot pad dynamic dimension 0}}
  %0 = nn.pad edge %a low = [1, 0] high = [0, 0] : tensor<?x3xf32> -> tensor<?x3xf32>
  return
}

// -----

// pad_c3
func.func @pad_c3(%a: tensor<3xf32>) {
  // expected-error @+1 {{'nn.pad' op reflects further than the extent 3 of dimension 0}}
  %0 = nn.pad reflect %a low = [3] high = [0] : tensor<3xf32> -> tensor<6xf32>
  return
}

// -----

// gather_c1
func.func @gather_c1(%a: tensor<9x3xf32>, %b: tensor<?xi64>) {
  // expected-error @+1 {{'nn.gather' op dimension 1 of the gathered tensor has extent 4, expected 3}}
  %0 = nn.gather %a, %b dimension = 0 : tensor<9x3xf32>, tensor<?xi64> -> tensor<?x4xf32>
  return
}

// -----

// gather_c1, of the adjoint
func.func @scatter_add_c1(%a: tensor<?x4xf32>, %b: tensor<?xi64>) {
  // expected-error @+1 {{'nn.scatter_add' op dimension 1 of the gathered tensor has extent 4, expected 3}}
  %0 = nn.scatter_add %a, %b[] dimension = 0 : tensor<?x4xf32>, tensor<?xi64> -> tensor<9x3xf32>
  return
}

// -----

// argmax_c1
func.func @argmax_c1(%a: tensor<?x3xf32>) {
  // expected-error @+1 {{'nn.argmax' op the result has rank 2, expected 1}}
  %0 = nn.argmax %a dimension = 1 : tensor<?x3xf32> -> tensor<?x1xi64>
  return
}

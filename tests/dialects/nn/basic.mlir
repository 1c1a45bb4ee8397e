// RUN: frac-opt %s | frac-opt | FileCheck %s
// RUN: frac-opt %s -emit-bytecode | frac-opt | FileCheck %s

//===----------------------------------------------------------------------===//
// Contractions
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func.func @matmul
func.func @matmul(%a: tensor<?x3xf32>, %b: tensor<5x3xf32>) {
  // CHECK: %{{.*}} = nn.matmul %arg0, %arg1 {transpose_rhs} : tensor<?x3xf32>, tensor<5x3xf32> -> tensor<?x5xf32>
  %0 = nn.matmul %a, %b {transpose_rhs} : tensor<?x3xf32>, tensor<5x3xf32> -> tensor<?x5xf32>
  return
}

// CHECK-LABEL: func.func @conv
func.func @conv(%a: tensor<?x4x8x9xf32>, %b: tensor<6x2x3x3xf32>) {
  // CHECK: %{{.*}} = nn.conv %arg0, %arg1 {dilations = array<i64: 1, 1>, groups = 2 : i64, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 0, 1>, strides = array<i64: 2, 2>} : tensor<?x4x8x9xf32>, tensor<6x2x3x3xf32> -> tensor<?x6x4x5xf32>
  %0 = nn.conv %a, %b {dilations = array<i64: 1, 1>, groups = 2 : i64, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 0, 1>, strides = array<i64: 2, 2>} : tensor<?x4x8x9xf32>, tensor<6x2x3x3xf32> -> tensor<?x6x4x5xf32>
  return
}

// CHECK-LABEL: func.func @conv_channels_last
func.func @conv_channels_last(%a: tensor<?x8x9x4xf32>, %b: tensor<6x2x3x3xf32>) {
  // CHECK: %{{.*}} = nn.conv %arg0, %arg1 {channels_last, dilations = array<i64: 1, 1>, groups = 2 : i64, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 0, 1>, strides = array<i64: 2, 2>} : tensor<?x8x9x4xf32>, tensor<6x2x3x3xf32> -> tensor<?x4x5x6xf32>
  %0 = nn.conv %a, %b {channels_last, dilations = array<i64: 1, 1>, groups = 2 : i64, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 0, 1>, strides = array<i64: 2, 2>} : tensor<?x8x9x4xf32>, tensor<6x2x3x3xf32> -> tensor<?x4x5x6xf32>
  return
}

// CHECK-LABEL: func.func @conv_input_grad
func.func @conv_input_grad(%a: tensor<?x6x4x5xf32>, %b: tensor<6x2x3x3xf32>) {
  // CHECK: %{{.*}} = nn.conv_input_grad %arg0, %arg1 {dilations = array<i64: 1, 1>, groups = 2 : i64, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 0, 1>, strides = array<i64: 2, 2>} : tensor<?x6x4x5xf32>, tensor<6x2x3x3xf32> -> tensor<?x4x8x9xf32>
  %0 = nn.conv_input_grad %a, %b {dilations = array<i64: 1, 1>, groups = 2 : i64, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 0, 1>, strides = array<i64: 2, 2>} : tensor<?x6x4x5xf32>, tensor<6x2x3x3xf32> -> tensor<?x4x8x9xf32>
  return
}

// CHECK-LABEL: func.func @conv_weight_grad
func.func @conv_weight_grad(%a: tensor<?x4x8x9xf32>, %b: tensor<?x6x4x5xf32>) {
  // CHECK: %{{.*}} = nn.conv_weight_grad %arg0, %arg1 {dilations = array<i64: 1, 1>, groups = 2 : i64, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 0, 1>, strides = array<i64: 2, 2>} : tensor<?x4x8x9xf32>, tensor<?x6x4x5xf32> -> tensor<6x2x3x3xf32>
  %0 = nn.conv_weight_grad %a, %b {dilations = array<i64: 1, 1>, groups = 2 : i64, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 0, 1>, strides = array<i64: 2, 2>} : tensor<?x4x8x9xf32>, tensor<?x6x4x5xf32> -> tensor<6x2x3x3xf32>
  return
}


//===----------------------------------------------------------------------===//
// Activations
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func.func @relu
func.func @relu(%a: tensor<?x3xf32>) {
  // CHECK: %{{.*}} = nn.relu %arg0 : tensor<?x3xf32>
  %0 = nn.relu %a : tensor<?x3xf32>
  return
}

// CHECK-LABEL: func.func @scalar
func.func @scalar(%a: f32) {
  // CHECK: %{{.*}} = nn.sigmoid %arg0 : f32
  %0 = nn.sigmoid %a : f32
  return
}

// CHECK-LABEL: func.func @clip
func.func @clip(%a: tensor<?x3xf32>) {
  // CHECK: %{{.*}} = nn.clip %arg0 {maximum = 6.000000e+00 : f32, minimum = 0.000000e+00 : f32} : tensor<?x3xf32>
  %0 = nn.clip %a {maximum = 6.000000e+00 : f32, minimum = 0.000000e+00 : f32} : tensor<?x3xf32>
  return
}

// CHECK-LABEL: func.func @leaky_relu
func.func @leaky_relu(%a: tensor<?x3xf32>) {
  // CHECK: %{{.*}} = nn.leaky_relu %arg0 {alpha = 2.500000e-01 : f32} : tensor<?x3xf32>
  %0 = nn.leaky_relu %a {alpha = 2.500000e-01 : f32} : tensor<?x3xf32>
  return
}

// CHECK-LABEL: func.func @elu
func.func @elu(%a: tensor<?x3xf32>) {
  // CHECK: %{{.*}} = nn.elu %arg0 {alpha = 1.000000e+00 : f32} : tensor<?x3xf32>
  %0 = nn.elu %a {alpha = 1.000000e+00 : f32} : tensor<?x3xf32>
  return
}

// CHECK-LABEL: func.func @sigmoid
func.func @sigmoid(%a: tensor<?x3xf32>) {
  // CHECK: %{{.*}} = nn.sigmoid %arg0 : tensor<?x3xf32>
  %0 = nn.sigmoid %a : tensor<?x3xf32>
  return
}

// CHECK-LABEL: func.func @softplus
func.func @softplus(%a: tensor<?x3xf32>) {
  // CHECK: %{{.*}} = nn.softplus %arg0 : tensor<?x3xf32>
  %0 = nn.softplus %a : tensor<?x3xf32>
  return
}

// CHECK-LABEL: func.func @hard_sigmoid
func.func @hard_sigmoid(%a: tensor<?x3xf32>) {
  // CHECK: %{{.*}} = nn.hard_sigmoid %arg0 {alpha = 2.500000e-01 : f32, beta = 5.000000e-01 : f32} : tensor<?x3xf32>
  %0 = nn.hard_sigmoid %a {alpha = 2.500000e-01 : f32, beta = 5.000000e-01 : f32} : tensor<?x3xf32>
  return
}

// CHECK-LABEL: func.func @dropout
func.func @dropout(%a: tensor<?x3xf32>) {
  // CHECK: %{{.*}} = nn.dropout %arg0 {ratio = 5.000000e-01 : f32, stream = 3 : i64, training} : tensor<?x3xf32>
  %0 = nn.dropout %a {ratio = 5.000000e-01 : f32, stream = 3 : i64, training} : tensor<?x3xf32>
  return
}

// CHECK-LABEL: func.func @dropout_mask
func.func @dropout_mask(%a: tensor<2xi64>, %b: index) {
  // CHECK: %{{.*}} = nn.dropout_mask %arg0[%arg1] {ratio = 5.000000e-01 : f32, stream = 3 : i64} : tensor<2xi64> -> tensor<?x3xf32>
  %0 = nn.dropout_mask %a[%b] {ratio = 5.000000e-01 : f32, stream = 3 : i64} : tensor<2xi64> -> tensor<?x3xf32>
  return
}


//===----------------------------------------------------------------------===//
// Normalization
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func.func @batch_norm
func.func @batch_norm(%a: tensor<?x4x9x9xf32>, %b: tensor<4xf32>) {
  // CHECK: %{{.*}} = nn.batch_norm %arg0, %arg1, %arg1, %arg1, %arg1 {epsilon = 1.000000e+00 : f32, momentum = 5.000000e-01 : f32, training} : tensor<?x4x9x9xf32>, tensor<4xf32>
  %0:3 = nn.batch_norm %a, %b, %b, %b, %b {epsilon = 1.000000e+00 : f32, momentum = 5.000000e-01 : f32, training} : tensor<?x4x9x9xf32>, tensor<4xf32>
  return
}

// CHECK-LABEL: func.func @batch_norm_samples
func.func @batch_norm_samples(%a: tensor<?x4x9x9xf32>, %b: tensor<4xf32>, %n: tensor<?xf32>) {
  // CHECK: nn.batch_norm %arg0, %arg1, %arg1, %arg1, %arg1 samples %arg2 {{.*}} : tensor<?x4x9x9xf32>, tensor<4xf32>, tensor<?xf32>
  %0:3 = nn.batch_norm %a, %b, %b, %b, %b samples %n {epsilon = 1.000000e+00 : f32, momentum = 5.000000e-01 : f32, training} : tensor<?x4x9x9xf32>, tensor<4xf32>, tensor<?xf32>
  // CHECK: nn.batch_norm_grad %arg0, %arg0, %arg1, %arg1, %arg1 samples %arg2 {{.*}} : tensor<?x4x9x9xf32>, tensor<4xf32>, tensor<?xf32>
  %1:3 = nn.batch_norm_grad %a, %a, %b, %b, %b samples %n {epsilon = 1.000000e+00 : f32} : tensor<?x4x9x9xf32>, tensor<4xf32>, tensor<?xf32>
  return
}

// CHECK-LABEL: func.func @batch_norm_grad
func.func @batch_norm_grad(%a: tensor<?x4x9x9xf32>, %b: tensor<4xf32>) {
  // CHECK: %{{.*}} = nn.batch_norm_grad %arg0, %arg0, %arg1, %arg1, %arg1 {epsilon = 1.000000e+00 : f32} : tensor<?x4x9x9xf32>, tensor<4xf32>
  %0:3 = nn.batch_norm_grad %a, %a, %b, %b, %b {epsilon = 1.000000e+00 : f32} : tensor<?x4x9x9xf32>, tensor<4xf32>
  return
}

// CHECK-LABEL: func.func @softmax
func.func @softmax(%a: tensor<?x3xf32>) {
  // CHECK: %{{.*}} = nn.softmax %arg0 dimension = 1 : tensor<?x3xf32>
  %0 = nn.softmax %a dimension = 1 : tensor<?x3xf32>
  return
}

// CHECK-LABEL: func.func @log_softmax
func.func @log_softmax(%a: tensor<?x3xf32>) {
  // CHECK: %{{.*}} = nn.log_softmax %arg0 dimension = 1 : tensor<?x3xf32>
  %0 = nn.log_softmax %a dimension = 1 : tensor<?x3xf32>
  return
}

// CHECK-LABEL: func.func @pick
func.func @pick(%a: tensor<?x3xf32>, %b: tensor<?xi64>) {
  // CHECK: %{{.*}} = nn.pick %arg0, %arg1 : tensor<?x3xf32>, tensor<?xi64> -> tensor<?xf32>
  %0 = nn.pick %a, %b : tensor<?x3xf32>, tensor<?xi64> -> tensor<?xf32>
  return
}

// CHECK-LABEL: func.func @unpick
func.func @unpick(%a: tensor<?xf32>, %b: tensor<?xi64>) {
  // CHECK: %{{.*}} = nn.unpick %arg0, %arg1 : tensor<?xf32>, tensor<?xi64> -> tensor<?x3xf32>
  %0 = nn.unpick %a, %b : tensor<?xf32>, tensor<?xi64> -> tensor<?x3xf32>
  return
}


//===----------------------------------------------------------------------===//
// Pools
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func.func @max_pool
func.func @max_pool(%a: tensor<?x4x9x9xf32>) {
  // CHECK: %{{.*}} = nn.max_pool %arg0 {dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, strides = array<i64: 2, 2>} : tensor<?x4x9x9xf32> -> tensor<?x4x5x5xf32>
  %0 = nn.max_pool %a {dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, strides = array<i64: 2, 2>} : tensor<?x4x9x9xf32> -> tensor<?x4x5x5xf32>
  return
}

// CHECK-LABEL: func.func @max_pool_grad
func.func @max_pool_grad(%a: tensor<?x4x9x9xf32>, %b: tensor<?x4x5x5xf32>) {
  // CHECK: %{{.*}} = nn.max_pool_grad %arg0, %arg1 {dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, strides = array<i64: 2, 2>} : tensor<?x4x9x9xf32>, tensor<?x4x5x5xf32> -> tensor<?x4x9x9xf32>
  %0 = nn.max_pool_grad %a, %b {dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, strides = array<i64: 2, 2>} : tensor<?x4x9x9xf32>, tensor<?x4x5x5xf32> -> tensor<?x4x9x9xf32>
  return
}

// CHECK-LABEL: func.func @avg_pool
func.func @avg_pool(%a: tensor<?x4x9x9xf32>) {
  // CHECK: %{{.*}} = nn.avg_pool %arg0 {count_include_pad, dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, strides = array<i64: 2, 2>} : tensor<?x4x9x9xf32> -> tensor<?x4x5x5xf32>
  %0 = nn.avg_pool %a {count_include_pad, dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, strides = array<i64: 2, 2>} : tensor<?x4x9x9xf32> -> tensor<?x4x5x5xf32>
  return
}

// CHECK-LABEL: func.func @avg_pool_grad
func.func @avg_pool_grad(%a: tensor<?x4x5x5xf32>) {
  // CHECK: %{{.*}} = nn.avg_pool_grad %arg0 {dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, strides = array<i64: 2, 2>} : tensor<?x4x5x5xf32> -> tensor<?x4x9x9xf32>
  %0 = nn.avg_pool_grad %a {dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, strides = array<i64: 2, 2>} : tensor<?x4x5x5xf32> -> tensor<?x4x9x9xf32>
  return
}


//===----------------------------------------------------------------------===//
// Changes of shape and reductions
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func.func @broadcast
func.func @broadcast(%a: tensor<3xf32>, %b: index) {
  // CHECK: %{{.*}} = nn.broadcast %arg0[%arg1] dimensions = [1] : tensor<3xf32> -> tensor<?x3xf32>
  %0 = nn.broadcast %a[%b] dimensions = [1] : tensor<3xf32> -> tensor<?x3xf32>
  return
}

// CHECK-LABEL: func.func @reduce
func.func @reduce(%a: tensor<?x3xf32>) {
  // CHECK: %{{.*}} = nn.reduce mean %arg0 dimensions = [0] : tensor<?x3xf32> -> tensor<3xf32>
  %0 = nn.reduce mean %a dimensions = [0] : tensor<?x3xf32> -> tensor<3xf32>
  return
}

// CHECK-LABEL: func.func @reshape
func.func @reshape(%a: tensor<?x3xf32>) {
  // CHECK: %{{.*}} = nn.reshape %arg0 : tensor<?x3xf32> -> tensor<?x1x3xf32>
  %0 = nn.reshape %a : tensor<?x3xf32> -> tensor<?x1x3xf32>
  return
}

// CHECK-LABEL: func.func @transpose
func.func @transpose(%a: tensor<?x3xf32>) {
  // CHECK: %{{.*}} = nn.transpose %arg0 permutation = [1, 0] : tensor<?x3xf32> -> tensor<3x?xf32>
  %0 = nn.transpose %a permutation = [1, 0] : tensor<?x3xf32> -> tensor<3x?xf32>
  return
}

// CHECK-LABEL: func.func @concat
func.func @concat(%a: tensor<?x3xf32>) {
  // CHECK: %{{.*}} = nn.concat %arg0, %arg0 dimension = 1 : tensor<?x3xf32>, tensor<?x3xf32> -> tensor<?x6xf32>
  %0 = nn.concat %a, %a dimension = 1 : tensor<?x3xf32>, tensor<?x3xf32> -> tensor<?x6xf32>
  return
}

// CHECK-LABEL: func.func @slice
func.func @slice(%a: tensor<?x3xf32>) {
  // CHECK: %{{.*}} = nn.slice %arg0 offsets = [0, 2] strides = [1, -2] : tensor<?x3xf32> -> tensor<?x2xf32>
  %0 = nn.slice %a offsets = [0, 2] strides = [1, -2] : tensor<?x3xf32> -> tensor<?x2xf32>
  return
}

// CHECK-LABEL: func.func @unslice
func.func @unslice(%a: tensor<?x2xf32>, %b: index) {
  // CHECK: %{{.*}} = nn.unslice %arg0[%arg1] offsets = [0, 2] strides = [1, -2] : tensor<?x2xf32> -> tensor<?x3xf32>
  %0 = nn.unslice %a[%b] offsets = [0, 2] strides = [1, -2] : tensor<?x2xf32> -> tensor<?x3xf32>
  return
}

// CHECK-LABEL: func.func @pad
func.func @pad(%a: tensor<?x3xf32>) {
  // CHECK: %{{.*}} = nn.pad constant %arg0 low = [0, 1] high = [0, -1] {value = 2.000000e+00 : f64} : tensor<?x3xf32> -> tensor<?x3xf32>
  %0 = nn.pad constant %a low = [0, 1] high = [0, -1] {value = 2.000000e+00 : f64} : tensor<?x3xf32> -> tensor<?x3xf32>
  return
}

// CHECK-LABEL: func.func @gather
func.func @gather(%a: tensor<9x3xf32>, %b: tensor<?xi64>) {
  // CHECK: %{{.*}} = nn.gather %arg0, %arg1 dimension = 0 : tensor<9x3xf32>, tensor<?xi64> -> tensor<?x3xf32>
  %0 = nn.gather %a, %b dimension = 0 : tensor<9x3xf32>, tensor<?xi64> -> tensor<?x3xf32>
  return
}

// CHECK-LABEL: func.func @scatter_add
func.func @scatter_add(%a: tensor<?x3xf32>, %b: tensor<?xi64>) {
  // CHECK: %{{.*}} = nn.scatter_add %arg0, %arg1[] dimension = 0 : tensor<?x3xf32>, tensor<?xi64> -> tensor<9x3xf32>
  %0 = nn.scatter_add %a, %b[] dimension = 0 : tensor<?x3xf32>, tensor<?xi64> -> tensor<9x3xf32>
  return
}

// CHECK-LABEL: func.func @argmax
func.func @argmax(%a: tensor<?x3xf32>) {
  // CHECK: %{{.*}} = nn.argmax %arg0 dimension = 1 : tensor<?x3xf32> -> tensor<?xi64>
  %0 = nn.argmax %a dimension = 1 : tensor<?x3xf32> -> tensor<?xi64>
  return
}

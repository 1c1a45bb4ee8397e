// RUN: frac-opt %s --frac-estimate-cost="batch=16 extensions=depthwise,groups,dilation" | FileCheck %s

// Contractions of other dialects have a shape too; integers have the width of
// their elements.

// s1.conv of the reference output, its second convolution.
// CHECK-LABEL: func.func @linalg
// CHECK: linalg.conv_2d_nhwc_fhwc {{.*}}windows
// CHECK: linalg.conv_2d_nhwc_fhwc {{.*}}compute_cycles = 147456 : i64, dram_read_bits = 20072448 : i64, dram_write_bits = 16777216 : i64, {{.*}}total_cycles = 191926 : i64
func.func @linalg(%x: tensor<?x34x34x16xi8>, %w: tensor<16x3x3x16xi8>, %o: tensor<?x32x32x16xi32>) -> (tensor<?x32x32x16xi32>, tensor<?x32x32x16xi32>) {
  %a = linalg.conv_2d_nhwc_fhwc {windows, dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>} ins(%x, %w : tensor<?x34x34x16xi8>, tensor<16x3x3x16xi8>) outs(%o : tensor<?x32x32x16xi32>) -> tensor<?x32x32x16xi32>
  %b = linalg.conv_2d_nhwc_fhwc {dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>} ins(%x, %w : tensor<?x34x34x16xi8>, tensor<16x3x3x16xi8>) outs(%o : tensor<?x32x32x16xi32>) -> tensor<?x32x32x16xi32>
  return %a, %b : tensor<?x32x32x16xi32>, tensor<?x32x32x16xi32>
}

// Matrices as of a layer, and a stack of them one after the other.
// CHECK-LABEL: func.func @matrices
// CHECK: linalg.matmul {{.*}}compute_cycles = 64 : i64
// CHECK: linalg.batch_matmul {{.*}}compute_cycles = 128 : i64, {{.*}}extensions = "groups"
func.func @matrices(%x: tensor<?x64xi8>, %w: tensor<64x10xi8>, %o: tensor<?x10xi32>,
                    %y: tensor<2x16x64xi8>, %v: tensor<2x64x10xi8>, %p: tensor<2x16x10xi32>) -> (tensor<?x10xi32>, tensor<2x16x10xi32>) {
  %a = linalg.matmul ins(%x, %w : tensor<?x64xi8>, tensor<64x10xi8>) outs(%o : tensor<?x10xi32>) -> tensor<?x10xi32>
  %b = linalg.batch_matmul ins(%y, %v : tensor<2x16x64xi8>, tensor<2x64x10xi8>) outs(%p : tensor<2x16x10xi32>) -> tensor<2x16x10xi32>
  return %a, %b : tensor<?x10xi32>, tensor<2x16x10xi32>
}

// The nine rows of a window at once, as it is the first convolution.
// CHECK-LABEL: func.func @depthwise
// CHECK: linalg.depthwise_conv_2d_nhwc_hwc {{.*}}compute_cycles = 16384 : i64, {{.*}}extensions = "depthwise"
func.func @depthwise(%x: tensor<?x34x34x16xi8>, %w: tensor<3x3x16xi8>, %o: tensor<?x32x32x16xi32>) -> tensor<?x32x32x16xi32> {
  %a = linalg.depthwise_conv_2d_nhwc_hwc {dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>} ins(%x, %w : tensor<?x34x34x16xi8>, tensor<3x3x16xi8>) outs(%o : tensor<?x32x32x16xi32>) -> tensor<?x32x32x16xi32>
  return %a : tensor<?x32x32x16xi32>
}

// CHECK-LABEL: func.func @tosa
// CHECK: tosa.conv2d {{.*}}frac.cost = {
// CHECK: tosa.conv2d {{.*}}compute_cycles = 147456 : i64, dram_read_bits = 20072448 : i64, {{.*}}total_cycles = 191926 : i64
// CHECK: tosa.conv2d {{.*}}extensions = "dilation"
// CHECK: tosa.depthwise_conv2d {{.*}}compute_cycles = 147456 : i64, {{.*}}extensions = "depthwise"
// CHECK: tosa.matmul {{.*}}compute_cycles = 128 : i64, {{.*}}extensions = "groups"
func.func @tosa(%x: tensor<?x32x32x16xi8>, %w: tensor<16x3x3x16xi8>, %bias: tensor<16xi32>, %d: tensor<3x3x16x1xi8>,
                %z: tensor<1xi8>, %y: tensor<2x16x64xi8>, %v: tensor<2x64x10xi8>)
    -> (tensor<?x32x32x16xi32>, tensor<?x32x32x16xi32>, tensor<?x32x32x16xi32>, tensor<?x32x32x16xi32>, tensor<2x16x10xi32>) {
  %a = tosa.conv2d %x, %w, %bias, %z, %z {acc_type = i32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>} : (tensor<?x32x32x16xi8>, tensor<16x3x3x16xi8>, tensor<16xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<?x32x32x16xi32>
  %b = tosa.conv2d %x, %w, %bias, %z, %z {acc_type = i32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>} : (tensor<?x32x32x16xi8>, tensor<16x3x3x16xi8>, tensor<16xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<?x32x32x16xi32>
  %c = tosa.conv2d %x, %w, %bias, %z, %z {acc_type = i32, dilation = array<i64: 2, 2>, pad = array<i64: 2, 2, 2, 2>, stride = array<i64: 1, 1>} : (tensor<?x32x32x16xi8>, tensor<16x3x3x16xi8>, tensor<16xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<?x32x32x16xi32>
  %e = tosa.depthwise_conv2d %x, %d, %bias, %z, %z {acc_type = i32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>} : (tensor<?x32x32x16xi8>, tensor<3x3x16x1xi8>, tensor<16xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<?x32x32x16xi32>
  %f = tosa.matmul %y, %v, %z, %z : (tensor<2x16x64xi8>, tensor<2x64x10xi8>, tensor<1xi8>, tensor<1xi8>) -> tensor<2x16x10xi32>
  return %a, %b, %c, %e, %f : tensor<?x32x32x16xi32>, tensor<?x32x32x16xi32>, tensor<?x32x32x16xi32>, tensor<?x32x32x16xi32>, tensor<2x16x10xi32>
}

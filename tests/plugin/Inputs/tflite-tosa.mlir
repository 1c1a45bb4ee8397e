module attributes {tfl.description = "MLIR Converted.", tfl.schema_version = 3 : i32} {
  func.func @main(%arg0: tensor<1x6x6x2xf32>) -> tensor<1x7x7x2xf32> {
    %0 = "tosa.const"() <{values = dense<"${w1}"> : tensor<4x3x3x2xf32>}> : () -> tensor<4x3x3x2xf32>
    %1 = "tosa.const"() <{values = dense<"${b1}"> : tensor<4xf32>}> : () -> tensor<4xf32>
    %2 = "tosa.const"() <{values = dense<"${w2}"> : tensor<3x3x4x2xf32>}> : () -> tensor<3x3x4x2xf32>
    %3 = "tosa.const"() <{values = dense<"${b2}"> : tensor<8xf32>}> : () -> tensor<8xf32>
    %4 = "tosa.const"() <{values = dense<"${w3}"> : tensor<1x8x4xf32>}> : () -> tensor<1x8x4xf32>
    %5 = "tosa.const"() <{values = dense<"${w4}"> : tensor<2x3x3x4xf32>}> : () -> tensor<2x3x3x4xf32>
    %6 = "tosa.const"() <{values = dense<0.0> : tensor<2xf32>}> : () -> tensor<2xf32>
    %zp = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
    %7 = tosa.conv2d %arg0, %0, %1, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>} : (tensor<1x6x6x2xf32>, tensor<4x3x3x2xf32>, tensor<4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x6x6x4xf32>
    %8 = tosa.clamp %7 {max_val = 6.000000e+00 : f32, min_val = 0.000000e+00 : f32} : (tensor<1x6x6x4xf32>) -> tensor<1x6x6x4xf32>
    %9 = tosa.depthwise_conv2d %8, %2, %3, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 1, 0, 1>, stride = array<i64: 2, 2>} : (tensor<1x6x6x4xf32>, tensor<3x3x4x2xf32>, tensor<8xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x3x8xf32>
    %s1 = tosa.const_shape {values = dense<[1, 9, 8]> : tensor<3xindex>} : () -> !tosa.shape<3>
    %10 = tosa.reshape %9, %s1 : (tensor<1x3x3x8xf32>, !tosa.shape<3>) -> tensor<1x9x8xf32>
    %11 = tosa.matmul %10, %4, %zp, %zp : (tensor<1x9x8xf32>, tensor<1x8x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x9x4xf32>
    %s2 = tosa.const_shape {values = dense<[1, 3, 3, 4]> : tensor<4xindex>} : () -> !tosa.shape<4>
    %12 = tosa.reshape %11, %s2 : (tensor<1x9x4xf32>, !tosa.shape<4>) -> tensor<1x3x3x4xf32>
    %13 = tosa.transpose_conv2d %12, %5, %6, %zp, %zp {acc_type = f32, out_pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x3x3x4xf32>, tensor<2x3x3x4xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x7x7x2xf32>
    return %13 : tensor<1x7x7x2xf32>
  }
}

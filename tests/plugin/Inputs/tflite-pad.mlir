module attributes {tfl.schema_version = 3 : i32} {
  func.func @main(%arg0: tensor<1x6x6x2xf32>) -> tensor<1x3x3x4xf32> {
    %0 = "tosa.const"() <{values = dense<"${w1}"> : tensor<4x3x3x2xf32>}> : () -> tensor<4x3x3x2xf32>
    %1 = "tosa.const"() <{values = dense<0.0> : tensor<4xf32>}> : () -> tensor<4xf32>
    %zp = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
    %s = tosa.const_shape {values = dense<[0, 0, 0, 1, 0, 1, 0, 0]> : tensor<8xindex>} : () -> !tosa.shape<8>
    %2 = tosa.pad %arg0, %s, %zp : (tensor<1x6x6x2xf32>, !tosa.shape<8>, tensor<1xf32>) -> tensor<1x7x7x2xf32>
    %3 = tosa.conv2d %2, %0, %1, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x7x7x2xf32>, tensor<4x3x3x2xf32>, tensor<4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x3x4xf32>
    return %3 : tensor<1x3x3x4xf32>
  }
}

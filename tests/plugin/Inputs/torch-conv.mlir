#map = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
module attributes {torch.debug_module_name = "ConvNet"} {
  func.func @main(%arg0: tensor<2x3x6x6xf32>) -> tensor<2x4x3x3xf32> {
    %cst = arith.constant 0.000000e+00 : f32
    %cst_0 = arith.constant 0xFF800000 : f32
    %cst_1 = arith.constant dense<"${w1}"> : tensor<4x3x3x3xf32>
    %cst_2 = arith.constant dense<"${b1}"> : tensor<4xf32>
    %cst_3 = arith.constant dense<"${w2}"> : tensor<4x1x3x3xf32>
    %padded = tensor.pad %arg0 low[0, 0, 1, 1] high[0, 0, 1, 1] {
    ^bb0(%arg1: index, %arg2: index, %arg3: index, %arg4: index):
      tensor.yield %cst : f32
    } : tensor<2x3x6x6xf32> to tensor<2x3x8x8xf32>
    %0 = tensor.empty() : tensor<2x4x6x6xf32>
    %broadcasted = linalg.broadcast ins(%cst_2 : tensor<4xf32>) outs(%0 : tensor<2x4x6x6xf32>) dimensions = [0, 2, 3]
    %1 = linalg.conv_2d_nchw_fchw {dilations = dense<1> : vector<2xi64>, strides = dense<1> : vector<2xi64>} ins(%padded, %cst_1 : tensor<2x3x8x8xf32>, tensor<4x3x3x3xf32>) outs(%broadcasted : tensor<2x4x6x6xf32>) -> tensor<2x4x6x6xf32>
    %2 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%1 : tensor<2x4x6x6xf32>) outs(%0 : tensor<2x4x6x6xf32>) {
    ^bb0(%in: f32, %out: f32):
      %8 = arith.cmpf ugt, %in, %cst : f32
      %9 = arith.select %8, %in, %cst : f32
      linalg.yield %9 : f32
    } -> tensor<2x4x6x6xf32>
    %3 = tensor.empty() : tensor<2x4x3x3xf32>
    %4 = linalg.fill ins(%cst_0 : f32) outs(%3 : tensor<2x4x3x3xf32>) -> tensor<2x4x3x3xf32>
    %5 = tensor.empty() : tensor<2x2xf32>
    %6 = linalg.pooling_nchw_max {dilations = dense<1> : vector<2xi64>, strides = dense<2> : vector<2xi64>} ins(%2, %5 : tensor<2x4x6x6xf32>, tensor<2x2xf32>) outs(%4 : tensor<2x4x3x3xf32>) -> tensor<2x4x3x3xf32>
    %padded_4 = tensor.pad %6 low[0, 0, 1, 1] high[0, 0, 1, 1] {
    ^bb0(%arg1: index, %arg2: index, %arg3: index, %arg4: index):
      tensor.yield %cst : f32
    } : tensor<2x4x3x3xf32> to tensor<2x4x5x5xf32>
    %collapsed = tensor.collapse_shape %cst_3 [[0, 1], [2], [3]] : tensor<4x1x3x3xf32> into tensor<4x3x3xf32>
    %zero = linalg.fill ins(%cst : f32) outs(%3 : tensor<2x4x3x3xf32>) -> tensor<2x4x3x3xf32>
    %7 = linalg.depthwise_conv_2d_nchw_chw {dilations = dense<1> : vector<2xi64>, strides = dense<1> : vector<2xi64>} ins(%padded_4, %collapsed : tensor<2x4x5x5xf32>, tensor<4x3x3xf32>) outs(%zero : tensor<2x4x3x3xf32>) -> tensor<2x4x3x3xf32>
    return %7 : tensor<2x4x3x3xf32>
  }
}

#map = affine_map<(d0, d1, d2, d3) -> (d0, d1, d3)>
#map1 = affine_map<(d0, d1, d2, d3) -> (d3, d2)>
#map2 = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2)>
func.func @main(%arg0: tensor<1x5x5x2xf32>, %arg1: tensor<3x3x2x4xf32>, %arg2: tensor<4x6xf32>) -> tensor<1x9x6xf32> attributes {iree.abi.stub} {
  %cst = arith.constant 0.000000e+00 : f32
  %0 = tensor.empty() : tensor<1x3x3x4xf32>
  %1 = linalg.fill ins(%cst : f32) outs(%0 : tensor<1x3x3x4xf32>) -> tensor<1x3x3x4xf32>
  %2 = linalg.conv_2d_nhwc_hwcf {dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>} ins(%arg0, %arg1 : tensor<1x5x5x2xf32>, tensor<3x3x2x4xf32>) outs(%1 : tensor<1x3x3x4xf32>) -> tensor<1x3x3x4xf32>
  %collapsed = tensor.collapse_shape %2 [[0], [1, 2], [3]] : tensor<1x3x3x4xf32> into tensor<1x9x4xf32>
  %3 = tensor.empty() : tensor<1x9x6xf32>
  %4 = linalg.fill ins(%cst : f32) outs(%3 : tensor<1x9x6xf32>) -> tensor<1x9x6xf32>
  %5 = linalg.generic {indexing_maps = [#map, #map1, #map2], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%collapsed, %arg2 : tensor<1x9x4xf32>, tensor<4x6xf32>) outs(%4 : tensor<1x9x6xf32>) {
  ^bb0(%in: f32, %in_0: f32, %out: f32):
    %6 = arith.mulf %in, %in_0 : f32
    %7 = arith.addf %out, %6 : f32
    linalg.yield %7 : f32
  } -> tensor<1x9x6xf32>
  return %5 : tensor<1x9x6xf32>
}

// A convolution with strides behind padding, a depthwise one with dilations,
// maxima and a mean of squares.
#id = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
func.func @main(%x: tensor<2x6x6x2xf32>, %w1: tensor<3x3x2x4xf32>, %b1: tensor<4xf32>, %w2: tensor<2x2x4xf32>) -> tensor<f32> {
  %zero = arith.constant 0.0 : f32
  %minus = arith.constant 0xFF800000 : f32
  %padded = tensor.pad %x low[0, 2, 2, 0] high[0, 1, 1, 0] {
  ^bb0(%i: index, %j: index, %k: index, %l: index):
    tensor.yield %zero : f32
  } : tensor<2x6x6x2xf32> to tensor<2x9x9x2xf32>
  %e0 = tensor.empty() : tensor<2x4x4x4xf32>
  %init = linalg.broadcast ins(%b1 : tensor<4xf32>) outs(%e0 : tensor<2x4x4x4xf32>) dimensions = [0, 1, 2]
  %c = linalg.conv_2d_nhwc_hwcf {dilations = dense<1> : tensor<2xi64>, strides = dense<2> : tensor<2xi64>}
      ins(%padded, %w1 : tensor<2x9x9x2xf32>, tensor<3x3x2x4xf32>) outs(%init : tensor<2x4x4x4xf32>) -> tensor<2x4x4x4xf32>
  %r = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%c : tensor<2x4x4x4xf32>) outs(%e0 : tensor<2x4x4x4xf32>) {
  ^bb0(%in: f32, %out: f32):
    %s = arith.cmpf ugt, %in, %zero : f32
    %u = arith.select %s, %in, %zero : f32
    linalg.yield %u : f32
  } -> tensor<2x4x4x4xf32>
  %e1 = tensor.empty() : tensor<2x2x2x4xf32>
  %z1 = linalg.fill ins(%zero : f32) outs(%e1 : tensor<2x2x2x4xf32>) -> tensor<2x2x2x4xf32>
  %d = linalg.depthwise_conv_2d_nhwc_hwc {dilations = dense<2> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>}
      ins(%r, %w2 : tensor<2x4x4x4xf32>, tensor<2x2x4xf32>) outs(%z1 : tensor<2x2x2x4xf32>) -> tensor<2x2x2x4xf32>
  %e2 = tensor.empty() : tensor<2x1x1x4xf32>
  %z2 = linalg.fill ins(%minus : f32) outs(%e2 : tensor<2x1x1x4xf32>) -> tensor<2x1x1x4xf32>
  %window = tensor.empty() : tensor<2x2xf32>
  %p = linalg.pooling_nhwc_max {dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>}
      ins(%d, %window : tensor<2x2x2x4xf32>, tensor<2x2xf32>) outs(%z2 : tensor<2x1x1x4xf32>) -> tensor<2x1x1x4xf32>
  %q = math.absf %p : tensor<2x1x1x4xf32>
  %v = arith.mulf %q, %p : tensor<2x1x1x4xf32>
  %e3 = tensor.empty() : tensor<f32>
  %z3 = linalg.fill ins(%zero : f32) outs(%e3 : tensor<f32>) -> tensor<f32>
  %loss = linalg.reduce { arith.addf } ins(%v : tensor<2x1x1x4xf32>) outs(%z3 : tensor<f32>) dimensions = [0, 1, 2, 3]
  return %loss : tensor<f32>
}

// Printed by torch-mlir 20261001 (torch.export, linalg-on-tensors): a convolution with groups; the
// weights are a resource there.
module {
  func.func @main(%arg0: tensor<2x4x5x5xf32>) -> tensor<2x6x3x3xf32> {
    %cst = arith.constant 0.000000e+00 : f32
    %cst_0 = arith.constant dense<"${w1}"> : tensor<6x2x3x3xf32>
    %padded = tensor.pad %arg0 low[0, 0, 1, 1] high[0, 0, 1, 1] {
    ^bb0(%arg1: index, %arg2: index, %arg3: index, %arg4: index):
      tensor.yield %cst : f32
    } : tensor<2x4x5x5xf32> to tensor<2x4x7x7xf32>
    %0 = tensor.empty() : tensor<2x6x3x3xf32>
    %expanded = tensor.expand_shape %padded [[0], [1, 2], [3], [4]] output_shape [2, 2, 2, 7, 7] : tensor<2x4x7x7xf32> into tensor<2x2x2x7x7xf32>
    %expanded_1 = tensor.expand_shape %cst_0 [[0, 1], [2], [3], [4]] output_shape [2, 3, 2, 3, 3] : tensor<6x2x3x3xf32> into tensor<2x3x2x3x3xf32>
    %expanded_2 = tensor.expand_shape %0 [[0], [1, 2], [3], [4]] output_shape [2, 2, 3, 3, 3] : tensor<2x6x3x3xf32> into tensor<2x2x3x3x3xf32>
    %1 = linalg.fill ins(%cst : f32) outs(%expanded_2 : tensor<2x2x3x3x3xf32>) -> tensor<2x2x3x3x3xf32>
    %2 = linalg.conv_2d_ngchw_gfchw {dilations = dense<1> : vector<2xi64>, strides = dense<2> : vector<2xi64>} ins(%expanded, %expanded_1 : tensor<2x2x2x7x7xf32>, tensor<2x3x2x3x3xf32>) outs(%1 : tensor<2x2x3x3x3xf32>) -> tensor<2x2x3x3x3xf32>
    %collapsed = tensor.collapse_shape %2 [[0], [1, 2], [3], [4]] : tensor<2x2x3x3x3xf32> into tensor<2x6x3x3xf32>
    return %collapsed : tensor<2x6x3x3xf32>
  }
}

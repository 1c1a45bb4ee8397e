// The contractions of examples/models/lenet.onnx as torch-mlir prints them;
// biases and most activations, which no quantizer depends on, are left out.
#map = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
module attributes {torch.debug_module_name = "LeNet"} {
  func.func @main(%arg0: tensor<?x1x32x32xf32>) -> tensor<?x10xf32> {
    %c0 = arith.constant 0 : index
    %cst = arith.constant 0.000000e+00 : f32
    %cst_0 = arith.constant 0xFF800000 : f32
    %w1 = arith.constant dense<"${w1}"> : tensor<6x1x5x5xf32>
    %w2 = arith.constant dense<"${w2}"> : tensor<16x6x5x5xf32>
    %w3 = arith.constant dense<"${w3}"> : tensor<120x400xf32>
    %w4 = arith.constant dense<"${w4}"> : tensor<84x120xf32>
    %w5 = arith.constant dense<"${w5}"> : tensor<10x84xf32>
    %n = tensor.dim %arg0, %c0 : tensor<?x1x32x32xf32>
    %0 = tensor.empty(%n) : tensor<?x6x28x28xf32>
    %1 = linalg.fill ins(%cst : f32) outs(%0 : tensor<?x6x28x28xf32>) -> tensor<?x6x28x28xf32>
    %2 = linalg.conv_2d_nchw_fchw {dilations = dense<1> : vector<2xi64>, strides = dense<1> : vector<2xi64>} ins(%arg0, %w1 : tensor<?x1x32x32xf32>, tensor<6x1x5x5xf32>) outs(%1 : tensor<?x6x28x28xf32>) -> tensor<?x6x28x28xf32>
    %3 = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%2 : tensor<?x6x28x28xf32>) outs(%0 : tensor<?x6x28x28xf32>) {
    ^bb0(%in: f32, %out: f32):
      %r = arith.maximumf %in, %cst : f32
      linalg.yield %r : f32
    } -> tensor<?x6x28x28xf32>
    %4 = tensor.empty(%n) : tensor<?x6x14x14xf32>
    %5 = linalg.fill ins(%cst_0 : f32) outs(%4 : tensor<?x6x14x14xf32>) -> tensor<?x6x14x14xf32>
    %6 = tensor.empty() : tensor<2x2xf32>
    %7 = linalg.pooling_nchw_max {dilations = dense<1> : vector<2xi64>, strides = dense<2> : vector<2xi64>} ins(%3, %6 : tensor<?x6x28x28xf32>, tensor<2x2xf32>) outs(%5 : tensor<?x6x14x14xf32>) -> tensor<?x6x14x14xf32>
    %8 = tensor.empty(%n) : tensor<?x16x10x10xf32>
    %9 = linalg.fill ins(%cst : f32) outs(%8 : tensor<?x16x10x10xf32>) -> tensor<?x16x10x10xf32>
    %10 = linalg.conv_2d_nchw_fchw {dilations = dense<1> : vector<2xi64>, strides = dense<1> : vector<2xi64>} ins(%7, %w2 : tensor<?x6x14x14xf32>, tensor<16x6x5x5xf32>) outs(%9 : tensor<?x16x10x10xf32>) -> tensor<?x16x10x10xf32>
    %11 = tensor.empty(%n) : tensor<?x16x5x5xf32>
    %12 = linalg.fill ins(%cst : f32) outs(%11 : tensor<?x16x5x5xf32>) -> tensor<?x16x5x5xf32>
    %13 = linalg.pooling_nchw_sum {dilations = dense<1> : vector<2xi64>, strides = dense<2> : vector<2xi64>} ins(%10, %6 : tensor<?x16x10x10xf32>, tensor<2x2xf32>) outs(%12 : tensor<?x16x5x5xf32>) -> tensor<?x16x5x5xf32>
    %14 = tensor.collapse_shape %13 [[0], [1, 2, 3]] : tensor<?x16x5x5xf32> into tensor<?x400xf32>
    %15 = tensor.empty() : tensor<400x120xf32>
    %16 = linalg.transpose ins(%w3 : tensor<120x400xf32>) outs(%15 : tensor<400x120xf32>) permutation = [1, 0]
    %17 = tensor.empty(%n) : tensor<?x120xf32>
    %18 = linalg.fill ins(%cst : f32) outs(%17 : tensor<?x120xf32>) -> tensor<?x120xf32>
    %19 = linalg.matmul ins(%14, %16 : tensor<?x400xf32>, tensor<400x120xf32>) outs(%18 : tensor<?x120xf32>) -> tensor<?x120xf32>
    %20 = tensor.empty() : tensor<120x84xf32>
    %21 = linalg.transpose ins(%w4 : tensor<84x120xf32>) outs(%20 : tensor<120x84xf32>) permutation = [1, 0]
    %22 = tensor.empty(%n) : tensor<?x84xf32>
    %23 = linalg.fill ins(%cst : f32) outs(%22 : tensor<?x84xf32>) -> tensor<?x84xf32>
    %24 = linalg.matmul ins(%19, %21 : tensor<?x120xf32>, tensor<120x84xf32>) outs(%23 : tensor<?x84xf32>) -> tensor<?x84xf32>
    %25 = tensor.empty() : tensor<84x10xf32>
    %26 = linalg.transpose ins(%w5 : tensor<10x84xf32>) outs(%25 : tensor<84x10xf32>) permutation = [1, 0]
    %27 = tensor.empty(%n) : tensor<?x10xf32>
    %28 = linalg.fill ins(%cst : f32) outs(%27 : tensor<?x10xf32>) -> tensor<?x10xf32>
    %29 = linalg.matmul ins(%24, %26 : tensor<?x84xf32>, tensor<84x10xf32>) outs(%28 : tensor<?x10xf32>) -> tensor<?x10xf32>
    return %29 : tensor<?x10xf32>
  }
}

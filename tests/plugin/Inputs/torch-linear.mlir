// nn.Linear on a batch of sequences of unknown size: torch-mlir repeats the
// weights for each sample.
module attributes {torch.debug_module_name = "Linear"} {
  func.func @main(%arg0: tensor<?x3x8xf32>) -> tensor<?x3x5xf32> {
    %c0 = arith.constant 0 : index
    %cst = arith.constant 0.000000e+00 : f32
    %cst_0 = arith.constant dense<"${w1}"> : tensor<5x8xf32>
    %0 = tensor.empty() : tensor<8x5xf32>
    %transposed = linalg.transpose ins(%cst_0 : tensor<5x8xf32>) outs(%0 : tensor<8x5xf32>) permutation = [1, 0]
    %dim = tensor.dim %arg0, %c0 : tensor<?x3x8xf32>
    %1 = tensor.empty(%dim) : tensor<?x8x5xf32>
    %2 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d1, d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%transposed : tensor<8x5xf32>) outs(%1 : tensor<?x8x5xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    } -> tensor<?x8x5xf32>
    %3 = tensor.empty(%dim) : tensor<?x3x5xf32>
    %4 = linalg.fill ins(%cst : f32) outs(%3 : tensor<?x3x5xf32>) -> tensor<?x3x5xf32>
    %5 = linalg.batch_matmul ins(%arg0, %2 : tensor<?x3x8xf32>, tensor<?x8x5xf32>) outs(%4 : tensor<?x3x5xf32>) -> tensor<?x3x5xf32>
    return %5 : tensor<?x3x5xf32>
  }
}

// Printed by torch-mlir 20261001 (torch.export, linalg-on-tensors): an embedding beside other
// features.
#map = affine_map<(d0, d1) -> (d0)>
#map1 = affine_map<(d0, d1) -> (d0, d1)>
#map2 = affine_map<(d0, d1) -> ()>
#map3 = affine_map<() -> ()>
module {
  func.func @main(%arg0: tensor<3xi64>, %arg1: tensor<4x3xf32>, %arg2: tensor<3x2xf32>) -> tensor<f32> {
    %c3_i64 = arith.constant 3 : i64
    %c4 = arith.constant 4 : index
    %c0_i64 = arith.constant 0 : i64
    %cst = arith.constant 0.000000e+00 : f32
    %cst_0 = arith.constant 1.500000e+01 : f32
    %0 = tensor.empty() : tensor<3x3xf32>
    %1 = linalg.generic {indexing_maps = [#map, #map1], iterator_types = ["parallel", "parallel"]} ins(%arg0 : tensor<3xi64>) outs(%0 : tensor<3x3xf32>) {
    ^bb0(%in: i64, %out: f32):
      %8 = arith.index_cast %in : i64 to index
      %9 = linalg.index 1 : index
      %10 = arith.cmpi slt, %8, %c4 : index
      cf.assert %10, "index must be smaller than dim size"
      %11 = arith.cmpi sge, %in, %c0_i64 : i64
      cf.assert %11, "index must be larger or equal to 0"
      %extracted = tensor.extract %arg1[%8, %9] : tensor<4x3xf32>
      linalg.yield %extracted : f32
    } -> tensor<3x3xf32>
    %concat = tensor.concat dim(1) %1, %arg2 : (tensor<3x3xf32>, tensor<3x2xf32>) -> tensor<3x5xf32>
    %2 = tensor.empty() : tensor<3x5xf32>
    %3 = linalg.generic {indexing_maps = [#map1, #map1], iterator_types = ["parallel", "parallel"]} ins(%concat : tensor<3x5xf32>) outs(%2 : tensor<3x5xf32>) {
    ^bb0(%in: f32, %out: f32):
      %8 = math.fpowi %in, %c3_i64 : f32, i64
      linalg.yield %8 : f32
    } -> tensor<3x5xf32>
    %4 = tensor.empty() : tensor<f32>
    %5 = linalg.fill ins(%cst : f32) outs(%4 : tensor<f32>) -> tensor<f32>
    %6 = linalg.generic {indexing_maps = [#map1, #map2], iterator_types = ["reduction", "reduction"]} ins(%3 : tensor<3x5xf32>) outs(%5 : tensor<f32>) {
    ^bb0(%in: f32, %out: f32):
      %8 = arith.addf %in, %out : f32
      linalg.yield %8 : f32
    } -> tensor<f32>
    %7 = linalg.generic {indexing_maps = [#map3, #map3], iterator_types = []} ins(%6 : tensor<f32>) outs(%4 : tensor<f32>) {
    ^bb0(%in: f32, %out: f32):
      %8 = arith.divf %in, %cst_0 : f32
      linalg.yield %8 : f32
    } -> tensor<f32>
    return %7 : tensor<f32>
  }
}

// Two dense layers and softmax cross-entropy, the target as probabilities.
#id = affine_map<(d0, d1) -> (d0, d1)>
#column = affine_map<(d0, d1) -> (d1)>
#row = affine_map<(d0, d1) -> (d0)>
#stretched = affine_map<(d0, d1) -> (d0, 0)>
func.func @main(%x: tensor<4x5xf32>, %t: tensor<4x3xf32>, %w1: tensor<6x5xf32>, %b1: tensor<6xf32>, %w2: tensor<6x3xf32>) -> tensor<f32> {
  %zero = arith.constant 0.0 : f32
  %minus = arith.constant 0xFF800000 : f32
  %e0 = tensor.empty() : tensor<5x6xf32>
  %w1t = linalg.transpose ins(%w1 : tensor<6x5xf32>) outs(%e0 : tensor<5x6xf32>) permutation = [1, 0]
  %e1 = tensor.empty() : tensor<4x6xf32>
  %z1 = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4x6xf32>) -> tensor<4x6xf32>
  %h0 = linalg.matmul ins(%x, %w1t : tensor<4x5xf32>, tensor<5x6xf32>) outs(%z1 : tensor<4x6xf32>) -> tensor<4x6xf32>
  %h1 = linalg.generic {indexing_maps = [#id, #column, #id], iterator_types = ["parallel", "parallel"]}
      ins(%h0, %b1 : tensor<4x6xf32>, tensor<6xf32>) outs(%e1 : tensor<4x6xf32>) {
  ^bb0(%l: f32, %r: f32, %o: f32):
    %s = arith.addf %l, %r : f32
    %u = math.tanh %s : f32
    linalg.yield %u : f32
  } -> tensor<4x6xf32>
  %e2 = tensor.empty() : tensor<4x3xf32>
  %z2 = linalg.fill ins(%zero : f32) outs(%e2 : tensor<4x3xf32>) -> tensor<4x3xf32>
  %y = linalg.matmul ins(%h1, %w2 : tensor<4x6xf32>, tensor<6x3xf32>) outs(%z2 : tensor<4x3xf32>) -> tensor<4x3xf32>
  %e3 = tensor.empty() : tensor<4xf32>
  %z3 = linalg.fill ins(%minus : f32) outs(%e3 : tensor<4xf32>) -> tensor<4xf32>
  %m = linalg.reduce ins(%y : tensor<4x3xf32>) outs(%z3 : tensor<4xf32>) dimensions = [1]
    (%in: f32, %so: f32) {
      %s = arith.maximumf %in, %so : f32
      linalg.yield %s : f32
    }
  %p = linalg.generic {indexing_maps = [#id, #row, #id], iterator_types = ["parallel", "parallel"]}
      ins(%y, %m : tensor<4x3xf32>, tensor<4xf32>) outs(%e2 : tensor<4x3xf32>) {
  ^bb0(%l: f32, %r: f32, %o: f32):
    %s = arith.subf %l, %r : f32
    linalg.yield %s : f32
  } -> tensor<4x3xf32>
  %z4 = linalg.fill ins(%zero : f32) outs(%e3 : tensor<4xf32>) -> tensor<4xf32>
  %n = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]}
      ins(%p : tensor<4x3xf32>) outs(%z4 : tensor<4xf32>) {
  ^bb0(%l: f32, %o: f32):
    %s = math.exp %l : f32
    %u = arith.addf %s, %o : f32
    linalg.yield %u : f32
  } -> tensor<4xf32>
  %k = tensor.expand_shape %n [[0, 1]] output_shape [4, 1] : tensor<4xf32> into tensor<4x1xf32>
  %q = linalg.generic {indexing_maps = [#id, #stretched, #id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%p, %k, %t : tensor<4x3xf32>, tensor<4x1xf32>, tensor<4x3xf32>) outs(%e2 : tensor<4x3xf32>) {
  ^bb0(%l: f32, %r: f32, %g: f32, %o: f32):
    %s = math.log %r : f32
    %u = arith.subf %s, %l : f32
    %v = arith.mulf %u, %g : f32
    linalg.yield %v : f32
  } -> tensor<4x3xf32>
  %e5 = tensor.empty() : tensor<f32>
  %z5 = linalg.fill ins(%zero : f32) outs(%e5 : tensor<f32>) -> tensor<f32>
  %loss = linalg.reduce { arith.addf } ins(%q : tensor<4x3xf32>) outs(%z5 : tensor<f32>) dimensions = [0, 1]
  %quarter = arith.constant dense<0.25> : tensor<f32>
  %mean = arith.mulf %loss, %quarter : tensor<f32>
  return %mean : tensor<f32>
}

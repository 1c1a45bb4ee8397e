// RUN: frac-opt %s --frac-outline-kernels --verify-diagnostics -o /dev/null

func.func @division(%n: index, %s: memref<?xi8>, %w: memref<?xi8>, %x: memref<4xf32>, %y: memref<8xf32>) attributes {frac.inputs = 1 : i64} {
  // expected-error @+1 {{accesses operand 0 by affine_map<(d0) -> (d0 floordiv 2)>, which is not a sum of dimensions times constants}}
  linalg.generic {indexing_maps = [affine_map<(i) -> (i floordiv 2)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]} ins(%x : memref<4xf32>) outs(%y : memref<8xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  }
  return
}

// RUN: frac-opt %s --frac-lower-nn --canonicalize --cse | FileCheck %s

// CHECK-DAG: #[[SECOND:.*]] = affine_map<(d0, d1) -> (d1)>
// CHECK-DAG: #[[SWAPPED:.*]] = affine_map<(d0, d1, d2) -> (d1, d2, d0)>

// CHECK-LABEL: func.func @broadcast
// CHECK: tensor.collapse_shape {{.*}} {{\[\[}}0, 1]] : tensor<1x4xf32> into tensor<4xf32>
// CHECK: linalg.generic {indexing_maps = [#[[SECOND]],
func.func @broadcast(%x: tensor<1x4xf32>, %n: index) -> tensor<?x4xf32> {
  %y = nn.broadcast %x[%n] dimensions = [0, 1] : tensor<1x4xf32> -> tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}

// CHECK-LABEL: func.func @transpose
// CHECK: linalg.generic {indexing_maps = [#[[SWAPPED]],
func.func @transpose(%x: tensor<?x4x5xf32>) -> tensor<5x?x4xf32> {
  %y = nn.transpose %x permutation = [2, 0, 1] : tensor<?x4x5xf32> -> tensor<5x?x4xf32>
  return %y : tensor<5x?x4xf32>
}

// CHECK-LABEL: func.func @flatten
// CHECK: tensor.collapse_shape {{.*}} {{\[\[}}0], [1, 2]]
func.func @flatten(%x: tensor<?x4x5xf32>) -> tensor<?x20xf32> {
  %y = nn.reshape %x : tensor<?x4x5xf32> -> tensor<?x20xf32>
  return %y : tensor<?x20xf32>
}

// Any other shape by way of one dimension.

// CHECK-LABEL: func.func @reshape
// CHECK: %[[LINE:.*]] = tensor.collapse_shape {{.*}} into tensor<?xf32>
// CHECK: tensor.expand_shape %[[LINE]] {{\[\[}}0, 1, 2]] output_shape {{.*}} into tensor<3x?x2xf32>
func.func @reshape(%x: tensor<?x4x3xf32>) -> tensor<3x?x2xf32> {
  %y = nn.reshape %x : tensor<?x4x3xf32> -> tensor<3x?x2xf32>
  return %y : tensor<3x?x2xf32>
}

// CHECK-LABEL: func.func @slice
// CHECK: tensor.extract
func.func @slice(%x: tensor<?x7x6xf32>) -> tensor<?x3x3xf32> {
  %y = nn.slice %x offsets = [0, 1, 5] strides = [1, 2, -2] : tensor<?x7x6xf32> -> tensor<?x3x3xf32>
  return %y : tensor<?x3x3xf32>
}

// CHECK-LABEL: func.func @unslice
// CHECK: arith.divsi
// CHECK: arith.remsi
// CHECK: tensor.extract
// CHECK: arith.select
func.func @unslice(%x: tensor<?x3xf32>, %n: index) -> tensor<?x7xf32> {
  %y = nn.unslice %x[%n] offsets = [0, 1] strides = [1, 2] : tensor<?x3xf32> -> tensor<?x7xf32>
  return %y : tensor<?x7xf32>
}

// CHECK-LABEL: func.func @pad
// CHECK: arith.cmpi ult
// CHECK: arith.select {{.*}}, %{{.*}}, %cst : f32
func.func @pad(%x: tensor<?x3xf32>) -> tensor<?x6xf32> {
  %y = nn.pad constant %x low = [0, 1] high = [0, 2] {value = 1.5} : tensor<?x3xf32> -> tensor<?x6xf32>
  return %y : tensor<?x6xf32>
}

// Channels are joined in runs that all inputs have whole numbers of.

// CHECK-LABEL: func.func @concat_runs
// CHECK: linalg.generic
// CHECK: } -> tensor<?x3x8xf32>
// CHECK: tensor.collapse_shape {{.*}} : tensor<?x3x8xf32> into tensor<?x24xf32>
func.func @concat_runs(%x: tensor<?x16xf32>, %y: tensor<?x8xf32>) -> tensor<?x24xf32> {
  %z = nn.concat %x, %y dimension = 1 : tensor<?x16xf32>, tensor<?x8xf32> -> tensor<?x24xf32>
  return %z : tensor<?x24xf32>
}

// CHECK-LABEL: func.func @concat
// CHECK: tensor.extract
// CHECK: tensor.extract
// CHECK: arith.select
func.func @concat(%x: tensor<?x3xf32>, %y: tensor<?x2xf32>) -> tensor<?x5xf32> {
  %z = nn.concat %x, %y dimension = 1 : tensor<?x3xf32>, tensor<?x2xf32> -> tensor<?x5xf32>
  return %z : tensor<?x5xf32>
}

// CHECK-LABEL: func.func @gather
// CHECK-SAME: %[[X:.*]]: tensor<7x4xf32>, %[[I:.*]]: tensor<?xi64>
// CHECK: linalg.generic {{.*}} ins(%[[I]] : tensor<?xi64>)
// CHECK: tensor.extract %[[X]]
func.func @gather(%x: tensor<7x4xf32>, %i: tensor<?xi64>) -> tensor<?x4xf32> {
  %y = nn.gather %x, %i dimension = 0 : tensor<7x4xf32>, tensor<?xi64> -> tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}

// The order of the sum is that of the indices.

// CHECK-LABEL: func.func @scatter
// CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "reduction", "parallel"]
// CHECK-NOT: fastmath
// CHECK: return
func.func @scatter(%x: tensor<?x4xf32>, %i: tensor<?xi64>) -> tensor<7x4xf32> {
  %y = nn.scatter_add %x, %i[] dimension = 0 : tensor<?x4xf32>, tensor<?xi64> -> tensor<7x4xf32>
  return %y : tensor<7x4xf32>
}

// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// CHECK-LABEL: func.func @collapse
// CHECK-SAME: (%[[X:.*]]: tensor<?x3xf32>, %[[G:.*]]: tensor<?xf32>)
func.func @collapse(%x: tensor<?x3xf32>) -> tensor<?xf32> {
  // CHECK-DAG: %[[I0:.*]] = arith.constant 0 : index
  // CHECK: %[[V0:.*]] = tensor.collapse_shape %[[X]] {{\[\[}}0, 1]] : tensor<?x3xf32> into tensor<?xf32>
  // CHECK: %[[N:.*]] = tensor.dim %[[X]], %[[I0]]
  // CHECK: %[[V1:.*]] = tensor.expand_shape %[[G]] {{\[\[}}0, 1]] output_shape [%[[N]], 3] : tensor<?xf32> into tensor<?x3xf32>
  // CHECK: return %[[V0]], %[[V1]]
  %y = tensor.collapse_shape %x [[0, 1]] : tensor<?x3xf32> into tensor<?xf32>
  return %y : tensor<?xf32>
}

// CHECK-LABEL: func.func @expand
// CHECK-SAME: (%[[X:.*]]: tensor<6xf32>, %[[G:.*]]: tensor<2x3xf32>)
func.func @expand(%x: tensor<6xf32>) -> tensor<2x3xf32> {
  // CHECK: %[[V0:.*]] = tensor.expand_shape %[[X]] {{\[\[}}0, 1]] output_shape [2, 3] : tensor<6xf32> into tensor<2x3xf32>
  // CHECK: %[[V1:.*]] = tensor.collapse_shape %[[G]] {{\[\[}}0, 1]] : tensor<2x3xf32> into tensor<6xf32>
  // CHECK: return %[[V0]], %[[V1]]
  %y = tensor.expand_shape %x [[0, 1]] output_shape [2, 3] : tensor<6xf32> into tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

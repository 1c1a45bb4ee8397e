// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// CHECK-LABEL: func.func @concat
// CHECK-SAME: (%[[X:.*]]: tensor<2x3xf32>, %[[Y:.*]]: tensor<2x?xf32>, %[[G:.*]]: tensor<2x?xf32>)
// CHECK-DAG: %[[N:.*]] = tensor.dim %[[Y]]
// CHECK-DAG: %[[DX:.*]] = tensor.extract_slice %[[G]][0, 0] [2, 3] [1, 1]
// CHECK-DAG: %[[DY:.*]] = tensor.extract_slice %[[G]][0, 3] [2, %[[N]]] [1, 1]
// CHECK: return %{{.*}}, %[[DX]], %[[DY]]
func.func @concat(%x: tensor<2x3xf32>, %y: tensor<2x?xf32>) -> tensor<2x?xf32> {
  %z = tensor.concat dim(1) %x, %y : (tensor<2x3xf32>, tensor<2x?xf32>) -> tensor<2x?xf32>
  return %z : tensor<2x?xf32>
}

// What was overwritten has no gradient.

// CHECK-LABEL: func.func @insert_slice
// CHECK-SAME: (%[[X:.*]]: tensor<3xf32>, %[[Y:.*]]: tensor<1x8xf32>, %[[G:.*]]: tensor<1x8xf32>)
// CHECK-DAG: %[[C0:.*]] = arith.constant dense<0.000000e+00> : tensor<3xf32>
// CHECK-DAG: %[[DX:.*]] = tensor.extract_slice %[[G]][0, 1] [1, 3] [1, 2] : tensor<1x8xf32> to tensor<3xf32>
// CHECK-DAG: %[[DY:.*]] = tensor.insert_slice %[[C0]] into %[[G]][0, 1] [1, 3] [1, 2]
// CHECK: return %{{.*}}, %[[DX]], %[[DY]]
func.func @insert_slice(%x: tensor<3xf32>, %y: tensor<1x8xf32>) -> tensor<1x8xf32> {
  %z = tensor.insert_slice %x into %y[0, 1] [1, 3] [1, 2] : tensor<3xf32> into tensor<1x8xf32>
  return %z : tensor<1x8xf32>
}

// CHECK-LABEL: func.func @insert
// CHECK-SAME: (%[[X:.*]]: f32, %[[Y:.*]]: tensor<4xf32>, %[[I:.*]]: index, %[[G:.*]]: tensor<4xf32>)
// CHECK-DAG: %[[C0:.*]] = arith.constant 0.000000e+00 : f32
// CHECK-DAG: %[[DX:.*]] = tensor.extract %[[G]][%[[I]]]
// CHECK-DAG: %[[DY:.*]] = tensor.insert %[[C0]] into %[[G]][%[[I]]]
// CHECK: return %{{.*}}, %[[DX]], %[[DY]]
func.func @insert(%x: f32, %y: tensor<4xf32>, %i: index) -> tensor<4xf32> {
  %z = tensor.insert %x into %y[%i] : tensor<4xf32>
  return %z : tensor<4xf32>
}

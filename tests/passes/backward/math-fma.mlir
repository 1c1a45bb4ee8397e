// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// CHECK-LABEL: func.func @fma
// CHECK-SAME: (%[[A:.*]]: tensor<4xf32>, %[[B:.*]]: tensor<4xf32>, %[[C:.*]]: tensor<4xf32>, %[[G:.*]]: tensor<4xf32>)
// CHECK-DAG: %[[DA:.*]] = arith.mulf %[[G]], %[[B]]
// CHECK-DAG: %[[DB:.*]] = arith.mulf %[[G]], %[[A]]
// CHECK: return %{{.*}}, %[[DA]], %[[DB]], %[[G]]
func.func @fma(%a: tensor<4xf32>, %b: tensor<4xf32>, %c: tensor<4xf32>) -> tensor<4xf32> {
  %y = math.fma %a, %b, %c : tensor<4xf32>
  return %y : tensor<4xf32>
}

// RUN: frac-opt %s --frac-lower-nn --canonicalize --cse | FileCheck %s

// A function of seed, iteration, stream and place alone.

// CHECK-LABEL: func.func @mask
// CHECK-SAME: %[[COUNTER:.*]]: tensor<2xi64>, %[[N:.*]]: index
// CHECK: tensor.extract %[[COUNTER]]
// CHECK: tensor.extract %[[COUNTER]]
// CHECK: linalg.generic {{.*}} outs(
// CHECK: linalg.index 0
// CHECK: linalg.index 1
// CHECK: arith.shrui
// CHECK: arith.cmpi uge
// CHECK: arith.select %{{.*}}, %[[KEPT:.*]], %{{.*}} : f32
func.func @mask(%c: tensor<2xi64>, %n: index) -> tensor<?x4xf32> {
  %y = nn.dropout_mask %c[%n] {ratio = 0.5 : f32, stream = 3 : i64} : tensor<2xi64> -> tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}

// CHECK-LABEL: func.func @inference
// CHECK-SAME: %[[X:.*]]: tensor<?x4xf32>
// CHECK-NEXT: return %[[X]]
func.func @inference(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %y = nn.dropout %x {ratio = 0.5 : f32, stream = 3 : i64} : tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}

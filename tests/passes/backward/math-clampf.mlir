// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// What is equal to a bound has the gradient itself, as torch.clamp has it.

// CHECK-LABEL: func.func @clampf
// CHECK-SAME: (%[[X:.*]]: f32, %[[L:.*]]: f32, %[[H:.*]]: f32)
// CHECK-DAG: %[[C0:.*]] = arith.constant 0.000000e+00
// CHECK-DAG: %[[C1:.*]] = arith.constant 1.000000e+00
// CHECK: %[[B:.*]] = arith.cmpf olt, %[[X]], %[[L]]
// CHECK: %[[A:.*]] = arith.cmpf ogt, %[[X]], %[[H]]
// CHECK: %[[U:.*]] = arith.select %[[A]], %[[C0]], %[[C1]]
// CHECK: %[[DX:.*]] = arith.select %[[B]], %[[C0]], %[[U]]
// CHECK: %[[DL:.*]] = arith.select %[[B]], %[[C1]], %[[C0]]
// CHECK: %[[DH:.*]] = arith.select %[[A]], %[[C1]], %[[C0]]
// CHECK: return %{{.*}}, %[[DX]], %[[DL]], %[[DH]]
func.func @clampf(%x: f32, %l: f32, %h: f32) -> f32 {
  %y = math.clampf %x to [%l, %h] : f32
  return %y : f32
}

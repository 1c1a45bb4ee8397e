// RUN: frac-opt %s -frac-build-backward -canonicalize -cse | FileCheck %s

// The exponent of a body is a constant, as torch-mlir has it; where it is 0, so
// is the gradient.

// CHECK-LABEL: func.func @constant
// CHECK-SAME: (%[[X:.*]]: f32)
// CHECK-DAG: %[[N:.*]] = arith.constant 3.000000e+00 : f32
// CHECK-DAG: %[[C2:.*]] = arith.constant 2 : i64
// CHECK: %[[P:.*]] = math.fpowi %[[X]], %[[C2]]
// CHECK: %[[D:.*]] = arith.mulf %[[P]], %[[N]]
// CHECK: return %{{.*}}, %[[D]]
func.func @constant(%x: f32) -> f32 {
  %n = arith.constant 3 : i64
  %y = math.fpowi %x, %n : f32, i64
  return %y : f32
}

// CHECK-LABEL: func.func @tensors
// CHECK-SAME: (%[[X:.*]]: tensor<?xf32>, %[[N:.*]]: tensor<?xi32>, %[[G:.*]]: tensor<?xf32>)
// CHECK: %[[M:.*]] = arith.subi %[[N]], %{{.*}}
// CHECK: %[[F:.*]] = arith.sitofp %[[N]]
// CHECK: %[[P:.*]] = math.fpowi %[[X]], %[[M]]
// CHECK: %[[S:.*]] = arith.mulf %[[F]], %[[P]]
// CHECK: %[[Z:.*]] = arith.cmpi eq, %[[N]], %{{.*}}
// CHECK: %[[D:.*]] = arith.mulf %[[G]], %[[S]]
// CHECK: %[[R:.*]] = arith.select %[[Z]], %{{.*}}, %[[D]]
// CHECK: return %{{.*}}, %[[R]]
func.func @tensors(%x: tensor<?xf32>, %n: tensor<?xi32>) -> tensor<?xf32> {
  %y = math.fpowi %x, %n : tensor<?xf32>, tensor<?xi32>
  return %y : tensor<?xf32>
}

// RUN: frac-opt %s --frac-lower-nn --canonicalize --cse | FileCheck %s

// Numbers that are the same everywhere are captured; the extent comes from the
// argument.

// CHECK-LABEL: func.func @captured
// CHECK-SAME: %[[X:.*]]: tensor<?x4xf32>, %[[K:.*]]: f32
// CHECK: %[[N:.*]] = tensor.dim %[[X]]
// CHECK: linalg.generic
// CHECK-SAME: ins(%[[X]] : tensor<?x4xf32>)
// CHECK: %[[P:.*]] = arith.mulf %{{.*}}, %[[K]] : f32
// CHECK: linalg.generic
// CHECK: arith.addf %{{.*}}, %cst : f32
func.func @captured(%x: tensor<?x4xf32>, %k: f32) -> tensor<?x4xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x4xf32>
  %s = tensor.splat %k[%n] : tensor<?x4xf32>
  %p = arith.mulf %x, %s : tensor<?x4xf32>
  %m = tensor.dim %p, %c0 : tensor<?x4xf32>
  %f = arith.constant 2.0 : f32
  %t = tensor.splat %f[%m] : tensor<?x4xf32>
  %r = arith.addf %p, %t : tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// CHECK-LABEL: func.func @relu
// CHECK: arith.cmpf ogt, %[[ZERO:.*]], %[[IN:.*]] : f32
// CHECK-NEXT: arith.select %{{.*}}, %[[ZERO]], %[[IN]] : f32
func.func @relu(%x: tensor<8xf32>) -> tensor<8xf32> {
  %y = nn.relu %x : tensor<8xf32>
  return %y : tensor<8xf32>
}

// Nothing that can overflow is computed.

// CHECK-LABEL: func.func @sigmoid
// CHECK: math.absf
// CHECK-NEXT: arith.negf
// CHECK-NEXT: math.exp
// CHECK: arith.divf
func.func @sigmoid(%x: tensor<8xf32>) -> tensor<8xf32> {
  %y = nn.sigmoid %x : tensor<8xf32>
  return %y : tensor<8xf32>
}

// CHECK-LABEL: func.func @softplus
// CHECK: math.absf
// CHECK: math.exp
// CHECK: math.log1p
func.func @softplus(%x: tensor<8xf32>) -> tensor<8xf32> {
  %y = nn.softplus %x : tensor<8xf32>
  return %y : tensor<8xf32>
}

// CHECK-LABEL: func.func @select
// CHECK: arith.select {{.*}} : f32
func.func @select(%c: tensor<8xi1>, %x: tensor<8xf32>, %y: tensor<8xf32>) -> tensor<8xf32> {
  %r = arith.select %c, %x, %y : tensor<8xi1>, tensor<8xf32>
  return %r : tensor<8xf32>
}

// RUN: frac-opt %s --frac-save-masks=min-distance=1 | FileCheck %s
// RUN: frac-opt %s --frac-save-masks=min-distance=9 | FileCheck %s --check-prefix=FAR

// The result of the first activation is asked about long after its last use:
// its comparison is kept. The second follows from a tensor that is needed then.

// CHECK-LABEL: func.func @masks
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<?x4xf32>, %[[W:[a-z0-9]+]]: tensor<4x4xf32>
// CHECK: %[[R:.*]] = nn.relu %[[X]]
// CHECK: %[[C:.*]] = arith.cmpf ogt, %[[R]]
// CHECK: %[[M:.*]] = nn.keep %[[C]] : tensor<?x4xi1>
// CHECK: %[[P:.*]] = nn.matmul %[[R]], %[[W]]
// CHECK: %[[S:.*]] = nn.relu %[[P]]
// CHECK: nn.matmul %[[S]]
// CHECK: %[[D:.*]] = arith.cmpf ogt, %[[S]]
// CHECK: arith.select %[[D]]
// CHECK: arith.addf %{{.*}}, %[[P]]
// CHECK: nn.matmul
// CHECK: arith.select %[[M]]
// FAR-NOT: nn.keep
func.func @masks(%x: tensor<?x4xf32>, %w: tensor<4x4xf32>, %n: index) -> tensor<?x4xf32> {
  %cst = arith.constant 0.0 : f32
  %r = nn.relu %x : tensor<?x4xf32>
  %p = nn.matmul %r, %w : tensor<?x4xf32>, tensor<4x4xf32> -> tensor<?x4xf32>
  %s = nn.relu %p : tensor<?x4xf32>
  %e = nn.matmul %s, %w : tensor<?x4xf32>, tensor<4x4xf32> -> tensor<?x4xf32>
  %z = tensor.splat %cst[%n] : tensor<?x4xf32>
  %d = arith.cmpf ogt, %s, %z : tensor<?x4xf32>
  %g = arith.select %d, %e, %z : tensor<?x4xi1>, tensor<?x4xf32>
  %f = arith.addf %g, %p : tensor<?x4xf32>
  %b = nn.matmul %f, %w {transpose_rhs} : tensor<?x4xf32>, tensor<4x4xf32> -> tensor<?x4xf32>
  %c = arith.cmpf ogt, %r, %z : tensor<?x4xf32>
  %y = arith.select %c, %b, %z : tensor<?x4xi1>, tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}

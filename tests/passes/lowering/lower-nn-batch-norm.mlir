// RUN: frac-opt %s --frac-lower-nn --canonicalize --cse | FileCheck %s

// Both sums of a channel in one nest, in double precision.

// CHECK: #[[VECTOR:.*]] = affine_map<(d0, d1, d2, d3) -> (d3)>
// CHECK-LABEL: func.func @training
// CHECK-SAME: %[[X:.*]]: tensor<?x8x8x4xf32>
// CHECK: %[[SUMS:.*]]:2 = linalg.generic {{.*}}iterator_types = ["reduction", "reduction", "reduction", "parallel"]
// CHECK-SAME: ins(%[[X]] :
// CHECK-SAME: tensor<4xf64>, tensor<4xf64>
// CHECK: %[[D:.*]] = arith.extf
// CHECK: arith.mulf %[[D]], %[[D]]
// CHECK: arith.addf {{.*}} fastmath<reassoc> : f64
// CHECK: arith.addf {{.*}} fastmath<reassoc> : f64
// CHECK: arith.maximumf
// CHECK: math.sqrt
// CHECK: linalg.generic {{.*}}#[[VECTOR]], #[[VECTOR]], #[[VECTOR]]
// CHECK: arith.subf
// CHECK-NEXT: arith.mulf
// CHECK-NEXT: arith.addf
// CHECK-NEXT: linalg.yield
func.func @training(%x: tensor<?x8x8x4xf32>, %s: tensor<4xf32>)
    -> (tensor<?x8x8x4xf32>, tensor<4xf32>, tensor<4xf32>) {
  %y, %m, %v = nn.batch_norm %x, %s, %s, %s, %s
    {epsilon = 1.0e-5 : f32, momentum = 0.9 : f32, training, channels_last}
    : tensor<?x8x8x4xf32>, tensor<4xf32>
  return %y, %m, %v : tensor<?x8x8x4xf32>, tensor<4xf32>, tensor<4xf32>
}

// CHECK-LABEL: func.func @inference
// CHECK-SAME: %{{[a-z0-9]*}}: tensor<4xf32>, %[[M:[a-z0-9]*]]: tensor<4xf32>, %[[V:[a-z0-9]*]]: tensor<4xf32>
// CHECK-NOT: reduction
// CHECK: return %{{.*}}, %[[M]], %[[V]]
func.func @inference(%x: tensor<?x4xf32>, %s: tensor<4xf32>, %m: tensor<4xf32>,
                     %v: tensor<4xf32>) -> (tensor<?x4xf32>, tensor<4xf32>, tensor<4xf32>) {
  %y, %bm, %bv = nn.batch_norm %x, %s, %s, %m, %v
    {epsilon = 1.0e-5 : f32, momentum = 0.9 : f32} : tensor<?x4xf32>, tensor<4xf32>
  return %y, %bm, %bv : tensor<?x4xf32>, tensor<4xf32>, tensor<4xf32>
}

// CHECK-LABEL: func.func @gradient
// CHECK: %{{.*}}:2 = linalg.generic {{.*}}iterator_types = ["reduction", "reduction", "reduction", "parallel"]
// CHECK: iterator_types = ["parallel", "parallel", "parallel", "parallel"]
func.func @gradient(%e: tensor<?x8x8x4xf32>, %x: tensor<?x8x8x4xf32>, %s: tensor<4xf32>)
    -> (tensor<?x8x8x4xf32>, tensor<4xf32>, tensor<4xf32>) {
  %dx, %ds, %db = nn.batch_norm_grad %e, %x, %s, %s, %s {epsilon = 1.0e-5 : f32, channels_last}
    : tensor<?x8x8x4xf32>, tensor<4xf32>
  return %dx, %ds, %db : tensor<?x8x8x4xf32>, tensor<4xf32>, tensor<4xf32>
}

// Samples that do not count are in no sum and have no gradient; where none
// counts, the statistics are those that are known.
// CHECK-LABEL: func.func @samples
// CHECK-SAME: %[[X:[a-z0-9]*]]: tensor<?x8x8x4xf32>, %{{[a-z0-9]*}}: tensor<4xf32>, %[[N:[a-z0-9]*]]: tensor<?xf32>
// CHECK: %[[SUMS:.*]]:2 = linalg.generic {{.*}}iterator_types = ["reduction", "reduction", "reduction", "parallel"]
// CHECK-SAME: ins(%[[X]], %[[N]] :
// CHECK: %[[COUNTS:.*]] = arith.cmpf one
// CHECK: %[[D:.*]] = arith.select %[[COUNTS]], %{{.*}} : f64
// CHECK: arith.mulf %[[D]], %[[D]]
// CHECK: linalg.generic {{.*}}iterator_types = ["reduction"]} ins(%[[N]] :
// CHECK: %[[ALL:.*]] = arith.mulf %{{.*}} : f64
// CHECK: %[[LEAST:.*]] = arith.maximumf %[[ALL]],
// CHECK: arith.divf %{{.*}}, %[[LEAST]]
// CHECK: arith.cmpf ogt, %[[ALL]],
// CHECK: arith.select
// CHECK: linalg.generic {{.*}}iterator_types = ["reduction", "reduction", "reduction", "parallel"]
// CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "parallel", "parallel", "parallel"]
// CHECK-SAME: %[[N]]
// CHECK: arith.cmpf one
// CHECK-NEXT: arith.select
// CHECK-NEXT: linalg.yield
func.func @samples(%x: tensor<?x8x8x4xf32>, %s: tensor<4xf32>, %n: tensor<?xf32>)
    -> (tensor<4xf32>, tensor<4xf32>, tensor<?x8x8x4xf32>) {
  %y, %m, %v = nn.batch_norm %x, %s, %s, %s, %s samples %n
    {epsilon = 1.0e-5 : f32, momentum = 0.9 : f32, training, channels_last}
    : tensor<?x8x8x4xf32>, tensor<4xf32>, tensor<?xf32>
  %dx, %ds, %db = nn.batch_norm_grad %x, %x, %s, %m, %v samples %n
    {epsilon = 1.0e-5 : f32, channels_last}
    : tensor<?x8x8x4xf32>, tensor<4xf32>, tensor<?xf32>
  return %m, %v, %dx : tensor<4xf32>, tensor<4xf32>, tensor<?x8x8x4xf32>
}

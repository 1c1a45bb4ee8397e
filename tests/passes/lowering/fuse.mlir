// RUN: frac-opt %s --frac-lower-nn --canonicalize --cse --frac-fuse --canonicalize --cse --split-input-file | FileCheck %s

// Normalization, addition and activation are one pass over the image.

// CHECK-LABEL: func.func @forward
// CHECK-SAME: %[[X:.*]]: tensor<?x8x8x4xf32>, %[[SKIP:.*]]: tensor<?x8x8x4xf32>
// CHECK: linalg.generic {{.*}}iterator_types = ["reduction", "reduction", "reduction", "parallel"]
// CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "parallel", "parallel", "parallel"]
// CHECK-SAME: ins(%[[X]], {{.*}}%[[SKIP]]
// CHECK-NOT: iterator_types = ["parallel", "parallel", "parallel", "parallel"]
// CHECK: return
func.func @forward(%x: tensor<?x8x8x4xf32>, %skip: tensor<?x8x8x4xf32>,
                   %s: tensor<4xf32>) -> tensor<?x8x8x4xf32> {
  %y, %m, %v = nn.batch_norm %x, %s, %s, %s, %s
    {epsilon = 1.0e-5 : f32, momentum = 0.9 : f32, training, channels_last}
    : tensor<?x8x8x4xf32>, tensor<4xf32>
  %a = arith.addf %y, %skip : tensor<?x8x8x4xf32>
  %r = nn.relu %a : tensor<?x8x8x4xf32>
  return %r : tensor<?x8x8x4xf32>
}

// -----

// The gradient at an activation is computed in the sums and again in the
// gradient of the input: less traffic than to write it.

// CHECK-LABEL: func.func @masked
// CHECK-SAME: %[[Y:.*]]: tensor<?x8x8x4xf32>, %[[E:.*]]: tensor<?x8x8x4xf32>, %[[X:.*]]: tensor<?x8x8x4xf32>
// CHECK: linalg.generic {{.*}}iterator_types = ["reduction", "reduction", "reduction", "parallel"]
// CHECK-SAME: ins({{.*}}%[[E]]
// CHECK: arith.cmpf ogt
// CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "parallel", "parallel", "parallel"]
// CHECK: arith.cmpf ogt
// CHECK-NOT: iterator_types = ["parallel", "parallel", "parallel", "parallel"]
// CHECK: return
func.func @masked(%y: tensor<?x8x8x4xf32>, %e: tensor<?x8x8x4xf32>,
                  %x: tensor<?x8x8x4xf32>, %s: tensor<4xf32>)
    -> (tensor<?x8x8x4xf32>, tensor<4xf32>, tensor<4xf32>) {
  %c0 = arith.constant 0 : index
  %f0 = arith.constant 0.0 : f32
  %n = tensor.dim %y, %c0 : tensor<?x8x8x4xf32>
  %z = tensor.splat %f0[%n] : tensor<?x8x8x4xf32>
  %p = arith.cmpf ogt, %y, %z : tensor<?x8x8x4xf32>
  %g = arith.select %p, %e, %z : tensor<?x8x8x4xi1>, tensor<?x8x8x4xf32>
  %dx, %ds, %db = nn.batch_norm_grad %g, %x, %s, %s, %s {epsilon = 1.0e-5 : f32, channels_last}
    : tensor<?x8x8x4xf32>, tensor<4xf32>
  return %dx, %ds, %db : tensor<?x8x8x4xf32>, tensor<4xf32>, tensor<4xf32>
}

// -----

// A sum of gradients that others need too is a further result of the sums.

// CHECK-LABEL: func.func @shared
// CHECK: %[[R:.*]]:3 = linalg.generic {{.*}}iterator_types = ["reduction", "reduction", "reduction", "parallel"]
// CHECK: } -> (tensor<4xf64>, tensor<4xf64>, tensor<?x8x8x4xf32>)
// CHECK: return {{.*}}, %[[R]]#2
func.func @shared(%a: tensor<?x8x8x4xf32>, %b: tensor<?x8x8x4xf32>,
                  %x: tensor<?x8x8x4xf32>, %s: tensor<4xf32>)
    -> (tensor<?x8x8x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<?x8x8x4xf32>) {
  %g = arith.addf %a, %b : tensor<?x8x8x4xf32>
  %dx, %ds, %db = nn.batch_norm_grad %g, %x, %s, %s, %s {epsilon = 1.0e-5 : f32, channels_last}
    : tensor<?x8x8x4xf32>, tensor<4xf32>
  return %dx, %ds, %db, %g : tensor<?x8x8x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<?x8x8x4xf32>
}

// -----

// The update of a variable and of its slot is one nest.

// CHECK-LABEL: func.func @update
// CHECK: %{{.*}}:2 = linalg.generic
// CHECK-NOT: linalg.generic
// CHECK: return
ml_program.global private mutable @p(dense<0.0> : tensor<8xf32>) : tensor<8xf32>
ml_program.global private mutable @m(dense<0.0> : tensor<8xf32>) : tensor<8xf32>
func.func @update(%g: tensor<8xf32>, %lr: f32, %mu: f32) {
  %p = ml_program.global_load @p : tensor<8xf32>
  %m = ml_program.global_load @m : tensor<8xf32>
  %k = tensor.splat %mu : tensor<8xf32>
  %l = tensor.splat %lr : tensor<8xf32>
  %0 = arith.mulf %m, %k : tensor<8xf32>
  %1 = arith.addf %0, %g : tensor<8xf32>
  ml_program.global_store @m = %1 : tensor<8xf32>
  %2 = arith.mulf %1, %l : tensor<8xf32>
  %3 = arith.subf %p, %2 : tensor<8xf32>
  ml_program.global_store @p = %3 : tensor<8xf32>
  return
}

// -----

// Arithmetic on vectors is not repeated for every pixel; a copy is.

// CHECK-LABEL: func.func @vector
// CHECK: math.sqrt
// CHECK: } -> tensor<4xf32>
// CHECK: linalg.generic
// CHECK-NOT: math.sqrt
// CHECK: return
func.func @vector(%x: tensor<?x8x4xf32>, %s: tensor<4xf32>) -> tensor<?x8x4xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x8x4xf32>
  %r = math.sqrt %s : tensor<4xf32>
  %b = nn.broadcast %r[%n] dimensions = [2] : tensor<4xf32> -> tensor<?x8x4xf32>
  %y = arith.mulf %x, %b : tensor<?x8x4xf32>
  return %y : tensor<?x8x4xf32>
}

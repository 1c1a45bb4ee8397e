// RUN: frac-opt %s --frac-plan-state --frac-bufferize --split-input-file | FileCheck %s

#id = affine_map<(i, j) -> (i, j)>

// The chain works in one buffer; its last operation writes the output.

// CHECK-LABEL: func.func @chain
// CHECK-SAME: (%[[BATCH:[a-z0-9_]+]]: index, %{{.*}}: memref<?xi8>, %{{.*}}: memref<?xi8>, %[[X:[a-z0-9_]+]]: memref<?x8xf32>, %[[OUT:[a-z0-9_]+]]: memref<?x8xf32>)
// CHECK-SAME: frac.inputs = 1
// CHECK: %[[A:[a-z0-9_]+]] = memref.alloc(%[[BATCH]]) : memref<?x8xf32>
// CHECK: linalg.generic {{.*}} ins(%[[X]] : {{.*}}) outs(%[[A]] : memref<?x8xf32>)
// CHECK: linalg.generic {{.*}} ins(%[[A]] : {{.*}}) outs(%[[A]] : memref<?x8xf32>)
// CHECK: linalg.generic {{.*}} ins(%[[A]] : {{.*}}) outs(%[[OUT]] : memref<?x8xf32>)
// CHECK-NOT: memref.copy
// CHECK: return
func.func @chain(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x8xf32>
  %e = tensor.empty(%n) : tensor<?x8xf32>
  %a = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<?x8xf32>) outs(%e : tensor<?x8xf32>) {
  ^bb0(%in: f32, %out: f32):
    %r = arith.negf %in : f32
    linalg.yield %r : f32
  } -> tensor<?x8xf32>
  %b = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%a : tensor<?x8xf32>) outs(%e : tensor<?x8xf32>) {
  ^bb0(%in: f32, %out: f32):
    %r = math.absf %in : f32
    linalg.yield %r : f32
  } -> tensor<?x8xf32>
  %c = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%b : tensor<?x8xf32>) outs(%e : tensor<?x8xf32>) {
  ^bb0(%in: f32, %out: f32):
    %r = arith.negf %in : f32
    linalg.yield %r : f32
  } -> tensor<?x8xf32>
  return %c : tensor<?x8xf32>
}

// -----

#id = affine_map<(i) -> (i)>

// An update works in the variable's own memory.

// CHECK-LABEL: func.func @update
// CHECK: %[[W:[a-z0-9_]+]] = memref.view %{{.*}}[%{{.*}}][] : memref<?xi8> to memref<8xf32>
// CHECK: linalg.generic {{.*}} ins(%[[W]], %{{.*}}) outs(%[[W]] : memref<8xf32>)
// CHECK-NOT: memref.copy
// CHECK: return
ml_program.global private mutable @w(dense<1.0> : tensor<8xf32>) : tensor<8xf32> {frac.role = "parameter"}
func.func @update(%g: tensor<8xf32>) {
  %w = ml_program.global_load @w : tensor<8xf32>
  %e = tensor.empty() : tensor<8xf32>
  %a = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel"]} ins(%w, %g : tensor<8xf32>, tensor<8xf32>) outs(%e : tensor<8xf32>) {
  ^bb0(%in: f32, %d: f32, %out: f32):
    %r = arith.subf %in, %d : f32
    linalg.yield %r : f32
  } -> tensor<8xf32>
  ml_program.global_store @w = %a : tensor<8xf32>
  return
}

// -----

#id = affine_map<(i) -> (i)>

// Where the old value is needed later, the new one waits elsewhere.

// CHECK-LABEL: func.func @old_value_later
// CHECK: %[[W:[a-z0-9_]+]] = memref.view
// CHECK: %[[NEW:[a-z0-9_]+]] = memref.alloc() : memref<8xf32>
// CHECK: linalg.generic {{.*}} ins(%[[W]] : {{.*}}) outs(%[[NEW]] : memref<8xf32>)
// CHECK: linalg.generic {{.*}} ins(%[[W]], %[[NEW]]
// CHECK: memref.copy %[[NEW]], %[[W]]
ml_program.global private mutable @w(dense<1.0> : tensor<8xf32>) : tensor<8xf32> {frac.role = "parameter"}
func.func @old_value_later() -> tensor<8xf32> {
  %w = ml_program.global_load @w : tensor<8xf32>
  %e = tensor.empty() : tensor<8xf32>
  %a = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%w : tensor<8xf32>) outs(%e : tensor<8xf32>) {
  ^bb0(%in: f32, %out: f32):
    %r = arith.negf %in : f32
    linalg.yield %r : f32
  } -> tensor<8xf32>
  ml_program.global_store @w = %a : tensor<8xf32>
  %b = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel"]} ins(%w, %a : tensor<8xf32>, tensor<8xf32>) outs(%e : tensor<8xf32>) {
  ^bb0(%in: f32, %d: f32, %out: f32):
    %r = arith.mulf %in, %d : f32
    linalg.yield %r : f32
  } -> tensor<8xf32>
  return %b : tensor<8xf32>
}

// -----

// Two variables change places: both old values are saved first.

// CHECK-LABEL: func.func @swap
// CHECK-DAG: memref.copy %[[A:[a-z0-9_]+]], %[[OLD_A:alloc.*]] :
// CHECK-DAG: memref.copy %[[B:[a-z0-9_]+]], %[[OLD_B:alloc.*]] :
// CHECK: memref.copy %alloc{{.*}}, %view
// CHECK: memref.copy %alloc{{.*}}, %view
ml_program.global private mutable @a(dense<1.0> : tensor<8xf32>) : tensor<8xf32> {frac.role = "parameter"}
ml_program.global private mutable @b(dense<2.0> : tensor<8xf32>) : tensor<8xf32> {frac.role = "parameter"}
func.func @swap() {
  %a = ml_program.global_load @a : tensor<8xf32>
  %b = ml_program.global_load @b : tensor<8xf32>
  ml_program.global_store @a = %b : tensor<8xf32>
  ml_program.global_store @b = %a : tensor<8xf32>
  return
}

// -----

#id = affine_map<(i, j) -> (i, j)>
#tr = affine_map<(i, j) -> (j, i)>

// A transpose must not overwrite what it reads.

// CHECK-LABEL: func.func @transpose
// CHECK: %[[A:[a-z0-9_]+]] = memref.alloc() : memref<8x8xf32>
// CHECK: linalg.generic {{.*}} outs(%[[A]]
// CHECK: %[[B:[a-z0-9_]+]] = memref.alloc() : memref<8x8xf32>
// CHECK: linalg.generic {{.*}} ins(%[[A]] : {{.*}}) outs(%[[B]]
func.func @transpose(%x: tensor<8x8xf32>) -> tensor<8x8xf32> {
  %e = tensor.empty() : tensor<8x8xf32>
  %a = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<8x8xf32>) outs(%e : tensor<8x8xf32>) {
  ^bb0(%in: f32, %out: f32):
    %r = arith.negf %in : f32
    linalg.yield %r : f32
  } -> tensor<8x8xf32>
  %b = linalg.generic {indexing_maps = [#tr, #id], iterator_types = ["parallel", "parallel"]} ins(%a : tensor<8x8xf32>) outs(%e : tensor<8x8xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<8x8xf32>
  %c = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%b : tensor<8x8xf32>) outs(%e : tensor<8x8xf32>) {
  ^bb0(%in: f32, %out: f32):
    %r = math.absf %in : f32
    linalg.yield %r : f32
  } -> tensor<8x8xf32>
  return %c : tensor<8x8xf32>
}

// -----

// Contractions become calls; a reshape is another name for the buffer.

// CHECK-LABEL: func.func @contractions
// CHECK-SAME: (%[[BATCH:[a-z0-9_]+]]: index,
// CHECK: rt.conv forward(%{{.*}}, %{{.*}}) into %[[C:[a-z0-9_]+]] batch %[[BATCH]]
// CHECK: %[[V:[a-z0-9_]+]] = rt.reshape %[[C]][%[[BATCH]]] : memref<?x4x4x2xf32> -> memref<?x32xf32>
// CHECK: rt.matmul(%[[V]], %{{.*}}) into %{{.*}} sizes(%{{.*}}, %[[BATCH]], %{{.*}}, %{{.*}})
func.func @contractions(%x: tensor<?x4x4x3xf32>, %w: tensor<2x3x1x1xf32>, %m: tensor<32x5xf32>) -> tensor<?x5xf32> {
  %c = nn.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, groups = 1 : i64, channels_last} : tensor<?x4x4x3xf32>, tensor<2x3x1x1xf32> -> tensor<?x4x4x2xf32>
  %v = tensor.collapse_shape %c [[0], [1, 2, 3]] : tensor<?x4x4x2xf32> into tensor<?x32xf32>
  %r = nn.matmul %v, %m : tensor<?x32xf32>, tensor<32x5xf32> -> tensor<?x5xf32>
  return %r : tensor<?x5xf32>
}

// -----

// Elements that no iteration writes keep the initial value.

// CHECK-LABEL: func.func @strided
// CHECK-SAME: %[[X:[a-z0-9_]+]]: memref<4xf32>, %[[OUT:[a-z0-9_]+]]: memref<8xf32>)
// CHECK: linalg.generic {{.*}} outs(%[[OUT]] : memref<8xf32>)
// CHECK: linalg.generic {{.*}} ins(%[[X]] : memref<4xf32>) outs(%[[OUT]] : memref<8xf32>)
// CHECK-NOT: memref.copy
// CHECK: return
func.func @strided(%x: tensor<4xf32>) -> tensor<8xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<8xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<8xf32>) -> tensor<8xf32>
  %r = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i * 2)>], iterator_types = ["parallel"]} ins(%x : tensor<4xf32>) outs(%f : tensor<8xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<8xf32>
  return %r : tensor<8xf32>
}

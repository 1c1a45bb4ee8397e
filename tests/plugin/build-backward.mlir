// RUN: %stock-opt %s --pass-pipeline="builtin.module(frac-build-backward{function=product into=product_backward result=1 arguments=1})" | FileCheck %s
// RUN: %stock-opt %s --pass-pipeline="builtin.module(frac-build-backward{function=running})" -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK
// RUN: %stock-opt %s --pass-pipeline="builtin.module(frac-build-backward{function=running})" 2>/dev/null | FileCheck %s --check-prefix=LEFT
// RUN: not %stock-opt %s --pass-pipeline="builtin.module(frac-build-backward{function=running strict})" 2>&1 | FileCheck %s --check-prefix=STRICT
// RUN: not %stock-opt %s --pass-pipeline="builtin.module(frac-build-backward{into=new})" 2>&1 | FileCheck %s --check-prefix=SEVERAL
// RUN: not %stock-opt %s --pass-pipeline="builtin.module(frac-build-backward{function=product into=running})" 2>&1 | FileCheck %s --check-prefix=TAKEN
// RUN: not %stock-opt %s --pass-pipeline="builtin.module(frac-build-backward{function=product result=1 arguments=5})" 2>&1 | FileCheck %s --check-prefix=ARGUMENT
// RUN: %stock-opt %s --pass-pipeline="builtin.module(frac-build-backward)" 2>/dev/null | FileCheck %s --check-prefix=PLACE
// RUN: %stock-opt %s --pass-pipeline="builtin.module(frac-build-backward)" -o /dev/null 2>&1 | FileCheck %s --check-prefix=PLACE-REMARK

// SEVERAL: error: 'into' takes one function, but there are 7; name one by 'function'
// TAKEN: error: there is already a symbol @running
// ARGUMENT: error: has no argument 5 of floats

// The function stays as it is; the new one has the result and the gradient.

// CHECK: #[[L:.*]] = affine_map<(d0, d1, d2) -> (d0, d2)>
// CHECK: #[[R:.*]] = affine_map<(d0, d1, d2) -> (d2, d1)>
// CHECK: #[[Y:.*]] = affine_map<(d0, d1, d2) -> (d0, d1)>
// CHECK-LABEL: func.func @product(
// CHECK-SAME: -> (tensor<4xi32>, tensor<2x3xf32>)
// CHECK-NOT: linalg.generic
// CHECK-LABEL: func.func @product_backward(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<2x4xf32>, %[[W:[a-z0-9]+]]: tensor<4x3xf32>, %{{.*}}: tensor<4xi32>, %[[G:[a-z0-9]+]]: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<4x3xf32>)
// CHECK: %[[P:.*]] = linalg.matmul
// CHECK: %[[D:.*]] = linalg.generic {indexing_maps = [#[[L]], #[[R]], #[[Y]], #[[R]]], iterator_types = ["reduction", "parallel", "parallel"]} ins(%[[X]], %[[W]], %[[G]] :
// CHECK: ^bb0(%[[A:.*]]: f32, %{{.*}}: f32, %[[E:.*]]: f32, %[[S:.*]]: f32):
// CHECK: %[[M:.*]] = arith.mulf %[[E]], %[[A]]
// CHECK: arith.addf %[[S]], %[[M]]
// CHECK: return %[[P]], %[[D]]
func.func @product(%x: tensor<2x4xf32>, %w: tensor<4x3xf32>, %i: tensor<4xi32>) -> (tensor<4xi32>, tensor<2x3xf32>) {
  %zero = arith.constant dense<0.0> : tensor<2x3xf32>
  %y = linalg.matmul ins(%x, %w : tensor<2x4xf32>, tensor<4x3xf32>) outs(%zero : tensor<2x3xf32>) -> tensor<2x3xf32>
  return %i, %y : tensor<4xi32>, tensor<2x3xf32>
}

// A running product is no sum of independent terms.

// REMARK: [[@LINE+9]]:8: remark: 'linalg.generic' op has no derivative: its result 0 is neither a sum nor an extremum of independent terms
// REMARK: [[@LINE+6]]:1: remark: left as it was: it cannot be differentiated
// STRICT: [[@LINE+7]]:8: error: 'linalg.generic' op has no derivative: its result 0
// LEFT-LABEL: func.func @running
// LEFT-SAME: -> tensor<f32>
#v = affine_map<(d0) -> (d0)>
#s = affine_map<(d0) -> ()>
func.func @running(%x: tensor<4xf32>) -> tensor<f32> {
  %one = arith.constant dense<1.0> : tensor<f32>
  %y = linalg.generic {indexing_maps = [#v, #s], iterator_types = ["reduction"]} ins(%x : tensor<4xf32>) outs(%one : tensor<f32>) {
  ^bb0(%in: f32, %so: f32):
    %p = arith.mulf %in, %so : f32
    linalg.yield %p : f32
  } -> tensor<f32>
  return %y : tensor<f32>
}

// As torch-mlir 20261001 prints a maximum with its place, which is an integer.

// PLACE-LABEL: func.func @place
// PLACE-SAME: -> (tensor<f32>, tensor<4xf32>)
// PLACE: arith.cmpf oeq
func.func @place(%x: tensor<4xf32>) -> tensor<f32> {
  %inf = arith.constant dense<0xFF800000> : tensor<f32>
  %zero = arith.constant dense<0> : tensor<i64>
  %y:2 = linalg.generic {indexing_maps = [#v, #s, #s], iterator_types = ["reduction"]} ins(%x : tensor<4xf32>) outs(%inf, %zero : tensor<f32>, tensor<i64>) {
  ^bb0(%in: f32, %out: f32, %out_4: i64):
    %29 = linalg.index 0 : index
    %30 = arith.index_cast %29 : index to i64
    %31 = arith.maximumf %in, %out : f32
    %32 = arith.cmpf ogt, %in, %out : f32
    %33 = arith.select %32, %30, %out_4 : i64
    linalg.yield %31, %33 : f32, i64
  } -> (tensor<f32>, tensor<i64>)
  return %y#0 : tensor<f32>
}

// A maximum by a choice is one too.

// PLACE-LABEL: func.func @choice
// PLACE-SAME: -> (tensor<f32>, tensor<4xf32>)
func.func @choice(%x: tensor<4xf32>) -> tensor<f32> {
  %inf = arith.constant dense<0xFF800000> : tensor<f32>
  %y = linalg.generic {indexing_maps = [#v, #s], iterator_types = ["reduction"]} ins(%x : tensor<4xf32>) outs(%inf : tensor<f32>) {
  ^bb0(%in: f32, %out: f32):
    %greater = arith.cmpf ogt, %in, %out : f32
    %kept = arith.select %greater, %in, %out : f32
    linalg.yield %kept : f32
  } -> tensor<f32>
  return %y : tensor<f32>
}

// What a body takes from outside has a gradient: elements of a tensor that it
// looks up, and numbers.

// PLACE-LABEL: func.func @lookup(
// PLACE-SAME: %[[T:[a-z0-9]+]]: tensor<5x3xf32>, %[[I:[a-z0-9]+]]: tensor<4xi64>, %[[K:[a-z0-9]+]]: f32, %[[G:[a-z0-9]+]]: tensor<4x3xf32>) -> (tensor<4x3xf32>, tensor<5x3xf32>, f32)
// PLACE: scf.for
// PLACE: scf.for {{.*}}iter_args(%[[D:.*]] = %{{.*}}) -> (tensor<5x3xf32>)
// PLACE: tensor.extract %[[D]]
// PLACE: %[[S:.*]] = arith.addf
// PLACE: tensor.insert %[[S]] into %[[D]]
// PLACE: scf.for {{.*}} -> (f32)
func.func @lookup(%t: tensor<5x3xf32>, %i: tensor<4xi64>, %k: f32) -> tensor<4x3xf32> {
  %c5 = arith.constant 5 : index
  %e = tensor.empty() : tensor<4x3xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%i : tensor<4xi64>) outs(%e : tensor<4x3xf32>) {
  ^bb0(%in: i64, %out: f32):
    %8 = arith.index_cast %in : i64 to index
    %9 = linalg.index 1 : index
    %10 = arith.cmpi slt, %8, %c5 : index
    cf.assert %10, "index must be smaller than dim size"
    %extracted = tensor.extract %t[%8, %9] : tensor<5x3xf32>
    %scaled = arith.mulf %extracted, %k : f32
    linalg.yield %scaled : f32
  } -> tensor<4x3xf32>
  return %y : tensor<4x3xf32>
}

// Where each term replaces the one before, the last is none that a nest knows.

// PLACE-REMARK: [[@LINE+4]]:8: remark: 'linalg.generic' op has no derivative: its result 0 is overwritten along loop 0
// PLACE-LABEL: func.func @last
func.func @last(%x: tensor<4xf32>) -> tensor<f32> {
  %e = tensor.empty() : tensor<f32>
  %y = linalg.generic {indexing_maps = [#v, #s], iterator_types = ["reduction"]} ins(%x : tensor<4xf32>) outs(%e : tensor<f32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<f32>
  return %y : tensor<f32>
}

// PLACE-REMARK: [[@LINE+3]]:8: remark: 'tensor.pad' has no derivative by a value that its region takes from outside
// PLACE-LABEL: func.func @border
func.func @border(%x: tensor<4xf32>, %k: f32) -> tensor<6xf32> {
  %y = tensor.pad %x low[1] high[1] {
  ^bb0(%i: index):
    tensor.yield %k : f32
  } : tensor<4xf32> to tensor<6xf32>
  return %y : tensor<6xf32>
}

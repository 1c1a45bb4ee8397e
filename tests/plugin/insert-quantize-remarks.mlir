// RUN: %stock-opt %s --pass-pipeline="builtin.module(frac-insert-quantize)" -o /dev/null 2>&1 | FileCheck %s
// RUN: not %stock-opt %s --pass-pipeline="builtin.module(frac-insert-quantize{strict})" 2>&1 | FileCheck %s --check-prefix=STRICT
// RUN: not %stock-opt %s --pass-pipeline="builtin.module(frac-insert-quantize{activation-bits=17})" 2>&1 | FileCheck %s --check-prefix=BITS
// RUN: not %stock-opt %s --pass-pipeline="builtin.module(frac-insert-quantize{roles=error})" 2>&1 | FileCheck %s --check-prefix=ROLE
// RUN: not %stock-opt %s --pass-pipeline="builtin.module(frac-insert-quantize{weight-granularity=row})" 2>&1 | FileCheck %s --check-prefix=GRANULARITY
// RUN: not %stock-opt %s --pass-pipeline="builtin.module(frac-insert-quantize{table=memory})" 2>&1 | FileCheck %s --check-prefix=TABLE
// RUN: not %stock-opt %s --pass-pipeline="builtin.module(frac-insert-quantize{functions=none})" 2>&1 | FileCheck %s --check-prefix=FUNCTION
// RUN: not %stock-opt %s --pass-pipeline="builtin.module(frac-insert-quantize{functions=half weight-arguments=7})" 2>&1 | FileCheck %s --check-prefix=ARGUMENT
// RUN: not %stock-opt %s --pass-pipeline="builtin.module(frac-insert-quantize{widths=4})" 2>&1 | FileCheck %s --check-prefix=OPTION

// BITS: error: activation-bits is 0 or 2 to 16, not 17
// ROLE: error: roles has 'error'; it takes 'activation' and 'weight'
// GRANULARITY: error: weight-granularity is 'channel' or 'tensor', not 'row'
// TABLE: error: table is 'argument' or 'global', not 'memory'
// FUNCTION: error: there is no function 'none' with a body to quantize
// ARGUMENT: error: has no argument 7, which weight-arguments names
// OPTION: no such option widths

// CHECK: [[@LINE+4]]:8: remark: left as it is: its factor of type tensor<2x4xf16> is no ranked tensor of f32
// STRICT: [[@LINE+3]]:8: error: left as it is: its factor of type tensor<2x4xf16> is no ranked tensor of f32
func.func @half(%x: tensor<2x4xf16>, %y: tensor<4x3xf16>) -> tensor<2x3xf16> {
  %zero = arith.constant dense<0.0> : tensor<2x3xf16>
  %p = linalg.matmul ins(%x, %y : tensor<2x4xf16>, tensor<4x3xf16>) outs(%zero : tensor<2x3xf16>) -> tensor<2x3xf16>
  return %p : tensor<2x3xf16>
}

#a = affine_map<(d0, d1) -> (d0, d1)>
#b = affine_map<(d0, d1) -> (d0, 0)>
#c = affine_map<(d0, d1) -> (d0)>
// CHECK: [[@LINE+4]]:8: remark: left as it is: not a matrix product or convolution of two tensors by the classification of linalg
// STRICT: [[@LINE+3]]:8: error: left as it is: not a matrix product
func.func @other(%x: tensor<2x4xf32>, %y: tensor<2x1xf32>) -> tensor<2xf32> {
  %zero = arith.constant dense<0.0> : tensor<2xf32>
  %p = linalg.generic {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "reduction"]}
      ins(%x, %y : tensor<2x4xf32>, tensor<2x1xf32>) outs(%zero : tensor<2xf32>) {
  ^bb0(%l: f32, %r: f32, %s: f32):
    %m = arith.mulf %l, %r : f32
    %t = arith.addf %s, %m : f32
    linalg.yield %t : f32
  } -> tensor<2xf32>
  return %p : tensor<2xf32>
}

// CHECK: remark: its weights have one range for the tensor: their channels are dimensions that are no neighbours
#v = affine_map<(d0, d1, d2) -> (d2)>
#w = affine_map<(d0, d1, d2) -> (d0, d2, d1)>
#y = affine_map<(d0, d1, d2) -> (d0, d1)>
func.func @apart(%x: tensor<8xf32>) -> tensor<2x3xf32> {
  %w = arith.constant dense<0.5> : tensor<2x8x3xf32>
  %zero = arith.constant dense<0.0> : tensor<2x3xf32>
  %p = linalg.generic {indexing_maps = [#v, #w, #y], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<8xf32>, tensor<2x8x3xf32>) outs(%zero : tensor<2x3xf32>) {
  ^bb0(%l: f32, %r: f32, %s: f32):
    %m = arith.mulf %l, %r : f32
    %t = arith.addf %s, %m : f32
    linalg.yield %t : f32
  } -> tensor<2x3xf32>
  return %p : tensor<2x3xf32>
}

// CHECK: remark: left as it is: its factor of type tensor<2x4xcomplex<f32>> is no ranked tensor of f32
func.func @complex(%x: tensor<2x4xcomplex<f32>>, %w: tensor<4x3xcomplex<f32>>, %z: tensor<2x3xcomplex<f32>>) -> tensor<2x3xcomplex<f32>> {
  %p = linalg.matmul ins(%x, %w : tensor<2x4xcomplex<f32>>, tensor<4x3xcomplex<f32>>) outs(%z : tensor<2x3xcomplex<f32>>) -> tensor<2x3xcomplex<f32>>
  return %p : tensor<2x3xcomplex<f32>>
}

// CHECK: remark: left as it is: its factor of type tensor<2x4xf32, "layout"> has an encoding
func.func @encoded(%x: tensor<2x4xf32, "layout">, %w: tensor<4x3xf32>, %z: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %p = linalg.matmul ins(%x, %w : tensor<2x4xf32, "layout">, tensor<4x3xf32>) outs(%z : tensor<2x3xf32>) -> tensor<2x3xf32>
  return %p : tensor<2x3xf32>
}

// CHECK: remark: left as it is: no number of its factors is used twice
func.func @dot(%x: tensor<4xf32>, %y: tensor<4xf32>, %z: tensor<f32>) -> tensor<f32> {
  %p = linalg.dot ins(%x, %y : tensor<4xf32>, tensor<4xf32>) outs(%z : tensor<f32>) -> tensor<f32>
  return %p : tensor<f32>
}

// CHECK: [[@LINE+2]]:1: remark: left as it is: it is called, so that it cannot get the table of widths as one more argument; use table=global or fixed widths
// STRICT: [[@LINE+1]]:1: error: left as it is: it is called
func.func @called(%x: tensor<2x4xf32>, %y: tensor<4x3xf32>) -> tensor<2x3xf32> {
  %zero = arith.constant dense<0.0> : tensor<2x3xf32>
  %p = linalg.matmul ins(%x, %y : tensor<2x4xf32>, tensor<4x3xf32>) outs(%zero : tensor<2x3xf32>) -> tensor<2x3xf32>
  return %p : tensor<2x3xf32>
}

func.func @caller(%x: tensor<2x4xf32>, %y: tensor<4x3xf32>) -> tensor<2x3xf32> {
  %p = call @called(%x, %y) : (tensor<2x4xf32>, tensor<4x3xf32>) -> tensor<2x3xf32>
  return %p : tensor<2x3xf32>
}

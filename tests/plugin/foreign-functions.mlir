// RUN: %stock-opt %s --allow-unregistered-dialect --pass-pipeline="builtin.module(frac-insert-quantize)" -o /dev/null 2>&1 | FileCheck %s
// RUN: not %stock-opt %s --allow-unregistered-dialect --pass-pipeline="builtin.module(frac-insert-quantize{strict})" 2>&1 | FileCheck %s --check-prefix=STRICT
// RUN: %stock-opt %s --allow-unregistered-dialect --pass-pipeline="builtin.module(frac-insert-quantize{functions=ours activation-bits=4 weight-bits=4})" 2>&1 | FileCheck %s --check-prefix=NAMED --implicit-check-not=remark

// IREE 3.13.0 prints what iree-compile --compile-to=input gives in its own
// util.func, here in the generic form of iree-opt --mlir-print-op-generic. What
// lies in no func.func is named; it is not what functions=ours asks for.

// NAMED: frac.quantize
// CHECK: [[@LINE+6]]:8: remark: left as it is: it lies in 'util.func', which is no func.func of this module
// STRICT: [[@LINE+5]]:8: error: left as it is: it lies in 'util.func'
"util.func"() <{function_type = (tensor<2x4xf32>, tensor<4x3xf32>) -> tensor<2x3xf32>, sym_name = "g", tied_operands = []}> ({
^bb0(%x: tensor<2x4xf32>, %w: tensor<4x3xf32>):
  %c = "arith.constant"() <{value = 0.000000e+00 : f32}> : () -> f32
  %z = tensor.splat %c : tensor<2x3xf32>
  %p = "linalg.matmul"(%x, %w, %z) <{indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d2)>, affine_map<(d0, d1, d2) -> (d2, d1)>, affine_map<(d0, d1, d2) -> (d0, d1)>], operandSegmentSizes = array<i32: 2, 1>}> ({
  ^bb0(%a: f32, %b: f32, %o: f32):
    %m = "arith.mulf"(%a, %b) <{fastmath = #arith.fastmath<none>}> : (f32, f32) -> f32
    %s = "arith.addf"(%o, %m) <{fastmath = #arith.fastmath<none>}> : (f32, f32) -> f32
    "linalg.yield"(%s) : (f32) -> ()
  }) : (tensor<2x4xf32>, tensor<4x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  "util.return"(%p) : (tensor<2x3xf32>) -> ()
}) : () -> ()

module @inner {
  func.func @f(%x: tensor<2x4xf32>, %w: tensor<4x3xf32>, %z: tensor<2x3xf32>) -> tensor<2x3xf32> {
    // CHECK: [[@LINE+1]]:10: remark: left as it is: it lies in 'builtin.module', which is no func.func of this module
    %p = linalg.matmul ins(%x, %w : tensor<2x4xf32>, tensor<4x3xf32>) outs(%z : tensor<2x3xf32>) -> tensor<2x3xf32>
    return %p : tensor<2x3xf32>
  }
}

func.func @ours(%x: tensor<2x4xf32>, %w: tensor<4x3xf32>, %z: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %p = linalg.matmul ins(%x, %w : tensor<2x4xf32>, tensor<4x3xf32>) outs(%z : tensor<2x3xf32>) -> tensor<2x3xf32>
  return %p : tensor<2x3xf32>
}

// RUN: %stock-opt %s --pass-pipeline="builtin.module(frac-insert-quantize,frac-validate-precision,frac-lower-quantize{all})" 2>/dev/null | FileCheck %s
// RUN: %stock-opt %s --pass-pipeline="builtin.module(frac-insert-quantize)" -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

// What front ends seldom print is quantized or left with a reason.

// REMARK: [[@LINE+5]]:8: remark: left as it is: its factor of type tensor<*xf32> is no ranked tensor of f32
// CHECK-LABEL: func.func @unranked
// CHECK-NEXT: tosa.conv2d
// CHECK-NEXT: return
func.func @unranked(%x: tensor<*xf32>, %w: tensor<4x3x3x2xf32>, %b: tensor<4xf32>, %z: tensor<1xf32>) -> tensor<*xf32> {
  %y = tosa.conv2d %x, %w, %b, %z, %z {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>}
    : (tensor<*xf32>, tensor<4x3x3x2xf32>, tensor<4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// REMARK: [[@LINE+2]]:3: remark: left as it is: it works on buffers; quantize before bufferization
func.func @buffers(%x: memref<2x4xf32>, %w: memref<4x3xf32>, %y: memref<2x3xf32>) {
  linalg.matmul ins(%x, %w : memref<2x4xf32>, memref<4x3xf32>) outs(%y : memref<2x3xf32>)
  return
}

// CHECK-LABEL: func.func @square
// CHECK: arith.uitofp
// CHECK-NOT: arith.uitofp
// CHECK: linalg.matmul {{.*}}ins(%[[X:[0-9]+]], %[[X]] :
func.func @square(%x: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x?xf32>
  %z = tensor.empty(%n, %n) : tensor<?x?xf32>
  %y = linalg.matmul ins(%x, %x : tensor<?x?xf32>, tensor<?x?xf32>) outs(%z : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}

// Each block has its product; quantizers stand where all of them see them.

// CHECK-LABEL: func.func @blocks
// CHECK: cf.cond_br
// CHECK-NOT: arith.uitofp
// CHECK: linalg.matmul
func.func @blocks(%c: i1, %x: tensor<2x2xf32>) -> tensor<2x2xf32> {
  %w = arith.constant dense<1.0> : tensor<2x2xf32>
  %z = tensor.empty() : tensor<2x2xf32>
  cf.cond_br %c, ^a, ^b
^a:
  %y = linalg.matmul ins(%x, %w : tensor<2x2xf32>, tensor<2x2xf32>) outs(%z : tensor<2x2xf32>) -> tensor<2x2xf32>
  return %y : tensor<2x2xf32>
^b:
  %v = linalg.matmul ins(%w, %x : tensor<2x2xf32>, tensor<2x2xf32>) outs(%z : tensor<2x2xf32>) -> tensor<2x2xf32>
  return %v : tensor<2x2xf32>
}

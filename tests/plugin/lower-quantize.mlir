// RUN: %stock-opt %s --pass-pipeline="builtin.module(frac-lower-quantize{all})" 2>/dev/null | FileCheck %s
// RUN: %stock-opt %s --pass-pipeline="builtin.module(frac-lower-quantize{all})" -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK
// RUN: not %stock-opt %s --pass-pipeline="builtin.module(frac-lower-quantize{all strict})" 2>&1 | FileCheck %s --check-prefix=STRICT
// RUN: %stock-opt %s --pass-pipeline="builtin.module(frac-lower-quantize{quant-types})" 2>/dev/null | FileCheck %s --check-prefix=QUANT

// A symbol that nothing reads any more is erased.
// CHECK-NOT: frac.symbol
// QUANT-NOT: frac.symbol
frac.symbol @a activation of "a" {index = 0 : i64, max_bits = 8 : i64}

// A chosen width has no type.
// CHECK-LABEL: func.func @chosen
// CHECK: tensor.extract
// CHECK-NOT: frac.
// QUANT-LABEL: func.func @chosen
// QUANT-NOT: quant.
func.func @chosen(%x: tensor<4x?xf32>, %low: tensor<f32>, %high: tensor<f32>, %table: tensor<1xi32>) -> tensor<4x?xf32> {
  %bits = frac.resolve @a from %table : tensor<1xi32>
  %q, %s = frac.quantize %x in %low to %high bits %bits : tensor<4x?xf32>, tensor<f32>, tensor<f32> -> tensor<4x?xi8>, tensor<f32>
  %y = frac.dequantize %q scale %s zero %low bits %bits : tensor<4x?xi8>, tensor<f32>, tensor<f32> -> tensor<4x?xf32>
  return %y : tensor<4x?xf32>
}

// CHECK-LABEL: func.func @constant
// QUANT-LABEL: func.func @constant
// QUANT: %[[T:.*]] = quant.qcast %{{.*}} : tensor<4x?xf32> to tensor<4x?x!quant.uniform<u16:f32, 1.000000e+00>>
// QUANT: %[[S:.*]] = quant.scast %[[T]] : {{.*}} to tensor<4x?xi16>
// QUANT: arith.uitofp
func.func @constant(%x: tensor<4x?xf32>, %low: tensor<f32>, %high: tensor<f32>) -> tensor<4x?xf32> {
  %bits = frac.constant 16
  %q, %s = frac.quantize %x in %low to %high bits %bits : tensor<4x?xf32>, tensor<f32>, tensor<f32> -> tensor<4x?xi16>, tensor<f32>
  %y = frac.dequantize %q scale %s zero %low bits %bits : tensor<4x?xi16>, tensor<f32>, tensor<f32> -> tensor<4x?xf32>
  return %y : tensor<4x?xf32>
}

// REMARK: [[@LINE+3]]:12: remark: left as it is: its width is neither a constant nor that of a symbol
// STRICT: [[@LINE+2]]:12: error: left as it is: its width is neither a constant nor that of a symbol
func.func @unknown(%x: tensor<4xf32>, %low: tensor<f32>, %high: tensor<f32>, %bits: !frac.bits) -> tensor<4xi8> {
  %q, %s = frac.quantize %x in %low to %high bits %bits : tensor<4xf32>, tensor<f32>, tensor<f32> -> tensor<4xi8>, tensor<f32>
  return %q : tensor<4xi8>
}

// RUN: not frac-opt %s --frac-estimate-cost=accelerator=none 2>&1 | FileCheck %s --check-prefix=FILE
// RUN: not frac-opt %s --frac-estimate-cost=model=guess 2>&1 | FileCheck %s --check-prefix=MODEL
// RUN: not frac-opt %s --frac-estimate-cost=extensions=speed 2>&1 | FileCheck %s --check-prefix=EXTENSION
// RUN: not frac-opt %s --frac-estimate-cost=widths=weight=99 2>&1 | FileCheck %s --check-prefix=WIDTH
// RUN: not frac-opt %s --frac-estimate-cost=mapping=worst 2>&1 | FileCheck %s --check-prefix=MAPPING
// RUN: not frac-opt %s --frac-estimate-cost=batch=0 2>&1 | FileCheck %s --check-prefix=BATCH
// RUN: not frac-opt %s --frac-estimate-cost=print=picture 2>&1 | FileCheck %s --check-prefix=PRINT
// RUN: not frac-opt %s --frac-estimate-cost=print=table 2>&1 | FileCheck %s --check-prefix=SYMBOL

// FILE: error: none: error: is neither a file nor one of the built-in accelerators e, e16h, conf16
// MODEL: error: there is no cost model 'guess'
// EXTENSION: error: there is no extension 'speed'; known are groups
// WIDTH: error: width 'weight=99' is not NAME=BITS with 1 to 32 bits
// MAPPING: error: mapping takes 'best' or 'reference', not 'worst'
// BATCH: error: the batch must be at least 1, not 0
// PRINT: error: print takes 'table' or 'json', not 'picture'
// SYMBOL: error: has widths that are symbols; to print costs, give them by widths=activation=8,weight=8,error=8

frac.symbol @a activation of "fc" {index = 0, max_bits = 8}
func.func @eval(%x: tensor<?x4xi8>, %y: tensor<4x3xi8>, %s: tensor<f32>, %z: tensor<f32>, %t: tensor<1xi32>) -> tensor<?x3xf32> {
  %a = frac.resolve @a from %t : tensor<1xi32>
  %l = frac.dequantize %x scale %s zero %z bits %a : tensor<?x4xi8>, tensor<f32>, tensor<f32> -> tensor<?x4xf32>
  %r = frac.dequantize %y scale %s zero %z bits %a : tensor<4x3xi8>, tensor<f32>, tensor<f32> -> tensor<4x3xf32>
  %p = nn.matmul %l, %r : tensor<?x4xf32>, tensor<4x3xf32> -> tensor<?x3xf32>
  return %p : tensor<?x3xf32>
}

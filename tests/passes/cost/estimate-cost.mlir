// RUN: frac-opt %s --frac-estimate-cost=batch=16 | FileCheck %s
// RUN: frac-opt %s --frac-estimate-cost="batch=16 widths=activation=8,weight=8" \
// RUN:   | FileCheck %s --check-prefix=GIVEN
// RUN: frac-opt %s --frac-estimate-cost="batch=16 widths=activation=8,weight=8,a=4 accelerator=%S/../../../examples/accelerators/bitfusion-e.toml extensions=leakage" \
// RUN:   | FileCheck %s --check-prefix=NAMED
// RUN: frac-opt %s --frac-estimate-cost="batch=16 widths=activation=8,weight=8 print=table" -o /dev/null \
// RUN:   | FileCheck %s --check-prefix=TABLE
// RUN: frac-opt %s --frac-estimate-cost="batch=16 widths=activation=8,weight=8 print=json" -o /dev/null \
// RUN:   | FileCheck %s --check-prefix=JSON

frac.symbol @a activation of "conv" {index = 0, max_bits = 8}
frac.symbol @w weight of "conv" {index = 1, max_bits = 8}

// A convolution whose widths are in a table: the cost waits for them. The first
// one of the network writes out its windows.

// CHECK-LABEL: func.func @eval
// CHECK: nn.conv {{.*}}frac.cost = {accelerator = "e", batch = 16 : i64, left = @a, model = "bitfusion", pass = "forward", right = @w}
// GIVEN: nn.conv {{.*}}compute_cycles = 147456 : i64
// GIVEN-SAME: left = 8 : i64
// NAMED: nn.conv {{.*}}extensions = "leakage", left = 4 : i64
// NAMED-SAME: right = 8 : i64

// The reference output has this convolution without writing out windows: the
// second one is none of the first.
// CHECK: nn.conv {{.*}}compute_cycles = 147456 : i64, dram_read_bits = 20072448 : i64, dram_write_bits = 16777216 : i64, energy_nj = 614872.04727{{[0-9]*}} : f64, left = 8 : i64, model = "bitfusion", pass = "forward", right = 8 : i64, stall_cycles = 44470 : i64, total_cycles = 191926 : i64}

// Floats have no cost on an array of integers.
// CHECK: nn.matmul {{.*}}left = 32 : i64, {{.*}}refused = "operands in float; {{.*}}", right = 32 : i64}

// TABLE: @eval: one training iteration of 16 samples on accelerator 'e' by the model 'bitfusion'
// TABLE: beyond the published model: nothing
// TABLE: nn.conv forward 8 x 8 37.7M 2.36M 147456 44470 191926 {{.*}}614.9
// TABLE: nn.matmul forward float x float {{.*}} unsupported_precision: operands in float
// TABLE: network all {{.*}} without 1 refused
// TABLE: 1 product: operands in float

// JSON: "cost_model": "bitfusion"
// JSON: "status": "ok"
// JSON: "total_cycles": 191926
// JSON: "status": "unsupported_precision"
// JSON: "total_cycles": null
func.func @eval(%x: tensor<?x32x32x16xi8>, %y: tensor<16x16x3x3xi8>, %s: tensor<f32>, %z: tensor<f32>,
                %u: tensor<?x4xf32>, %v: tensor<4x3xf32>, %t: tensor<2xi32>) -> (tensor<?x32x32x16xf32>, tensor<?x3xf32>) {
  %a = frac.resolve @a from %t : tensor<2xi32>
  %w = frac.resolve @w from %t : tensor<2xi32>
  %c = frac.constant 8
  %l = frac.dequantize %x scale %s zero %z bits %a : tensor<?x32x32x16xi8>, tensor<f32>, tensor<f32> -> tensor<?x32x32x16xf32>
  %r = frac.dequantize %y scale %s zero %z bits %w : tensor<16x16x3x3xi8>, tensor<f32>, tensor<f32> -> tensor<16x16x3x3xf32>
  %k = frac.dequantize %x scale %s zero %z bits %c : tensor<?x32x32x16xi8>, tensor<f32>, tensor<f32> -> tensor<?x32x32x16xf32>
  %m = frac.dequantize %y scale %s zero %z bits %c : tensor<16x16x3x3xi8>, tensor<f32>, tensor<f32> -> tensor<16x16x3x3xf32>
  %p = nn.conv %l, %r {channels_last, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, groups = 1 : i64} : tensor<?x32x32x16xf32>, tensor<16x16x3x3xf32> -> tensor<?x32x32x16xf32>
  %q = nn.conv %k, %m {channels_last, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads_begin = array<i64: 1, 1>, pads_end = array<i64: 1, 1>, groups = 1 : i64} : tensor<?x32x32x16xf32>, tensor<16x16x3x3xf32> -> tensor<?x32x32x16xf32>
  %f = nn.matmul %u, %v : tensor<?x4xf32>, tensor<4x3xf32> -> tensor<?x3xf32>
  %sum = arith.addf %p, %q : tensor<?x32x32x16xf32>
  return %sum, %f : tensor<?x32x32x16xf32>, tensor<?x3xf32>
}

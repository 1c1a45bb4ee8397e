// RUN: frac-opt %s --split-input-file --verify-diagnostics

// expected-error@+1 {{stores integers of 8 or 16 bits, not 12}}
frac.symbol @s weight of "conv" {index = 0, max_bits = 12}

// -----

// expected-error@+1 {{has the fixed width 9, which is not in 2 to 8}}
frac.symbol @s weight of "conv" {index = 0, max_bits = 8, fixed = 9}

// -----

// expected-error@+1 {{has the negative index -1}}
frac.symbol @s weight of "conv" {index = -1, max_bits = 8}

// -----

func.func @resolve_c1(%table: tensor<1xi32>) {
  // expected-error@+1 {{names the unknown width @missing}}
  %b = frac.resolve @missing from %table : tensor<1xi32>
  return
}

// -----

frac.symbol @s weight of "conv" {index = 3, max_bits = 8}
func.func @resolve_c2(%table: tensor<3xi32>) {
  // expected-error@+1 {{takes entry 3 of a table of 3}}
  %b = frac.resolve @s from %table : tensor<3xi32>
  return
}

// -----

func.func @constant_c1() {
  // expected-error@+1 {{has the width 17, which is not in 2 to 16}}
  %b = frac.constant 17
  return
}

// -----

func.func @range_c1(%x: tensor<4x3xf32>) {
  // expected-error@+1 {{the lower end must have one number for each index of dimension 1, not 'tensor<4xf32>'}}
  %low, %high = frac.range %x {dimension = 1} : tensor<4x3xf32> -> tensor<4xf32>, tensor<3xf32>
  return
}

// -----

func.func @range_rank(%x: tensor<4x3xf32>) {
  // expected-error@+1 {{the upper end must have rank 0 without a dimension, not 1}}
  %low, %high = frac.range %x : tensor<4x3xf32> -> tensor<f32>, tensor<3xf32>
  return
}

// -----

func.func @range_dimension(%x: tensor<4x3xf32>) {
  // expected-error@+1 {{dimension 2 is not one of a tensor of rank 2}}
  %low, %high = frac.range %x {dimension = 2} : tensor<4x3xf32> -> tensor<3xf32>, tensor<3xf32>
  return
}

// -----

func.func @quantize_c1(%x: tensor<4x3xf32>, %l: tensor<f32>, %b: !frac.bits) {
  // expected-error@+1 {{makes integers of another shape: 'tensor<3x4xi8>'}}
  %q, %s = frac.quantize %x in %l to %l bits %b
    : tensor<4x3xf32>, tensor<f32>, tensor<f32> -> tensor<3x4xi8>, tensor<f32>
  return
}

// -----

func.func @quantize_c2(%x: tensor<4x3xf32>, %l: tensor<4xf32>, %b: !frac.bits) {
  // expected-error@+1 {{the scale must have one number for each index of dimension 0}}
  %q, %s = frac.quantize %x in %l to %l bits %b {dimension = 0}
    : tensor<4x3xf32>, tensor<4xf32>, tensor<4xf32> -> tensor<4x3xi8>, tensor<f32>
  return
}

// -----

func.func @quantize_c3(%x: tensor<4x3xf32>, %l: tensor<f32>, %b: !frac.bits, %c: tensor<3xi64>) {
  // expected-error@+1 {{needs a counter of two numbers, not 'tensor<3xi64>'}}
  %q, %s = frac.quantize %x in %l to %l bits %b noise %c
    : tensor<4x3xf32>, tensor<f32>, tensor<f32>, tensor<3xi64> -> tensor<4x3xi8>, tensor<f32>
  return
}

// -----

func.func @dequantize_c1(%q: tensor<4x3xi8>, %l: tensor<f32>, %b: !frac.bits) {
  // expected-error@+1 {{makes numbers of another shape: 'tensor<12xf32>'}}
  %y = frac.dequantize %q scale %l zero %l bits %b
    : tensor<4x3xi8>, tensor<f32>, tensor<f32> -> tensor<12xf32>
  return
}

// -----

func.func @dequantize_c2(%q: tensor<4x3xi8>, %l: tensor<f32>, %m: tensor<4xf32>, %b: !frac.bits) {
  // expected-error@+1 {{the zero must have rank 0 without a dimension, not 1}}
  %y = frac.dequantize %q scale %l zero %m bits %b
    : tensor<4x3xi8>, tensor<f32>, tensor<4xf32> -> tensor<4x3xf32>
  return
}

// -----

// expected-error@+1 {{is fixed and chosen by a gate}}
frac.symbol @s error of "conv" {index = 0, max_bits = 16, fixed = 16, block = 0}

// -----

frac.symbol @s activation of "conv" {index = 0, max_bits = 8}
func.func @f(%widths: tensor<?xi32>) -> !frac.bits {
  // expected-error@+1 {{names @s, which is no width that a gate chooses}}
  %b = frac.sample_bits @s of %widths : tensor<?xi32>
  return %b : !frac.bits
}

// -----

func.func @f(%x: tensor<?x8xf32>, %m: tensor<?x3xf32>, %b: tensor<?xi32>,
             %c: tensor<2xf32>, %s: tensor<2xf32>) -> tensor<?x8xf32> {
  // expected-error@+1 {{chooses among 3 candidates of 'tensor<2xf32>'}}
  %y = frac.mix %x by %m widths %b, %b of %c sampling %s {block = 0}
    : tensor<?x8xf32>, tensor<?x3xf32>, tensor<?xi32>, tensor<2xf32>, tensor<2xf32>
  return %y : tensor<?x8xf32>
}

// -----

func.func @f(%x: tensor<4x8xf32>, %low: tensor<f32>,
             %c: tensor<2xf32>, %s: tensor<2xf32>) -> tensor<?x2xf32> {
  // expected-error@+1 {{needs a choice for each sample of 'tensor<4x8xf32>', not 'tensor<?x2xf32>'}}
  %dm = frac.mix_grad %x, %x in %low to %low of %c sampling %s
    : tensor<4x8xf32>, tensor<f32>, tensor<2xf32>, tensor<2xf32> -> tensor<?x2xf32>
  return %dm : tensor<?x2xf32>
}

// -----

// expected-error@+1 {{skips, but no gate chooses it}}
frac.symbol @s error of "conv" {index = 0, max_bits = 16, skips}

// -----

func.func @mix_c2(%x: tensor<?x8xf32>, %m: tensor<?x2xf32>, %b: tensor<?xi32>,
                  %c: tensor<2xf32>, %r: tensor<8xf32>) -> tensor<?x8xf32> {
  // expected-error@+1 {{needs a row for each index of dimension 0 of 'tensor<?x8xf32>', not 'tensor<8xf32>'}}
  %y = frac.mix %x by %m widths %b, %b of %c sampling %c rows %r {block = 0}
    : tensor<?x8xf32>, tensor<?x2xf32>, tensor<?xi32>, tensor<2xf32>, tensor<2xf32>, tensor<8xf32>
  return %y : tensor<?x8xf32>
}

// -----

func.func @range_c2(%x: tensor<4x3xf32>, %r: tensor<4xf32>) {
  // expected-error@+1 {{has rows and a dimension}}
  %low, %high = frac.range %x rows %r {dimension = 0}
    : tensor<4x3xf32>, tensor<4xf32> -> tensor<4xf32>, tensor<4xf32>
  return
}

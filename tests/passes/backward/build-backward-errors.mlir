// RUN: frac-toy-opt %s -frac-build-backward=strict -split-input-file -verify-diagnostics

// Every operation without a derivative is named in one run, and none that
// needs none.
func.func @missing(%x: tensor<4xf32>, %i: tensor<4xi32>) -> tensor<4xf32> {
  // expected-error @+1 {{'toy.opaque' has no derivative, but the loss depends on a trained value through it}}
  %a = "toy.opaque"(%x) : (tensor<4xf32>) -> tensor<4xf32>
  %b = "toy.opaque"(%i) : (tensor<4xi32>) -> tensor<4xf32>
  %c = arith.addf %a, %b : tensor<4xf32>
  // expected-error @+1 {{'toy.opaque' has no derivative}}
  %d = "toy.opaque"(%c) : (tensor<4xf32>) -> tensor<4xf32>
  %e = "toy.opaque"(%d) : (tensor<4xf32>) -> tensor<4xi32>
  return %d : tensor<4xf32>
}

// -----

// A value that a region uses counts as an operand.
func.func @captured(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{'toy.opaque' has no derivative}}
  %a = "toy.opaque"() ({
    %b = "toy.opaque"(%x) : (tensor<4xf32>) -> tensor<4xf32>
  }) : () -> tensor<4xf32>
  return %a : tensor<4xf32>
}

// -----

func.func @rule_fails(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{'toy.join' op has no second derivative}}
  %a = toy.join %x : tensor<4xf32> -> tensor<4xf32>
  // expected-error @+1 {{'toy.join' op has no second derivative}}
  %b = toy.join %x : tensor<4xf32> -> tensor<4xf32>
  %c = arith.addf %a, %b : tensor<4xf32>
  return %c : tensor<4xf32>
}

// -----

// expected-error @+1 {{has no result 0 of floats}}
func.func @no_float_result(%x: tensor<4xi32>) -> tensor<4xi32> {
  return %x : tensor<4xi32>
}

// -----

// expected-error @+1 {{has more than one block}}
func.func @blocks(%x: tensor<4xf32>) -> tensor<4xf32> {
  cf.br ^next(%x : tensor<4xf32>)
^next(%y: tensor<4xf32>):
  return %y : tensor<4xf32>
}

// -----

func.func @statistics(%x: tensor<?x3xf32>, %c: tensor<3xf32>) -> tensor<3xf32> {
  // expected-error @+1 {{cannot be differentiated where the loss depends on the batch's mean or variance}}
  %y, %mean, %variance = nn.batch_norm %x, %c, %c, %c, %c {epsilon = 1.0e-5 : f32, momentum = 0.9 : f32, training} : tensor<?x3xf32>, tensor<3xf32>
  return %variance : tensor<3xf32>
}

// -----

// Which form of a dropout is meant has to be chosen before.
func.func @dropout(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
  // expected-error @+1 {{'nn.dropout' has no derivative}}
  %y = nn.dropout %x {ratio = 0.5 : f32, stream = 0 : i64} : tensor<?x3xf32>
  return %y : tensor<?x3xf32>
}

// RUN: frac-opt %s -frac-build-training-program -split-input-file -verify-diagnostics

// expected-error @+1 {{needs a function 'forward' of one block and at least one result}}
module {
}

// -----

// expected-error @+1 {{already has a symbol 'step'}}
module {
  func.func private @step()
  func.func @forward(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
    return %x : tensor<?x4xf32>
  }
}

// -----

// expected-error @+1 {{there is no parameter to train}}
module {
  func.func @forward(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
    return %x : tensor<?x4xf32>
  }
}

// -----

// expected-error @+1 {{loss 'softmax-cross-entropy' needs a first output of shape (batch, classes), not 'tensor<?x4x4xf32>'; choose another loss}}
func.func @forward(%x: tensor<?x4x4xf32>) -> tensor<?x4x4xf32> {
  return %x : tensor<?x4x4xf32>
}

// -----

// expected-error @+1 {{the loss needs a first output of floats, not 'tensor<?xi64>'}}
func.func @forward(%x: tensor<?xi64>) -> tensor<?xi64> {
  return %x : tensor<?xi64>
}

// -----

// An operation without a derivative is reported once.
ml_program.global private mutable @p(dense<0.5> : tensor<4x4xf32>) : tensor<4x4xf32> {frac.role = "parameter"}
func.func @forward(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %p = ml_program.global_load @p : tensor<4x4xf32>
  %s = arith.constant dense<[16]> : tensor<1xi32>
  // expected-error @+1 {{'tensor.reshape' has no derivative}}
  %f = tensor.reshape %p(%s) : (tensor<4x4xf32>, tensor<1xi32>) -> tensor<16xf32>
  %e = tensor.expand_shape %f [[0, 1]] output_shape [4, 4] : tensor<16xf32> into tensor<4x4xf32>
  %y = nn.matmul %x, %e {transpose_rhs} : tensor<?x4xf32>, tensor<4x4xf32> -> tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}

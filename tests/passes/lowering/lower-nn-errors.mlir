// RUN: frac-opt %s --frac-lower-nn --split-input-file --verify-diagnostics

func.func @random(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // expected-error @below {{has no lowering in this form}}
  %y = nn.dropout %x {ratio = 0.5 : f32, stream = 3 : i64, training} : tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}

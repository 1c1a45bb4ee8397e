// RUN: not frac-opt %s --frac-insert-gates="forward=3,6 backward=6" 2>&1 | FileCheck %s --check-prefix=COUNT
// RUN: not frac-opt %s --frac-insert-gates="forward=3,1 backward=6,8" 2>&1 | FileCheck %s --check-prefix=WIDTH
// RUN: not frac-opt %s --frac-insert-gates="forward=3 backward=6 keep-float=first" 2>&1 | FileCheck %s --check-prefix=NONE
// RUN: not frac-opt %s --frac-insert-gates="forward=3,0 backward=6,8" 2>&1 | FileCheck %s --check-prefix=PAIR
// RUN: not frac-opt %s --frac-insert-gates="forward=0 backward=0" 2>&1 | FileCheck %s --check-prefix=ALL
// RUN: not frac-opt %s --frac-insert-gates="forward=3,0 backward=6,0" 2>&1 | FileCheck %s --check-prefix=SKIP

// COUNT: error: gates need as many widths of errors as of activations, at least one; there are 1 and 2
// WIDTH: error: a candidate has the width 1, which is not in 2 to 16, and not 0
// PAIR: error: a candidate has the widths 0 and 8; one that skips a block has 0 and 0
// ALL: error: every candidate has the width 0; at least one must run a block
// SKIP: error: a candidate has the width 0, but there is no block that a sample can skip: a residual block that adds its own entry, without depthwise contractions or any that stay in float, under the granularity 'block'
// NONE: error: there is no block to gate: every contraction stays in float (precision.keep_float), is depthwise, or works on rows that are not samples one by one

func.func @forward(%x: tensor<?x8xf32>) -> tensor<?x4xf32> {
  %w = arith.constant dense<1.0> : tensor<8x4xf32>
  %y = nn.matmul %x, %w : tensor<?x8xf32>, tensor<8x4xf32> -> tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}

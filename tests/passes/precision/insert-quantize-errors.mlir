// RUN: not frac-opt %s --frac-insert-quantize="keep-float=middle" 2>&1 | FileCheck %s --check-prefix=WORD
// RUN: not frac-opt %s --frac-insert-quantize="keep-float=/(/" 2>&1 | FileCheck %s --check-prefix=REGEX
// RUN: not frac-opt %s --frac-insert-quantize="weight-storage=4" 2>&1 | FileCheck %s --check-prefix=STORAGE

// WORD: error: keep_float has 'middle'; it takes 'first', 'last', 'shortcut', 'depthwise' and /regular expressions/ on node names
// REGEX: error: keep_float has '/(/', which is no regular expression
// STORAGE: error: integers are stored in 8 or 16 bits, not in 4

func.func @step(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  return %x : tensor<?x4xf32>
}

// RUN: frac-opt %s --frac-insert-gates="forward=3,6 backward=6,8 features=4 hidden=2" --mlir-elide-elementsattrs-if-larger=8 | FileCheck %s

// The number of samples, which biases are repeated for, is no way around the
// block.

// CHECK: frac.gated_blocks = [{depthwise_macs = 0 : i64, macs = 40 : i64, name = "add"}]

func.func @forward(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %v = arith.constant dense<1.0> : tensor<4x5xf32>
  %w = arith.constant dense<1.0> : tensor<5x4xf32>
  %bias = arith.constant dense<1.0> : tensor<4xf32>
  %c0 = arith.constant 0 : index
  %samples = tensor.dim %x, %c0 : tensor<?x4xf32>
  %entry = math.absf %x : tensor<?x4xf32>
  %a = nn.matmul %entry, %v : tensor<?x4xf32>, tensor<4x5xf32> -> tensor<?x5xf32> loc("one")
  %b = nn.matmul %a, %w : tensor<?x5xf32>, tensor<5x4xf32> -> tensor<?x4xf32> loc("two")
  %own = tensor.dim %b, %c0 : tensor<?x4xf32>
  %repeated = nn.broadcast %bias[%samples] dimensions = [1] : tensor<4xf32> -> tensor<?x4xf32>
  %more = nn.broadcast %bias[%own] dimensions = [1] : tensor<4xf32> -> tensor<?x4xf32>
  %c = arith.addf %b, %repeated : tensor<?x4xf32>
  %d = arith.addf %c, %more : tensor<?x4xf32>
  %sum = arith.addf %d, %entry : tensor<?x4xf32> loc("add")
  return %sum : tensor<?x4xf32>
}

// RUN: frac-opt %s --frac-estimate-cost="batch=16 widths=activation=8,weight=8 print=table" -o /dev/null | FileCheck %s

// Each sample has four rows of a matrix, two matrices of a stack, or one row.

// CHECK: rows {{.*}}forward {{.*}} 32.8k
// CHECK: stack {{.*}}forward {{.*}} 2.05k
// CHECK: whole {{.*}}forward {{.*}} 4.10k

func.func @eval(%x: tensor<?x4x8xf32>) -> (tensor<?x4x64xf32>, tensor<?x4x4xf32>, tensor<?x8xf32>) {
  %w = arith.constant dense<1.0> : tensor<8x64xf32>
  %v = arith.constant dense<1.0> : tensor<32x8xf32>
  %r = nn.reshape %x : tensor<?x4x8xf32> -> tensor<?x8xf32>
  %a = nn.matmul %r, %w : tensor<?x8xf32>, tensor<8x64xf32> -> tensor<?x64xf32> loc("rows")
  %y = nn.reshape %a : tensor<?x64xf32> -> tensor<?x4x64xf32>
  %s = nn.reshape %x : tensor<?x4x8xf32> -> tensor<?x4x4xf32>
  %t = nn.transpose %s permutation = [0, 2, 1] : tensor<?x4x4xf32> -> tensor<?x4x4xf32>
  %b = nn.matmul %s, %t : tensor<?x4x4xf32>, tensor<?x4x4xf32> -> tensor<?x4x4xf32> loc("stack")
  %f = nn.reshape %r : tensor<?x8xf32> -> tensor<?x32xf32>
  %c = nn.matmul %f, %v : tensor<?x32xf32>, tensor<32x8xf32> -> tensor<?x8xf32> loc("whole")
  return %y, %b, %c : tensor<?x4x64xf32>, tensor<?x4x4xf32>, tensor<?x8xf32>
}

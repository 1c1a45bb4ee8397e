// RUN: frac-opt %s --frac-lower-nn --canonicalize --cse | FileCheck %s

// CHECK-LABEL: func.func @mean
// CHECK: linalg.generic {{.*}}iterator_types = ["reduction", "parallel", "reduction"]
// CHECK: arith.addf {{.*}} fastmath<reassoc>
// CHECK: %[[COUNT:.*]] = arith.sitofp
// CHECK: linalg.generic
// CHECK: arith.divf %{{.*}}, %[[COUNT]]
func.func @mean(%x: tensor<?x4x5xf32>) -> tensor<4xf32> {
  %y = nn.reduce mean %x dimensions = [0, 2] : tensor<?x4x5xf32> -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// CHECK-LABEL: func.func @extremes
// CHECK-DAG: arith.constant 0xFF800000 : f32
// CHECK-DAG: arith.constant 0x7F800000 : f32
// CHECK: arith.maximumf
// CHECK: arith.minimumf
func.func @extremes(%x: tensor<?x4xf32>) -> (tensor<?xf32>, tensor<?xf32>) {
  %y = nn.reduce max %x dimensions = [1] : tensor<?x4xf32> -> tensor<?xf32>
  %z = nn.reduce min %x dimensions = [1] : tensor<?x4xf32> -> tensor<?xf32>
  return %y, %z : tensor<?xf32>, tensor<?xf32>
}

// The first of equal elements: a search in order.

// CHECK-LABEL: func.func @argmax
// CHECK: linalg.generic
// CHECK: scf.for
// CHECK: arith.cmpf ogt
// CHECK: arith.index_cast
func.func @argmax(%x: tensor<?x4xf32>) -> tensor<?xi64> {
  %y = nn.argmax %x dimension = 1 : tensor<?x4xf32> -> tensor<?xi64>
  return %y : tensor<?xi64>
}

// CHECK-LABEL: func.func @log_softmax
// CHECK: arith.maximumf
// CHECK: arith.subf
// CHECK: math.exp
// CHECK: arith.addf
// CHECK: math.log
// CHECK: arith.subf
func.func @log_softmax(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %y = nn.log_softmax %x dimension = 1 : tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}

// A label that is no class reads nothing and gives 0.

// CHECK-LABEL: func.func @pick
// CHECK-SAME: %[[X:.*]]: tensor<?x4xf32>
// CHECK: arith.maxsi
// CHECK: arith.minsi
// CHECK: tensor.extract %[[X]]
// CHECK: arith.cmpi ult
// CHECK: arith.select
func.func @pick(%x: tensor<?x4xf32>, %l: tensor<?xi64>) -> tensor<?xf32> {
  %y = nn.pick %x, %l : tensor<?x4xf32>, tensor<?xi64> -> tensor<?xf32>
  return %y : tensor<?xf32>
}

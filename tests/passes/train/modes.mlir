// RUN: frac-opt %s -frac-build-training-program -canonicalize -split-input-file | FileCheck %s

// Normalization by the batch and dropout in training, by running statistics and
// without dropout in evaluation, in whichever form the model has them.
// CHECK-LABEL: func.func @step
// CHECK-SAME: %[[COUNTER:[^:]*]]: tensor<2xi64>)
// CHECK-DAG: %[[KEEP:.*]] = arith.constant dense<7.500000e-01> : tensor<4xf32>
// CHECK-DAG: %[[REST:.*]] = arith.constant dense<2.500000e-01> : tensor<4xf32>
// CHECK: %[[MEAN:.*]] = ml_program.global_load @mean
// CHECK: %[[VARIANCE:.*]] = ml_program.global_load @variance
// CHECK: %[[Y:.*]], %[[BM:.*]], %[[BV:.*]] = nn.batch_norm {{.*}} training}
// CHECK: %[[MASK:.*]] = nn.dropout_mask %[[COUNTER]]{{.*}} {ratio = 5.000000e-01 : f32, stream = 7 : i64}
// CHECK: arith.mulf %[[Y]], %[[MASK]]
// CHECK: nn.batch_norm_grad
// CHECK-DAG: ml_program.global_store @mean = %[[M:.*]] :
// CHECK-DAG: ml_program.global_store @variance = %[[V:.*]] :
// CHECK-LABEL: func.func @grad
// CHECK: nn.batch_norm {{.*}} training}
// CHECK: nn.dropout_mask
// CHECK-NOT: ml_program.global_store @mean
// CHECK-LABEL: func.func @eval
// CHECK: %[[Y:.*]], %{{.*}}, %{{.*}} = nn.batch_norm
// CHECK-NOT: training
// CHECK-NOT: dropout
// CHECK: nn.log_softmax %[[Y]]
ml_program.global private mutable @scale(dense<1.0> : tensor<4xf32>) : tensor<4xf32> {frac.role = "parameter"}
ml_program.global private mutable @bias(dense<0.0> : tensor<4xf32>) : tensor<4xf32> {frac.role = "parameter"}
ml_program.global private mutable @mean(dense<0.0> : tensor<4xf32>) : tensor<4xf32> {frac.role = "state"}
ml_program.global private mutable @variance(dense<1.0> : tensor<4xf32>) : tensor<4xf32> {frac.role = "state"}
func.func @forward(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %s = ml_program.global_load @scale : tensor<4xf32>
  %b = ml_program.global_load @bias : tensor<4xf32>
  %m = ml_program.global_load @mean : tensor<4xf32>
  %v = ml_program.global_load @variance : tensor<4xf32>
  %y:3 = nn.batch_norm %x, %s, %b, %m, %v {epsilon = 1.0e-5 : f32, momentum = 0.75 : f32} : tensor<?x4xf32>, tensor<4xf32>
  %d = nn.dropout %y#0 {ratio = 0.5 : f32, stream = 7 : i64, training} : tensor<?x4xf32>
  return %d : tensor<?x4xf32>
}

// -----

// Two normalizations with the same running statistics update them in turn;
// a dropout that drops nothing is the identity. Frozen statistics stay.
// CHECK-LABEL: func.func @step
// CHECK-NOT: nn.dropout_mask
// CHECK: %{{.*}}, %[[BM0:.*]], %[[BV0:.*]] = nn.batch_norm
// CHECK: %{{.*}}, %[[BM1:.*]], %[[BV1:.*]] = nn.batch_norm
// CHECK-COUNT-2: nn.batch_norm_grad
// CHECK: %[[K0:.*]] = arith.mulf %mean
// CHECK: %[[O0:.*]] = arith.mulf %[[BM0]],
// CHECK: %[[S0:.*]] = arith.addf %[[K0]], %[[O0]]
// CHECK: %[[K1:.*]] = arith.mulf %[[S0]],
// CHECK: %[[O1:.*]] = arith.mulf %[[BM1]],
// CHECK: %[[S1:.*]] = arith.addf %[[K1]], %[[O1]]
// CHECK: ml_program.global_store @mean = %[[S1]]
// CHECK-NOT: ml_program.global_store @variance
// CHECK-LABEL: func.func @grad
ml_program.global private mutable @scale(dense<1.0> : tensor<4xf32>) : tensor<4xf32> {frac.role = "parameter"}
ml_program.global private mutable @mean(dense<0.0> : tensor<4xf32>) : tensor<4xf32> {frac.role = "state"}
ml_program.global private mutable @variance(dense<1.0> : tensor<4xf32>) : tensor<4xf32> {frac.role = "frozen"}
func.func @forward(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %s = ml_program.global_load @scale : tensor<4xf32>
  %m = ml_program.global_load @mean : tensor<4xf32>
  %v = ml_program.global_load @variance : tensor<4xf32>
  %y:3 = nn.batch_norm %x, %s, %s, %m, %v {epsilon = 1.0e-5 : f32, momentum = 0.75 : f32} : tensor<?x4xf32>, tensor<4xf32>
  %d = nn.dropout %y#0 {ratio = 0.0 : f32, stream = 7 : i64} : tensor<?x4xf32>
  %z:3 = nn.batch_norm %d, %s, %s, %m, %v {epsilon = 1.0e-5 : f32, momentum = 0.75 : f32} : tensor<?x4xf32>, tensor<4xf32>
  return %z#0 : tensor<?x4xf32>
}

// -----

// A normalization of some samples: running statistics that nothing was seen of
// stay as they are, and evaluation knows no samples.
// CHECK-LABEL: func.func @step
// CHECK: %[[MEAN:.*]] = ml_program.global_load @mean
// CHECK: %{{.*}}, %[[BM:.*]], %{{.*}} = nn.batch_norm {{.*}} samples %{{.*}} training}
// CHECK: nn.batch_norm_grad {{.*}} samples
// CHECK: %[[CHANGE:.*]] = arith.subf %[[BM]], %[[MEAN]]
// CHECK: %[[PART:.*]] = arith.mulf %[[CHANGE]],
// CHECK: %[[NEW:.*]] = arith.addf %[[MEAN]], %[[PART]]
// CHECK: ml_program.global_store @mean = %[[NEW]]
// CHECK-LABEL: func.func @grad
// CHECK-LABEL: func.func @eval
// CHECK: nn.batch_norm
// CHECK-NOT: samples
ml_program.global private mutable @scale(dense<1.0> : tensor<4xf32>) : tensor<4xf32> {frac.role = "parameter"}
ml_program.global private mutable @mean(dense<0.0> : tensor<4xf32>) : tensor<4xf32> {frac.role = "state"}
func.func @forward(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %s = ml_program.global_load @scale : tensor<4xf32>
  %m = ml_program.global_load @mean : tensor<4xf32>
  %first = nn.reduce max %x dimensions = [1] : tensor<?x4xf32> -> tensor<?xf32>
  %y:3 = nn.batch_norm %x, %s, %s, %m, %s samples %first {epsilon = 1.0e-5 : f32, momentum = 0.75 : f32}
    : tensor<?x4xf32>, tensor<4xf32>, tensor<?xf32>
  return %y#0 : tensor<?x4xf32>
}

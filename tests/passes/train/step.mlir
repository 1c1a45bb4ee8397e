// RUN: frac-opt %s -frac-build-training-program -canonicalize | FileCheck %s

// A parameter that the loss depends on has a slot and a gradient; one that it
// does not depend on has a gradient alone.
// CHECK: ml_program.global private mutable @"w/momentum"(dense<0.000000e+00>
// CHECK-SAME: {frac.of = "w", frac.role = "slot"}
// CHECK-NOT: @"unused/momentum"
// CHECK: ml_program.global private mutable @"w/gradient"
// CHECK-SAME: {frac.of = "w", frac.role = "gradient"}
// CHECK: ml_program.global private mutable @"unused/gradient"
ml_program.global private mutable @w(dense<0.5> : tensor<10x16xf32>) : tensor<10x16xf32> {frac.role = "parameter"}
ml_program.global private mutable @unused(dense<0.5> : tensor<3xf32>) : tensor<3xf32> {frac.role = "parameter"}
ml_program.global private mutable @table(dense<0.5> : tensor<16xf32>) : tensor<16xf32> {frac.role = "frozen"}

// CHECK-NOT: @forward
// CHECK-LABEL: func.func @step
// CHECK-SAME: (%[[X:.*]]: tensor<?x16xf32> {onnx.name = "x"}, %[[TARGET:.*]]: tensor<?xi64>, %[[HYPER:.*]]: tensor<16xf32>, %{{.*}}: tensor<2xi64>)
// CHECK-SAME: -> (tensor<f32>, tensor<f32>, tensor<f32>)
// CHECK-DAG: %[[C0:.*]] = arith.constant 0 : index
// CHECK-DAG: %[[C1:.*]] = arith.constant 1 : index
// CHECK-DAG: %[[C2:.*]] = arith.constant 2 : index
// CHECK-DAG: %[[NORM:.*]] = arith.constant dense<0.000000e+00> : tensor<f32>
// CHECK: %[[W:.*]] = ml_program.global_load @w
// CHECK: %[[LOGITS:.*]] = nn.matmul %[[X]], %[[W]] {transpose_rhs}
// CHECK: %[[LOG:.*]] = nn.log_softmax %[[LOGITS]] dimension = 1
// CHECK: %[[PICKED:.*]] = nn.pick %[[LOG]], %[[TARGET]]
// CHECK: %[[MEAN:.*]] = nn.reduce mean %[[PICKED]] dimensions = [0]
// CHECK: %[[LOSS:.*]] = arith.negf %[[MEAN]]
// CHECK: %[[BEST:.*]] = nn.argmax %[[LOGITS]] dimension = 1
// CHECK: %[[HIT:.*]] = arith.cmpi eq, %[[BEST]], %[[TARGET]]
// CHECK: %[[ONE:.*]] = arith.uitofp %[[HIT]]
// CHECK: %[[CORRECT:.*]] = nn.reduce sum %[[ONE]]
// CHECK: %[[G:.*]] = nn.matmul %{{.*}}, %[[X]] {transpose_lhs}
// CHECK: %[[LR:.*]] = tensor.extract %[[HYPER]][%[[C0]]]
// CHECK: %[[MOMENTUM:.*]] = tensor.extract %[[HYPER]][%[[C1]]]
// CHECK: %[[DECAY:.*]] = tensor.extract %[[HYPER]][%[[C2]]]
// CHECK: %[[SLOT:.*]] = ml_program.global_load @"w/momentum"
// CHECK: %[[DECAYS:.*]] = tensor.splat %[[DECAY]]
// CHECK: %[[DECAYED:.*]] = arith.mulf %[[DECAYS]], %[[W]]
// CHECK: %[[DIRECTION:.*]] = arith.addf %[[G]], %[[DECAYED]]
// CHECK: %[[MOMENTA:.*]] = tensor.splat %[[MOMENTUM]]
// CHECK: %[[KEPT:.*]] = arith.mulf %[[MOMENTA]], %[[SLOT]]
// CHECK: %[[VELOCITY:.*]] = arith.addf %[[DIRECTION]], %[[KEPT]]
// CHECK: %[[RATES:.*]] = tensor.splat %[[LR]]
// CHECK: %[[STEP:.*]] = arith.mulf %[[RATES]], %[[VELOCITY]]
// CHECK: %[[NEW:.*]] = arith.subf %[[W]], %[[STEP]]
// CHECK: ml_program.global_store @w = %[[NEW]]
// CHECK: ml_program.global_store @"w/momentum" = %[[VELOCITY]]
// CHECK-NOT: ml_program.global_store
// CHECK: return %[[LOSS]], %[[CORRECT]], %[[NORM]]

// CHECK-LABEL: func.func @grad
// CHECK-SAME: -> tensor<f32>
// CHECK: %[[ZERO:.*]] = arith.constant dense<0.000000e+00> : tensor<3xf32>
// CHECK: %[[G:.*]] = nn.matmul %{{.*}} {transpose_lhs}
// CHECK-NEXT: ml_program.global_store @"w/gradient" = %[[G]]
// CHECK-NEXT: ml_program.global_store @"unused/gradient" = %[[ZERO]]

// CHECK-LABEL: func.func @eval
// CHECK-SAME: (%{{.*}}: tensor<?x16xf32> {onnx.name = "x"}, %{{.*}}: tensor<?xi64>) -> (tensor<f32>, tensor<f32>)
// CHECK-NOT: ml_program.global_store
func.func @forward(%x: tensor<?x16xf32> {onnx.name = "x"}) -> (tensor<?x10xf32> {onnx.name = "y"}) {
  %w = ml_program.global_load @w : tensor<10x16xf32>
  %y = nn.matmul %x, %w {transpose_rhs} : tensor<?x16xf32>, tensor<10x16xf32> -> tensor<?x10xf32>
  return %y : tensor<?x10xf32>
}

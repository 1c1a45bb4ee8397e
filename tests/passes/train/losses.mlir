// RUN: frac-opt %s -frac-build-training-program="loss=softmax-cross-entropy" -canonicalize -cse | FileCheck %s --check-prefix=CE
// RUN: frac-opt %s -frac-build-training-program="loss=nll" -canonicalize -cse | FileCheck %s --check-prefix=NLL
// RUN: frac-opt %s -frac-build-training-program="loss=mse" -canonicalize -cse | FileCheck %s --check-prefix=MSE
// RUN: frac-opt %s -frac-build-training-program="loss=bce-with-logits" -canonicalize -cse | FileCheck %s --check-prefix=BCE

// CE-LABEL: func.func @eval
// CE-SAME: (%{{.*}}: tensor<?x10xf32>, %[[T:.*]]: tensor<?xi64>)
// CE: %[[Y:.*]] = arith.addf
// CE: %[[LOG:.*]] = nn.log_softmax %[[Y]] dimension = 1
// CE: %[[PICKED:.*]] = nn.pick %[[LOG]], %[[T]]
// CE: %[[MEAN:.*]] = nn.reduce mean %[[PICKED]] dimensions = [0]
// CE: %[[LOSS:.*]] = arith.negf %[[MEAN]]
// CE: %[[BEST:.*]] = nn.argmax %[[Y]] dimension = 1
// CE: %[[HIT:.*]] = arith.cmpi eq, %[[BEST]], %[[T]]
// CE: %[[ONES:.*]] = arith.uitofp %[[HIT]]
// CE: %[[CORRECT:.*]] = nn.reduce sum %[[ONES]] dimensions = [0]
// CE: return %[[LOSS]], %[[CORRECT]]

// NLL-LABEL: func.func @eval
// NLL-SAME: (%{{.*}}: tensor<?x10xf32>, %[[T:.*]]: tensor<?xi64>)
// NLL: %[[Y:.*]] = arith.addf
// NLL-NEXT: %[[PICKED:.*]] = nn.pick %[[Y]], %[[T]]
// NLL: nn.argmax %[[Y]]

// MSE-LABEL: func.func @eval
// MSE-SAME: (%{{.*}}: tensor<?x10xf32>, %[[T:.*]]: tensor<?x10xf32>)
// MSE: %[[NONE:.*]] = arith.constant dense<0.000000e+00> : tensor<f32>
// MSE: %[[Y:.*]] = arith.addf
// MSE: %[[DIFFERENCE:.*]] = arith.subf %[[Y]], %[[T]]
// MSE: %[[SQUARE:.*]] = arith.mulf %[[DIFFERENCE]], %[[DIFFERENCE]]
// MSE: %[[LOSS:.*]] = nn.reduce mean %[[SQUARE]] dimensions = [0, 1]
// MSE: return %[[LOSS]], %[[NONE]]

// BCE-LABEL: func.func @eval
// BCE-SAME: (%{{.*}}: tensor<?x10xf32>, %[[T:.*]]: tensor<?x10xf32>)
// BCE: %[[Y:.*]] = arith.addf
// BCE: %[[NEGATIVE:.*]] = arith.negf %[[Y]]
// BCE: %[[TRUE:.*]] = nn.softplus %[[NEGATIVE]]
// BCE: %[[FALSE:.*]] = nn.softplus %[[Y]]
// BCE: %[[REST:.*]] = arith.subf %{{.*}}, %[[T]]
// BCE: %[[A:.*]] = arith.mulf %[[T]], %[[TRUE]]
// BCE: %[[B:.*]] = arith.mulf %[[REST]], %[[FALSE]]
// BCE: %[[SUM:.*]] = arith.addf %[[A]], %[[B]]
// BCE: %[[LOSS:.*]] = nn.reduce mean %[[SUM]] dimensions = [0, 1]

ml_program.global private mutable @b(dense<0.5> : tensor<10xf32>) : tensor<10xf32> {frac.role = "parameter"}
func.func @forward(%x: tensor<?x10xf32>) -> tensor<?x10xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x10xf32>
  %b = ml_program.global_load @b : tensor<10xf32>
  %bias = nn.broadcast %b[%n] dimensions = [1] : tensor<10xf32> -> tensor<?x10xf32>
  %y = arith.addf %x, %bias : tensor<?x10xf32>
  return %y : tensor<?x10xf32>
}

// RUN: frac-opt %s -frac-build-training-program="momentum=false" -canonicalize | FileCheck %s --check-prefix=PLAIN
// RUN: frac-opt %s -frac-build-training-program="nesterov=true" -canonicalize | FileCheck %s --check-prefix=NESTEROV
// RUN: frac-opt %s -frac-build-training-program="optimizer=adam" -canonicalize | FileCheck %s --check-prefixes=SLOTS,ADAM
// RUN: frac-opt %s -frac-build-training-program="optimizer=adamw" -canonicalize | FileCheck %s --check-prefixes=SLOTS,ADAMW
// RUN: frac-opt %s -frac-build-training-program="momentum=false clip-norm=true" -canonicalize | FileCheck %s --check-prefix=CLIP

// PLAIN-NOT: "slot"
// PLAIN-LABEL: func.func @step
// PLAIN: %[[W:.*]] = ml_program.global_load @w
// PLAIN: %[[G:.*]] = nn.matmul {{.*}} {transpose_lhs}
// PLAIN: %[[LR:.*]] = tensor.extract %arg2[%c0]
// PLAIN: %[[WD:.*]] = tensor.extract %arg2[%c2]
// PLAIN: %[[WDS:.*]] = tensor.splat %[[WD]]
// PLAIN: %[[DECAY:.*]] = arith.mulf %[[WDS]], %[[W]]
// PLAIN: %[[D:.*]] = arith.addf %[[G]], %[[DECAY]]
// PLAIN: %[[LRS:.*]] = tensor.splat %[[LR]]
// PLAIN: %[[STEP:.*]] = arith.mulf %[[LRS]], %[[D]]
// PLAIN: %[[NEW:.*]] = arith.subf %[[W]], %[[STEP]]
// PLAIN: ml_program.global_store @w = %[[NEW]]
// PLAIN-NEXT: return

// The parameter goes along gradient + momentum * velocity.
// NESTEROV-LABEL: func.func @step
// NESTEROV: %[[W:.*]] = ml_program.global_load @w
// NESTEROV: %[[M:.*]] = tensor.extract %arg2[%c1]
// NESTEROV: %[[SLOT:.*]] = ml_program.global_load @"w/momentum"
// NESTEROV: %[[D:.*]] = arith.addf
// NESTEROV: %[[MS:.*]] = tensor.splat %[[M]]
// NESTEROV: %[[KEPT:.*]] = arith.mulf %[[MS]], %[[SLOT]]
// NESTEROV: %[[V:.*]] = arith.addf %[[D]], %[[KEPT]]
// NESTEROV: %[[MS1:.*]] = tensor.splat %[[M]]
// NESTEROV: %[[AHEAD:.*]] = arith.mulf %[[MS1]], %[[V]]
// NESTEROV: %[[SUM:.*]] = arith.addf %[[D]], %[[AHEAD]]
// NESTEROV: %[[STEP:.*]] = arith.mulf %{{.*}}, %[[SUM]]
// NESTEROV: %[[NEW:.*]] = arith.subf %[[W]], %[[STEP]]
// NESTEROV: ml_program.global_store @w = %[[NEW]]
// NESTEROV: ml_program.global_store @"w/momentum" = %[[V]]

// SLOTS: ml_program.global private mutable @"w/first_moment"(dense<0.000000e+00>
// SLOTS: ml_program.global private mutable @"w/second_moment"(dense<0.000000e+00>
// SLOTS-LABEL: func.func @step
// SLOTS: %[[W:.*]] = ml_program.global_load @w
// SLOTS: %[[G:.*]] = nn.matmul {{.*}} {transpose_lhs}
// SLOTS: %[[LR:.*]] = tensor.extract %arg2[%c0]
// SLOTS: %[[WD:.*]] = tensor.extract %arg2[%c2]
// SLOTS: %[[B1:.*]] = tensor.extract %arg2[%c3]
// SLOTS: %[[B2:.*]] = tensor.extract %arg2[%c4]
// SLOTS: %[[EPS:.*]] = tensor.extract %arg2[%c5]
// SLOTS: %[[C1:.*]] = tensor.extract %arg2[%c7]
// SLOTS: %[[C2:.*]] = tensor.extract %arg2[%c8]

// Weight decay is part of Adam's gradient, and shrinks AdamW's parameter.
// ADAM: %[[DECAY:.*]] = arith.mulf %{{.*}}, %[[W]]
// ADAM: %[[D:.*]] = arith.addf %[[G]], %[[DECAY]]
// ADAMW: %[[SHRINK:.*]] = arith.mulf %[[LR]], %[[WD]] : f32
// ADAMW: %[[KEEP:.*]] = arith.subf %{{.*}}, %[[SHRINK]] : f32
// ADAMW: %[[KEEPS:.*]] = tensor.splat %[[KEEP]]
// ADAMW: %[[P:.*]] = arith.mulf %[[W]], %[[KEEPS]]

// SLOTS: %[[B1S:.*]] = tensor.splat %[[B1]]
// SLOTS: %[[KEPT1:.*]] = arith.mulf %[[B1S]], %w2Ffirst_moment
// SLOTS: %[[REST1:.*]] = arith.subf %{{.*}}, %[[B1]] : f32
// SLOTS: %[[REST1S:.*]] = tensor.splat %[[REST1]]
// ADAM: %[[NEW1:.*]] = arith.mulf %[[REST1S]], %[[D]]
// ADAMW: %[[NEW1:.*]] = arith.mulf %[[REST1S]], %[[G]]
// SLOTS: %[[FIRST:.*]] = arith.addf %[[KEPT1]], %[[NEW1]]
// ADAM: %[[SQUARE:.*]] = arith.mulf %[[D]], %[[D]]
// ADAMW: %[[SQUARE:.*]] = arith.mulf %[[G]], %[[G]]
// SLOTS: %[[B2S:.*]] = tensor.splat %[[B2]]
// SLOTS: %[[KEPT2:.*]] = arith.mulf %[[B2S]], %w2Fsecond_moment
// SLOTS: %[[REST2:.*]] = arith.subf %{{.*}}, %[[B2]] : f32
// SLOTS: %[[REST2S:.*]] = tensor.splat %[[REST2]]
// SLOTS: %[[NEW2:.*]] = arith.mulf %[[REST2S]], %[[SQUARE]]
// SLOTS: %[[SECOND:.*]] = arith.addf %[[KEPT2]], %[[NEW2]]
// SLOTS: %[[SIZE:.*]] = arith.divf %[[LR]], %[[C1]] : f32
// SLOTS: %[[ROOT:.*]] = math.sqrt %[[C2]] : f32
// SLOTS: %[[ROOTS:.*]] = math.sqrt %[[SECOND]]
// SLOTS: %[[ROOTC:.*]] = tensor.splat %[[ROOT]]
// SLOTS: %[[SPREAD:.*]] = arith.divf %[[ROOTS]], %[[ROOTC]]
// SLOTS: %[[EPSS:.*]] = tensor.splat %[[EPS]]
// SLOTS: %[[DENOMINATOR:.*]] = arith.addf %[[SPREAD]], %[[EPSS]]
// SLOTS: %[[RATIO:.*]] = arith.divf %[[FIRST]], %[[DENOMINATOR]]
// SLOTS: %[[SIZES:.*]] = tensor.splat %[[SIZE]]
// SLOTS: %[[STEP:.*]] = arith.mulf %[[RATIO]], %[[SIZES]]
// ADAM: %[[NEW:.*]] = arith.subf %[[W]], %[[STEP]]
// ADAMW: %[[NEW:.*]] = arith.subf %[[P]], %[[STEP]]
// SLOTS: ml_program.global_store @w = %[[NEW]]
// SLOTS: ml_program.global_store @"w/first_moment" = %[[FIRST]]
// SLOTS: ml_program.global_store @"w/second_moment" = %[[SECOND]]

// The norm is an output; the gradient is scaled where the limit is positive.
// CLIP-LABEL: func.func @step
// CLIP: %[[G:.*]] = nn.matmul {{.*}} {transpose_lhs}
// CLIP: %[[LIMIT:.*]] = tensor.extract %arg2[%c6]
// CLIP: %[[SQUARE:.*]] = arith.mulf %[[G]], %[[G]]
// CLIP: %[[SUM:.*]] = nn.reduce sum %[[SQUARE]] dimensions = [0, 1]
// CLIP: %[[TOTAL:.*]] = tensor.extract %[[SUM]][]
// CLIP: %[[NORM:.*]] = math.sqrt %[[TOTAL]] : f32
// CLIP: %[[GUARDED:.*]] = arith.addf %[[NORM]], %{{.*}} : f32
// CLIP: %[[RATIO:.*]] = arith.divf %[[LIMIT]], %[[GUARDED]] : f32
// CLIP: %[[BOUNDED:.*]] = arith.minimumf %[[RATIO]], %{{.*}} : f32
// CLIP: %[[LIMITED:.*]] = arith.cmpf ogt, %[[LIMIT]], %{{.*}} : f32
// CLIP: %[[FACTOR:.*]] = arith.select %[[LIMITED]], %[[BOUNDED]], %{{.*}} : f32
// CLIP: %[[OUT:.*]] = tensor.splat %[[NORM]] : tensor<f32>
// CLIP: %[[FACTORS:.*]] = tensor.splat %[[FACTOR]]
// CLIP: arith.mulf %[[G]], %[[FACTORS]]
// CLIP: return %{{.*}}, %{{.*}}, %[[OUT]]
// CLIP-LABEL: func.func @grad
// CLIP-NOT: math.sqrt

ml_program.global private mutable @w(dense<0.5> : tensor<10x16xf32>) : tensor<10x16xf32> {frac.role = "parameter"}
func.func @forward(%x: tensor<?x16xf32>) -> tensor<?x10xf32> {
  %w = ml_program.global_load @w : tensor<10x16xf32>
  %y = nn.matmul %x, %w {transpose_rhs} : tensor<?x16xf32>, tensor<10x16xf32> -> tensor<?x10xf32>
  return %y : tensor<?x10xf32>
}

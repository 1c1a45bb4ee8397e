// RUN: frac-opt %s --frac-lower-quantize | FileCheck %s

// CHECK-LABEL: func.func @choose
// CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "parallel", "reduction"]
// CHECK: arith.cmpf ogt
// CHECK: arith.cmpf uge
// CHECK: %[[FORCED:.*]] = tensor.extract
// CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "parallel"]
// CHECK: arith.cmpf oge, %[[FORCED]]
// CHECK-NOT: frac.choose
func.func @choose(%p: tensor<?x3xf32>, %forced: tensor<f32>) -> tensor<?x3xf32> {
  %m = frac.choose %p forced %forced : tensor<?x3xf32>, tensor<f32>
  return %m : tensor<?x3xf32>
}

// One pass with a sum for each candidate, which samples that do not train the
// gates leave as it is.
// CHECK-LABEL: func.func @gradient
// CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "reduction"]
// CHECK: ^bb0(%{{.*}}: f32, %{{.*}}: f32, %[[FIRST:.*]]: f32, %[[SECOND:.*]]: f32):
// CHECK: arith.remui
// CHECK: %[[SEEN:.*]] = arith.cmpi eq
// CHECK: math.roundeven
// CHECK: arith.select %[[SEEN]], %{{.*}}, %[[FIRST]]
// CHECK: math.roundeven
// CHECK: arith.select %[[SEEN]], %{{.*}}, %[[SECOND]]
// CHECK: linalg.yield %{{.*}}, %{{.*}} : f32, f32
// CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "parallel"]
// A candidate without a grid has no gradient.
// CHECK: arith.cmpf oge
// CHECK-NOT: frac.mix_grad
func.func @gradient(%g: tensor<?x8xf32>, %x: tensor<?x8xf32>, %low: tensor<f32>, %high: tensor<f32>,
                    %widths: tensor<2xf32>, %sampling: tensor<2xf32>) -> tensor<?x2xf32> {
  %dm = frac.mix_grad %g, %x in %low to %high of %widths sampling %sampling
    : tensor<?x8xf32>, tensor<f32>, tensor<2xf32>, tensor<2xf32> -> tensor<?x2xf32>
  return %dm : tensor<?x2xf32>
}

// CHECK-LABEL: func.func @rows
// CHECK: linalg.generic
// CHECK: arith.mulf
// CHECK: arith.remui
// CHECK: arith.select
func.func @rows(%x: tensor<?x4xf32>, %sampling: tensor<2xf32>) -> tensor<?x4xf32> {
  %y = frac.sample_rows %x sampling %sampling : tensor<?x4xf32>, tensor<2xf32>
  return %y : tensor<?x4xf32>
}

// CHECK-LABEL: func.func @gradients_alone
// CHECK-SAME: (%[[X:.*]]: tensor<?x4xf32>
// CHECK-NEXT: return %[[X]]
func.func @gradients_alone(%x: tensor<?x4xf32>, %sampling: tensor<2xf32>, %factor: tensor<f32>) -> tensor<?x4xf32> {
  %a = frac.sample_gradient %x sampling %sampling : tensor<?x4xf32>, tensor<2xf32>
  %b = frac.scale_gradient %a by %factor : tensor<?x4xf32>, tensor<f32>
  return %b : tensor<?x4xf32>
}

// The range of those rows that are not 0, and 0 to 0 where there is none.
// CHECK-LABEL: func.func @range_of_rows
// CHECK-SAME: (%[[X:.*]]: tensor<?x4xf32>, %[[ROWS:.*]]: tensor<?xf32>)
// CHECK: linalg.generic {{.*}}iterator_types = ["reduction", "parallel"]} ins(%[[X]], %[[ROWS]] :
// CHECK: %[[COUNTS:.*]] = arith.cmpf one
// CHECK-COUNT-3: arith.select %[[COUNTS]]
// CHECK: arith.minimumf
// CHECK: arith.maximumf
// CHECK: linalg.generic {{.*}}iterator_types = ["reduction"]
// CHECK: arith.cmpf ole
// CHECK: arith.select
// CHECK-NOT: frac.range
func.func @range_of_rows(%x: tensor<?x4xf32>, %rows: tensor<?xf32>) -> (tensor<f32>, tensor<f32>) {
  %low, %high = frac.range %x rows %rows : tensor<?x4xf32>, tensor<?xf32> -> tensor<f32>, tensor<f32>
  return %low, %high : tensor<f32>, tensor<f32>
}

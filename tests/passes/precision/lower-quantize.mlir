// RUN: frac-opt %s --frac-lower-quantize | FileCheck %s
// RUN: frac-opt %s --frac-lower-quantize=all | FileCheck %s --check-prefix=ALL

frac.symbol @a activation of "fc" {index = 1, max_bits = 8}
frac.symbol @w weight of "fc" {index = 0, max_bits = 16, fixed = 12}

// CHECK-LABEL: func.func @nearest
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<?x4xf32>, %[[T:[a-z0-9]+]]: tensor<2xi32>
// The width is read from the table.
// CHECK-DAG: %[[C1:.*]] = arith.constant 1 : index
// Ends by channel first, then of all; what is not a number is carried apart.
// CHECK: linalg.generic {{.*}} iterator_types = ["reduction", "parallel"]
// CHECK: arith.mulf %{{.*}}, %cst
// CHECK: arith.minimumf {{.*}} fastmath<nnan,nsz>
// CHECK: arith.maximumf {{.*}} fastmath<nnan,nsz>
// CHECK: arith.addf
// CHECK: linalg.generic {{.*}} iterator_types = ["reduction"]
// CHECK: arith.minimumf
// CHECK: arith.maximumf
// CHECK: arith.addf
// CHECK: %[[BITS:.*]] = tensor.extract %[[T]][%[[C1]]]
// CHECK: arith.shli %{{.*}}, %[[BITS]]
// CHECK: %[[LEVELS:.*]] = arith.sitofp
// The scale is bounded below.
// CHECK: arith.divf %{{.*}}, %[[LEVELS]]
// CHECK: arith.maximumf %{{.*}}, %cst
// CHECK: linalg.generic
// CHECK: ^bb0(%[[E:.*]]: f32, %[[LOW:.*]]: f32, %[[SCALE:.*]]: f32, %{{.*}}: i8)
// CHECK: %[[D:.*]] = arith.subf %[[E]], %[[LOW]]
// CHECK: %[[P:.*]] = arith.divf %[[D]], %[[SCALE]]
// CHECK: arith.maximumf %[[P]]
// CHECK: arith.minimumf %{{.*}}, %[[LEVELS]]
// CHECK: math.roundeven
// CHECK: arith.fptosi {{.*}} : f32 to i32
// CHECK: arith.trunci {{.*}} : i32 to i8
func.func @nearest(%x: tensor<?x4xf32>, %t: tensor<2xi32>) -> tensor<?x4xi8> {
  %b = frac.resolve @a from %t : tensor<2xi32>
  %low, %high = frac.range %x : tensor<?x4xf32> -> tensor<f32>, tensor<f32>
  %q, %s = frac.quantize %x in %low to %high bits %b
    : tensor<?x4xf32>, tensor<f32>, tensor<f32> -> tensor<?x4xi8>, tensor<f32>
  return %q : tensor<?x4xi8>
}

// A fixed width is a constant; noise comes from counter, stream and place.

// CHECK-LABEL: func.func @stochastic
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<?x4xf32>
// CHECK-SAME: %[[T2:[a-z0-9]+]]: tensor<2xi32>
// CHECK-NOT: tensor.extract %[[T2]]
// CHECK: linalg.index 0
// CHECK: linalg.index 1
// CHECK: arith.shrsi
// CHECK: arith.sitofp
// CHECK: %[[NOISE:.*]] = arith.mulf
// CHECK: arith.addf %{{.*}}, %[[NOISE]]
// CHECK: arith.trunci {{.*}} : i32 to i16
func.func @stochastic(%x: tensor<?x4xf32>, %low: tensor<f32>, %high: tensor<f32>, %t: tensor<2xi32>,
                      %c: tensor<2xi64>) -> tensor<?x4xi16> {
  %b = frac.resolve @w from %t : tensor<2xi32>
  %q, %s = frac.quantize %x in %low to %high bits %b noise %c {stream = 5}
    : tensor<?x4xf32>, tensor<f32>, tensor<f32>, tensor<2xi64> -> tensor<?x4xi16>, tensor<f32>
  return %q : tensor<?x4xi16>
}

// A factor stays integers; another reader gets numbers.

// CHECK-LABEL: func.func @factor
// CHECK-DAG: %[[F:.*]] = frac.dequantize
// CHECK-DAG: arith.uitofp {{.*}} : i8 to f32
// CHECK: nn.matmul %[[F]], %[[F]]
// ALL-LABEL: func.func @factor
// ALL-NOT: frac.dequantize
// ALL: return
func.func @factor(%q: tensor<4x4xi8>, %s: tensor<4xf32>, %b: !frac.bits) -> (tensor<4x4xf32>, tensor<4x4xf32>) {
  %f = frac.dequantize %q scale %s zero %s bits %b {dimension = 0}
    : tensor<4x4xi8>, tensor<4xf32>, tensor<4xf32> -> tensor<4x4xf32>
  %p = nn.matmul %f, %f : tensor<4x4xf32>, tensor<4x4xf32> -> tensor<4x4xf32>
  return %f, %p : tensor<4x4xf32>, tensor<4x4xf32>
}

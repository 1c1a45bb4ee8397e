// RUN: frac-opt %s --frac-outline-kernels --canonicalize --split-input-file | FileCheck %s

#id = affine_map<(n, h, c) -> (n, h, c)>

// Without a broadcast the loops are one; equal kernels are one function, and a
// buffer that is read and written is passed once.

// CHECK-LABEL: func.func @elementwise
// CHECK-SAME: (%[[N:[a-z0-9]*]]: index
// CHECK: %[[EXTENT:[a-z0-9_]+]] = arith.muli %[[N]], %{{.*}} : index
// CHECK: rt.launch @kernel_0[%[[EXTENT]] grain %{{.*}}] (%[[X:[a-z0-9_]+]], %[[Y:[a-z0-9_]+]]) :
// CHECK: rt.launch @kernel_0[%{{.*}} grain %{{.*}}] (%[[Y]], %[[X]]) :
// CHECK: rt.launch @kernel_1[%{{.*}} grain %{{.*}}] (%[[X]]) :
// CHECK: func.func private @kernel_0(%[[LO:[a-z0-9_]+]]: index, %[[HI:[a-z0-9_]+]]: index, %[[A:[a-z0-9_]+]]: memref<?xf32>, %[[B:[a-z0-9_]+]]: memref<?xf32>) attributes {frac.kernel}
// CHECK-NEXT: arith.constant 1
// CHECK-NEXT: scf.for %[[I:[a-z0-9_]+]] = %[[LO]] to %[[HI]]
// CHECK-NEXT: %[[E:[a-z0-9_]+]] = memref.load %[[A]][%[[I]]]
// CHECK-NEXT: %[[R:[a-z0-9_]+]] = arith.negf %[[E]]
// CHECK-NEXT: memref.store %[[R]], %[[B]][%[[I]]]
// CHECK: func.func private @kernel_1
// CHECK-NOT: @kernel_2
func.func @elementwise(%n: index, %s: memref<?xi8>, %w: memref<?xi8>, %x: memref<?x8x16xf32>, %y: memref<?x8x16xf32>) attributes {frac.inputs = 1 : i64} {
  linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%x : memref<?x8x16xf32>) outs(%y : memref<?x8x16xf32>) {
  ^bb0(%in: f32, %out: f32):
    %r = arith.negf %in : f32
    linalg.yield %r : f32
  }
  linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%y : memref<?x8x16xf32>) outs(%x : memref<?x8x16xf32>) {
  ^bb0(%in: f32, %out: f32):
    %r = arith.negf %in : f32
    linalg.yield %r : f32
  }
  linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%x : memref<?x8x16xf32>) outs(%x : memref<?x8x16xf32>) {
  ^bb0(%in: f32, %out: f32):
    %r = arith.negf %in : f32
    linalg.yield %r : f32
  }
  return
}

// -----

#id = affine_map<(n, h, c) -> (n, h, c)>
#channel = affine_map<(n, h, c) -> (c)>

// An operand a channel leaves two loops, pixels and channels, of which the
// inner one is vectorized.

// CHECK-LABEL: func.func @channel
// CHECK: func.func private @kernel_0
// CHECK: scf.for %[[P:[a-z0-9_]+]] = %{{.*}} to %{{.*}} step
// CHECK: %[[ROW:[a-z0-9_]+]] = arith.muli %[[P]], %c16
// CHECK: scf.for %[[C:[a-z0-9_]+]] = %c0 to %c16 step
// CHECK: %[[I:[a-z0-9_]+]] = arith.addi %[[ROW]], %[[C]]
// CHECK: memref.load %{{.*}}[%[[I]]]
// CHECK: memref.load %{{.*}}[%[[C]]]
// CHECK: } {loop_annotation = #loop_annotation}
func.func @channel(%n: index, %s: memref<?xi8>, %w: memref<?xi8>, %x: memref<?x8x16xf32>, %b: memref<16xf32>, %y: memref<?x8x16xf32>) attributes {frac.inputs = 2 : i64} {
  linalg.generic {indexing_maps = [#id, #channel, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%x, %b : memref<?x8x16xf32>, memref<16xf32>) outs(%y : memref<?x8x16xf32>) {
  ^bb0(%in: f32, %d: f32, %out: f32):
    %r = arith.addf %in, %d : f32
    linalg.yield %r : f32
  }
  return
}

// -----

#id = affine_map<(n, h, c) -> (n, h, c)>
#channel = affine_map<(n, h, c) -> (c)>

// A sum over pixels: 16 parts with accumulators of their own, then a kernel that
// adds them to the constant of the fill, which is gone.

// CHECK-LABEL: func.func @sum
// CHECK: %[[PARTS:[a-z0-9_]+]] = memref.alloc() : memref<16x32xf32>
// CHECK: rt.launch @kernel_0[%c16 grain %{{.*}}] (%[[PARTS]], %{{.*}}, %{{.*}}) :
// CHECK: rt.launch @kernel_1[%c32 grain %{{.*}}] (%[[PARTS]], %{{.*}}) :
// CHECK-NEXT: return
// CHECK: func.func private @kernel_0
// CHECK: scf.for
// CHECK: scf.for
// CHECK-NEXT: arith.addi
// CHECK-NEXT: memref.store %cst
// CHECK: arith.divui
// CHECK: arith.divui
// CHECK: scf.for
// CHECK: scf.for
// CHECK: arith.addf
// CHECK: func.func private @kernel_1
// CHECK: scf.for
// CHECK: %[[FIRST:[a-z0-9_]+]] = memref.load
// CHECK: arith.addf %[[FIRST]], %cst
// CHECK-COUNT-15: arith.addf
// CHECK-NOT: arith.addf
func.func @sum(%n: index, %s: memref<?xi8>, %w: memref<?xi8>, %x: memref<?x8x32xf32>, %y: memref<32xf32>) attributes {frac.inputs = 1 : i64} {
  %zero = arith.constant 0.0 : f32
  linalg.generic {indexing_maps = [affine_map<(c) -> (c)>], iterator_types = ["parallel"]} outs(%y : memref<32xf32>) {
  ^bb0(%out: f32):
    linalg.yield %zero : f32
  }
  linalg.generic {indexing_maps = [#id, #channel], iterator_types = ["reduction", "reduction", "parallel"]} ins(%x : memref<?x8x32xf32>) outs(%y : memref<32xf32>) {
  ^bb0(%in: f32, %out: f32):
    %r = arith.addf %in, %out : f32
    linalg.yield %r : f32
  }
  return
}

// -----

// A row's sum stays in a register.

// CHECK-LABEL: func.func @rows
// CHECK: func.func private @kernel_0
// CHECK: scf.for
// CHECK: %[[SUM:[a-z0-9_]+]] = scf.for {{.*}} iter_args(%[[ACC:[a-z0-9_]+]] = %cst)
// CHECK: %[[R:[a-z0-9_]+]] = arith.addf %{{.*}}, %[[ACC]] fastmath<reassoc,contract>
// CHECK: scf.yield %[[R]]
// CHECK: memref.store %[[SUM]]
func.func @rows(%n: index, %s: memref<?xi8>, %w: memref<?xi8>, %x: memref<?x100xf32>, %y: memref<?xf32>) attributes {frac.inputs = 1 : i64} {
  %zero = arith.constant 0.0 : f32
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>], iterator_types = ["parallel"]} outs(%y : memref<?xf32>) {
  ^bb0(%out: f32):
    linalg.yield %zero : f32
  }
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>], iterator_types = ["parallel", "reduction"]} ins(%x : memref<?x100xf32>) outs(%y : memref<?xf32>) {
  ^bb0(%in: f32, %out: f32):
    %r = arith.addf %in, %out : f32
    linalg.yield %r : f32
  }
  return
}

// -----

// Loops whose number is used stay apart; what the body reads elsewhere is
// found by its place in the one-dimensional buffer.

// CHECK-LABEL: func.func @gather
// CHECK: func.func private @kernel_0
// CHECK: scf.for %[[I:[a-z0-9_]+]] =
// CHECK: scf.for %[[J:[a-z0-9_]+]] =
// CHECK: memref.load %{{.*}}[%{{.*}}] : memref<?xi64>
// CHECK: %[[K:[a-z0-9_]+]] = arith.index_cast
// CHECK: %[[ROW:[a-z0-9_]+]] = arith.muli %[[K]], %c4
// CHECK: %[[PLACE:[a-z0-9_]+]] = arith.addi %[[J]], %[[ROW]]
// CHECK: memref.load %{{.*}}[%[[PLACE]]] : memref<?xf32>
func.func @gather(%n: index, %s: memref<?xi8>, %w: memref<?xi8>, %k: memref<?xi64>, %x: memref<9x4xf32>, %y: memref<?x4xf32>) attributes {frac.inputs = 2 : i64} {
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} ins(%k : memref<?xi64>) outs(%y : memref<?x4xf32>) {
  ^bb0(%in: i64, %out: f32):
    %row = arith.index_cast %in : i64 to index
    %column = linalg.index 1 : index
    %r = memref.load %x[%row, %column] : memref<9x4xf32>
    linalg.yield %r : f32
  }
  return
}

// -----

// A fill of which some elements stay is not folded away.

// CHECK-LABEL: func.func @strided
// CHECK: rt.launch @kernel_0[%{{.*}} grain %{{.*}}] (%[[Y:[a-z0-9_]+]]) :
// CHECK: rt.launch @kernel_1[%{{.*}} grain %{{.*}}] (%{{.*}}, %[[Y]]) :
func.func @strided(%n: index, %s: memref<?xi8>, %w: memref<?xi8>, %x: memref<4xf32>, %y: memref<8xf32>) attributes {frac.inputs = 1 : i64} {
  %zero = arith.constant 0.0 : f32
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>], iterator_types = ["parallel"]} outs(%y : memref<8xf32>) {
  ^bb0(%out: f32):
    linalg.yield %zero : f32
  }
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i * 2)>], iterator_types = ["parallel"]} ins(%x : memref<4xf32>) outs(%y : memref<8xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  }
  return
}

// RUN: frac-opt %s --frac-convert-to-llvm --reconcile-unrealized-casts | FileCheck %s

// CHECK-DAG: llvm.func @frac_parallel_for(!llvm.ptr, i64, i64, !llvm.ptr, !llvm.ptr)
// CHECK-DAG: llvm.mlir.global internal constant @conv_shape_0(dense<[2, 1, 3, 2, 8, 8, 1, 6, 6, 1, 3, 3, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0]> : tensor<25xi64>)

// An entry takes a frac_invocation; it is not worth optimizing.

// CHECK: llvm.func @step(%[[CALL:[a-z0-9_]+]]: !llvm.ptr) attributes {no_inline, optimize_none}
// CHECK: llvm.call @frac_conv_forward(%{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}})
// CHECK: %[[KERNEL:[a-z0-9_]+]] = llvm.mlir.addressof @kernel_0_range
// CHECK: llvm.call @frac_parallel_for(%{{.*}}, %{{.*}}, %{{.*}}, %[[KERNEL]], %{{.*}})
func.func @step(%n: index, %s: memref<?xi8>, %w: memref<?xi8>, %x: memref<?x8x8x3xf32>, %y: memref<?x6x6x2xf32>) attributes {frac.inputs = 1 : i64} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %weights = memref.view %s[%c0][] : memref<?xi8> to memref<2x3x3x3xf32>
  rt.conv forward(%x, %weights) into %y batch %n {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, groups = 1 : i64} : memref<?x8x8x3xf32>, memref<2x3x3x3xf32>, memref<?x6x6x2xf32>
  rt.launch @kernel_0[%n grain %c1] (%x, %y) : memref<?x8x8x3xf32>, memref<?x6x6x2xf32>
  return
}

// Kernels know that their buffers do not overlap; a wrapper unpacks them. A
// truth value takes a byte.

// CHECK: llvm.func internal @kernel_0(%{{.*}}: i64, %{{.*}}: i64, %{{.*}}: !llvm.ptr {llvm.noalias, llvm.nonnull, llvm.noundef}, %{{.*}}: !llvm.ptr {llvm.noalias, llvm.nonnull, llvm.noundef}) attributes {no_inline}
// CHECK: llvm.load %{{.*}} : !llvm.ptr -> i8
// CHECK: llvm.trunc %{{.*}} : i8 to i1
// CHECK: llvm.zext %{{.*}} : i1 to i8
// CHECK: llvm.func internal @kernel_0_range(%{{.*}}: i64, %{{.*}}: i64, %{{.*}}: !llvm.ptr)
// CHECK: llvm.call @kernel_0
func.func private @kernel_0(%lo: index, %hi: index, %x: memref<?xi1>, %y: memref<?xi1>) attributes {frac.kernel} {
  %e = memref.load %x[%lo] : memref<?xi1>
  memref.store %e, %y[%lo] : memref<?xi1>
  return
}

// RUN: frac-opt %s --frac-plan-memory=batch=10 --split-input-file --verify-diagnostics | FileCheck %s

// Planned for 10 samples: buffers of 640 bytes. The first and the third are not
// in use at the same time and share a place.

func.func private @kernel(index, index, memref<?xf32>, memref<?xf32>)

// CHECK-LABEL: func.func @entry
// CHECK-SAME: (%[[N:[a-z0-9_]+]]: index, %{{.*}}: memref<?xi8>, %[[W:[a-z0-9_]+]]: memref<?xi8>)
// CHECK-SAME: frac.workspace_bytes = 1280
// CHECK: %[[ZERO:[a-z0-9_]+]] = arith.constant 0 : index
// CHECK: %[[A:[a-z0-9_]+]] = memref.view %[[W]][%[[ZERO]]][%[[N]]] : memref<?xi8> to memref<?x16xf32>
// CHECK: %[[OTHER:[a-z0-9_]+]] = arith.constant 640 : index
// CHECK: %[[B:[a-z0-9_]+]] = memref.view %[[W]][%[[OTHER]]][%[[N]]]
// CHECK: %[[ZERO2:.*]] = arith.constant 0 : index
// CHECK: %[[C:[a-z0-9_]+]] = memref.view %[[W]][%[[ZERO2]]][%[[N]]]
// CHECK-NOT: memref.alloc
func.func @entry(%n: index, %state: memref<?xi8>, %workspace: memref<?xi8>) attributes {frac.inputs = 0 : i64} {
  %c1 = arith.constant 1 : index
  %a = memref.alloc(%n) : memref<?x16xf32>
  %b = memref.alloc(%n) : memref<?x16xf32>
  rt.launch @kernel[%n grain %c1] (%a, %b) : memref<?x16xf32>, memref<?x16xf32>
  %c = memref.alloc(%n) : memref<?x16xf32>
  rt.launch @kernel[%n grain %c1] (%b, %c) : memref<?x16xf32>, memref<?x16xf32>
  return
}

// -----

// A view keeps its buffer in use.

func.func private @kernel(index, index, memref<?xf32>, memref<?xf32>)

// CHECK-LABEL: func.func @view
// CHECK-SAME: frac.workspace_bytes = 1920
func.func @view(%n: index, %state: memref<?xi8>, %workspace: memref<?xi8>) attributes {frac.inputs = 0 : i64} {
  %c1 = arith.constant 1 : index
  %a = memref.alloc(%n) : memref<?x16xf32>
  %v = rt.reshape %a[%n] : memref<?x16xf32> -> memref<?x4x4xf32>
  %b = memref.alloc(%n) : memref<?x16xf32>
  rt.launch @kernel[%n grain %c1] (%a, %b) : memref<?x16xf32>, memref<?x16xf32>
  %c = memref.alloc(%n) : memref<?x16xf32>
  rt.launch @kernel[%n grain %c1] (%v, %c) : memref<?x4x4xf32>, memref<?x16xf32>
  rt.launch @kernel[%n grain %c1] (%b, %c) : memref<?x16xf32>, memref<?x16xf32>
  return
}

// -----

func.func @unknown(%n: index, %state: memref<?xi8>, %workspace: memref<?xi8>, %x: memref<i64>) attributes {frac.inputs = 1 : i64} {
  %l = memref.load %x[] : memref<i64>
  %s = arith.index_cast %l : i64 to index
  // expected-error @+1 {{has a size that does not follow from the batch}}
  %a = memref.alloc(%s) : memref<?xf32>
  memref.copy %a, %a : memref<?xf32> to memref<?xf32>
  return
}

// RUN: frac-opt %s --frac-unswitch-reductions --canonicalize --split-input-file | FileCheck %s

// Rows that are not looked at have no inner loop left.
// CHECK-LABEL: func.func @rows
// CHECK: scf.for
// CHECK: %[[SEEN:.*]] = arith.cmpi eq
// CHECK: %[[SUM:.*]] = scf.if %[[SEEN]] -> (f32) {
// CHECK: scf.for
// CHECK: scf.for
// CHECK: arith.addf
// CHECK-NOT: arith.select
// CHECK: } else {
// CHECK-NEXT: scf.yield %{{.*}} : f32
// CHECK: memref.store %[[SUM]]
func.func @rows(%x: memref<?xf32>, %y: memref<?xf32>, %rows: index, %period: index, %phase: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %zero = arith.constant 0.0 : f32
  scf.for %row = %c0 to %rows step %c1 {
    %sum = scf.for %i = %c0 to %c8 step %c1 iter_args(%a = %zero) -> f32 {
      %s = scf.for %j = %c0 to %c8 step %c1 iter_args(%b = %a) -> f32 {
        %rest = arith.remui %row, %period : index
        %seen = arith.cmpi eq, %rest, %phase : index
        %v = memref.load %x[%j] : memref<?xf32>
        %more = arith.addf %b, %v fastmath<reassoc> : f32
        %next = arith.select %seen, %more, %b : f32
        scf.yield %next : f32
      }
      scf.yield %s : f32
    }
    memref.store %sum, %y[%row] : memref<?xf32>
  }
  return
}

// -----

// What else the loop does is done for all rows.
// CHECK-LABEL: func.func @stores
// CHECK: scf.if
// CHECK: scf.for
// CHECK: memref.store
// CHECK: arith.addf
// CHECK: } else {
// CHECK: scf.for
// CHECK-NOT: arith.addf
// CHECK: memref.store
func.func @stores(%x: memref<?xf32>, %y: memref<?xf32>, %seen: i1) -> f32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %zero = arith.constant 0.0 : f32
  %sum = scf.for %i = %c0 to %c8 step %c1 iter_args(%a = %zero) -> f32 {
    %v = memref.load %x[%i] : memref<?xf32>
    memref.store %v, %y[%i] : memref<?xf32>
    %more = arith.addf %a, %v : f32
    %next = arith.select %seen, %more, %a : f32
    scf.yield %next : f32
  }
  return %sum : f32
}

// -----

// A condition that the loop changes stays, as does a select between two sums.
// CHECK-LABEL: func.func @inner
// CHECK-NOT: scf.if
// CHECK: return
func.func @inner(%x: memref<?xf32>, %seen: i1) -> (f32, f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %zero = arith.constant 0.0 : f32
  %sums:2 = scf.for %i = %c0 to %c8 step %c1 iter_args(%a = %zero, %b = %zero) -> (f32, f32) {
    %v = memref.load %x[%i] : memref<?xf32>
    %positive = arith.cmpf ogt, %v, %zero : f32
    %more = arith.addf %a, %v : f32
    %next = arith.select %positive, %more, %a : f32
    %other = arith.select %seen, %more, %v : f32
    scf.yield %next, %other : f32, f32
  }
  return %sums#0, %sums#1 : f32, f32
}

// -----

// Of two conditions one is taken out.
// CHECK-LABEL: func.func @two
// CHECK-COUNT-1: scf.if
// CHECK-NOT: scf.if
// CHECK: return
func.func @two(%x: memref<?xf32>, %first: i1, %second: i1) -> (f32, f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %zero = arith.constant 0.0 : f32
  %sums:2 = scf.for %i = %c0 to %c8 step %c1 iter_args(%a = %zero, %b = %zero) -> (f32, f32) {
    %v = memref.load %x[%i] : memref<?xf32>
    %more = arith.addf %a, %v : f32
    %next = arith.select %first, %more, %a : f32
    %most = arith.addf %b, %v : f32
    %other = arith.select %second, %most, %b : f32
    scf.yield %next, %other : f32, f32
  }
  return %sums#0, %sums#1 : f32, f32
}

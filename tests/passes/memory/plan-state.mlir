// RUN: frac-opt %s --frac-plan-state --split-input-file --verify-diagnostics | FileCheck %s

// Gradients lie last, behind what a step needs; each place is a multiple of 64.

// CHECK: module attributes {frac.grad_state_bytes = 384 : i64, frac.state_bytes = 320 : i64}
// CHECK: @gradient{{.*}} {frac.of = "w", frac.offset = 320 : i64, frac.role = "gradient"}
// CHECK: @slot{{.*}} {frac.of = "w", frac.offset = 256 : i64, frac.role = "slot"}
// CHECK: @w{{.*}} {frac.offset = 0 : i64, frac.role = "parameter"}
// CHECK: @mean{{.*}} {frac.offset = 192 : i64, frac.role = "state"}
// CHECK: @constant{{.*}} {frac.offset = 128 : i64}
ml_program.global private mutable @gradient(dense<0.0> : tensor<4xf32>) : tensor<4xf32> {frac.role = "gradient", frac.of = "w"}
ml_program.global private mutable @slot(dense<0.0> : tensor<4xf32>) : tensor<4xf32> {frac.role = "slot", frac.of = "w"}
ml_program.global private mutable @w(dense<1.0> : tensor<17xf32>) : tensor<17xf32> {frac.role = "parameter"}
ml_program.global private mutable @mean(dense<0.0> : tensor<4xf32>) : tensor<4xf32> {frac.role = "state"}
ml_program.global private mutable @constant(dense<true> : tensor<3xi1>) : tensor<3xi1>

// -----

// expected-error @+1 {{variable 'w' has the unknown role "weight"; known are parameter, frozen, state, slot and gradient}}
ml_program.global private mutable @w(dense<1.0> : tensor<4xf32>) : tensor<4xf32> {frac.role = "weight"}

// -----

// expected-error @+1 {{variable 'w' needs a type of fixed size, but has 'tensor<?xf32>'}}
ml_program.global private mutable @w(dense<1.0> : tensor<4xf32>) : tensor<?xf32> {frac.role = "parameter"}

// RUN: frac-opt %s --split-input-file --verify-diagnostics -o /dev/null

func.func @rank(%x: memref<4x4xf32>) {
  // expected-error @+1 {{needs 1 to 3 spatial dimensions, but has 0}}
  rt.conv forward(%x, %x) into %x {strides = array<i64>, dilations = array<i64>, pads_begin = array<i64>, pads_end = array<i64>, groups = 1 : i64} : memref<4x4xf32>, memref<4x4xf32>, memref<4x4xf32>
  return
}

// -----

func.func @geometry(%x: memref<4x4x4xf32>) {
  // expected-error @+1 {{needs one entry a spatial dimension in each geometry attribute}}
  rt.conv forward(%x, %x) into %x {strides = array<i64: 1>, dilations = array<i64: 1>, pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0>, groups = 1 : i64} : memref<4x4x4xf32>, memref<4x4x4xf32>, memref<4x4x4xf32>
  return
}

// -----

func.func @ranks(%x: memref<4x4x4xf32>, %y: memref<4x4x4x4xf32>) {
  // expected-error @+1 {{needs operands of one rank}}
  rt.conv forward(%x, %y) into %x {strides = array<i64: 1>, dilations = array<i64: 1>, pads_begin = array<i64: 0>, pads_end = array<i64: 0>, groups = 1 : i64} : memref<4x4x4xf32>, memref<4x4x4x4xf32>, memref<4x4x4xf32>
  return
}

// -----

func.func @elements(%x: memref<4x4x4xf64>) {
  // expected-error @+1 {{needs buffers of f32}}
  rt.conv forward(%x, %x) into %x {strides = array<i64: 1>, dilations = array<i64: 1>, pads_begin = array<i64: 0>, pads_end = array<i64: 0>, groups = 1 : i64} : memref<4x4x4xf64>, memref<4x4x4xf64>, memref<4x4x4xf64>
  return
}

// -----

func.func @unknown(%n: index) {
  // expected-error @+1 {{names an unknown kernel @kernel}}
  rt.launch @kernel[%n grain %n] ()
  return
}

// -----

func.func private @kernel(index, index, memref<?xf32>)
func.func @count(%n: index) {
  // expected-error @+1 {{gives 0 arguments to a kernel that takes 1}}
  rt.launch @kernel[%n grain %n] ()
  return
}

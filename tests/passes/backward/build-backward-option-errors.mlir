// RUN: not frac-opt %s -frac-build-backward=function=absent 2>&1 | FileCheck %s --check-prefix=FUNCTION
// RUN: not frac-opt %s -frac-build-backward=arguments=1 2>&1 | FileCheck %s --check-prefix=ARGUMENT
// RUN: not frac-opt %s -frac-build-backward=globals=absent 2>&1 | FileCheck %s --check-prefix=GLOBAL
// RUN: not frac-opt %s -frac-build-backward=result=1 2>&1 | FileCheck %s --check-prefix=RESULT

// FUNCTION: error: there is no function 'absent' to differentiate
// ARGUMENT: error: has no argument 1 of floats
// GLOBAL: error: loads no variable 'absent' of floats
// RESULT: error: has no result 1 of floats
func.func @f(%x: tensor<f32>, %i: tensor<i32>) -> tensor<f32> {
  return %x : tensor<f32>
}

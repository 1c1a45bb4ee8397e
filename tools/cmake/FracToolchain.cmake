# Finds what the project is built with, all of it from Debian packages (see
# tools/setup), and sets the flags that hold for every target.

set(MLIR_DIR /usr/lib/llvm-22/lib/cmake/mlir CACHE PATH "MLIR's CMake package")
find_package(MLIR 22 REQUIRED CONFIG)
list(APPEND CMAKE_MODULE_PATH ${MLIR_CMAKE_DIR} ${LLVM_CMAKE_DIR})
include(TableGen)
include(AddLLVM)
include(AddMLIR)

find_package(Protobuf REQUIRED)
find_package(ONNX REQUIRED CONFIG)
find_package(dnnl REQUIRED CONFIG)
find_package(OpenMP REQUIRED COMPONENTS CXX)
find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)
find_package(GTest REQUIRED)

# LLVM's programs (FileCheck, lit, not) lie outside PATH.
set(FRAC_LLVM_BIN ${LLVM_TOOLS_BINARY_DIR})

find_program(FRAC_CCACHE ccache)
if(FRAC_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_C_COMPILER_LAUNCHER ${FRAC_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${FRAC_CCACHE})
endif()

add_compile_options(-Wall -Wextra -Wno-unused-parameter -Wno-comment)
if(FRAC_WARNINGS_AS_ERRORS)
  add_compile_options(-Werror)
endif()
if(FRAC_SANITIZE)
  add_compile_options(-fsanitize=${FRAC_SANITIZE} -fno-omit-frame-pointer
                      -fno-sanitize=vptr)
  add_link_options(-fsanitize=${FRAC_SANITIZE})
endif()

# Finds what the project is built with, all of it from Debian packages (see
# tools/setup), and sets the flags that hold for every target.

set(MLIR_DIR /usr/lib/llvm-22/lib/cmake/mlir CACHE PATH "MLIR's CMake package")
find_package(MLIR REQUIRED CONFIG)
if(NOT LLVM_VERSION_MAJOR EQUAL 22)
  message(FATAL_ERROR "MLIR 22 is needed, but ${MLIR_DIR} holds version ${LLVM_VERSION_MAJOR}")
endif()
list(APPEND CMAKE_MODULE_PATH ${MLIR_CMAKE_DIR} ${LLVM_CMAKE_DIR})
include(TableGen)
include(AddLLVM)
include(AddMLIR)

find_package(Protobuf REQUIRED)
find_package(ONNX REQUIRED CONFIG)
find_package(OpenMP REQUIRED COMPONENTS CXX)
find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)
find_package(GTest REQUIRED)

# Debian's CMake package of oneDNN asks for OpenCL's headers, which nothing here
# needs, so the library is found by hand.
find_path(DNNL_INCLUDE_DIR dnnl.hpp REQUIRED)
find_library(DNNL_LIBRARY dnnl REQUIRED)
add_library(DNNL::dnnl SHARED IMPORTED GLOBAL)
set_target_properties(DNNL::dnnl PROPERTIES
  IMPORTED_LOCATION ${DNNL_LIBRARY}
  INTERFACE_INCLUDE_DIRECTORIES ${DNNL_INCLUDE_DIR})

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

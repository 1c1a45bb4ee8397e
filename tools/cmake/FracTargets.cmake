# One function for each kind of target, so that a folder's CMakeLists.txt says
# only what it holds.

# frac_add_compiler_library(NAME sources... [DEPENDS tablegen-targets...]
#                           [LINK_LIBS libraries...])
#
# A static library that sees MLIR, LLVM and the project's headers. It links the
# shared MLIR and LLVM: a second, static copy would carry a second set of type
# ids. LLVM is built without RTTI and exceptions, so these libraries are too.
function(frac_add_compiler_library NAME)
  cmake_parse_arguments(ARG "" "" "DEPENDS;LINK_LIBS" ${ARGN})
  add_library(${NAME} STATIC ${ARG_UNPARSED_ARGUMENTS})
  target_include_directories(${NAME} SYSTEM PUBLIC ${MLIR_INCLUDE_DIRS} ${LLVM_INCLUDE_DIRS})
  target_include_directories(${NAME} PUBLIC ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR})
  target_compile_options(${NAME} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-fno-rtti -fno-exceptions>)
  target_link_libraries(${NAME} PUBLIC ${ARG_LINK_LIBS} MLIR LLVM)
  if(ARG_DEPENDS)
    add_dependencies(${NAME} ${ARG_DEPENDS})
  endif()
endfunction()

# frac_add_dialect(NAME mnemonic): TableGen of NAMEOps.td into the dialect's,
# types', attributes', enums' and operators' declarations and definitions; the
# target is FracNAMEIncGen.
function(frac_add_dialect NAME DIALECT)
  set(LLVM_TARGET_DEFINITIONS ${NAME}Ops.td)
  frac_tablegen(${NAME}Ops.h.inc -gen-op-decls)
  frac_tablegen(${NAME}Ops.cpp.inc -gen-op-defs)
  frac_tablegen(${NAME}Dialect.h.inc -gen-dialect-decls -dialect=${DIALECT})
  frac_tablegen(${NAME}Dialect.cpp.inc -gen-dialect-defs -dialect=${DIALECT})
  frac_tablegen(${NAME}Types.h.inc -gen-typedef-decls -typedefs-dialect=${DIALECT})
  frac_tablegen(${NAME}Types.cpp.inc -gen-typedef-defs -typedefs-dialect=${DIALECT})
  frac_tablegen(${NAME}Attributes.h.inc -gen-attrdef-decls -attrdefs-dialect=${DIALECT})
  frac_tablegen(${NAME}Attributes.cpp.inc -gen-attrdef-defs -attrdefs-dialect=${DIALECT})
  frac_tablegen(${NAME}Enums.h.inc -gen-enum-decls)
  frac_tablegen(${NAME}Enums.cpp.inc -gen-enum-defs)
  add_public_tablegen_target(Frac${NAME}IncGen)
endfunction()

# frac_tablegen(OUTPUT flags...): one run of mlir-tblgen over
# LLVM_TARGET_DEFINITIONS with the project's root on the include path.
macro(frac_tablegen OUTPUT)
  mlir_tablegen(${OUTPUT} ${ARGN} EXTRA_INCLUDES ${PROJECT_SOURCE_DIR} ${MLIR_INCLUDE_DIRS})
endmacro()

# frac_add_unittest(NAME sources... [LINK_LIBS libraries...]): a GoogleTest
# program, registered with ctest as one test that fails if it ran nothing.
function(frac_add_unittest NAME)
  cmake_parse_arguments(ARG "" "" "LINK_LIBS" ${ARGN})
  add_executable(${NAME} ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${NAME} PRIVATE ${ARG_LINK_LIBS} GTest::gtest GTest::gtest_main)
  add_test(NAME unit.${NAME} COMMAND ${NAME})
  set_tests_properties(unit.${NAME} PROPERTIES
    FAIL_REGULAR_EXPRESSION "0 tests from 0 test suites" LABELS unit)
endfunction()

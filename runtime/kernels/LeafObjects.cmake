# Inner loops that are compiled for one instruction set each. clang keeps their
# tiles in registers where g++ spills them, so it compiles them if it is
# installed; what they share with the rest is a C-like interface.
find_program(FRAC_LEAF_COMPILER clang++-22 DOC "Compiler of inner loops")

# frac_add_leaf_source(TARGET source flags...)
#
# Adds to TARGET the object of a source that holds inner loops, compiled with
# `flags` on top of optimization. Sanitizers leave it out. Archives of TARGET's
# objects also need those of its property FRAC_LEAF_OBJECTS.
function(frac_add_leaf_source TARGET SOURCE)
  if(NOT FRAC_LEAF_COMPILER)
    target_sources(${TARGET} PRIVATE ${SOURCE})
    set_source_files_properties(${SOURCE} PROPERTIES
      COMPILE_OPTIONS "-O3;-ffp-contract=fast;-Wno-psabi;-fno-sanitize=all;${ARGN}")
    return()
  endif()
  set(OBJECT ${CMAKE_CURRENT_BINARY_DIR}/${SOURCE}.o)
  get_filename_component(FOLDER ${OBJECT} DIRECTORY)
  file(MAKE_DIRECTORY ${FOLDER})
  set(WARNINGS -Wall -Wextra)
  if(FRAC_WARNINGS_AS_ERRORS)
    list(APPEND WARNINGS -Werror)
  endif()
  add_custom_command(
    OUTPUT ${OBJECT}
    COMMAND ${CMAKE_CXX_COMPILER_LAUNCHER} ${FRAC_LEAF_COMPILER} -std=c++17 -O3
      -ffp-contract=fast -fPIC $<$<NOT:$<CONFIG:Release>>:-g> ${WARNINGS}
      ${ARGN} -I${PROJECT_SOURCE_DIR} -MD -MF ${OBJECT}.d -MT ${OBJECT}
      -c ${CMAKE_CURRENT_SOURCE_DIR}/${SOURCE} -o ${OBJECT}
    DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${SOURCE}
    DEPFILE ${OBJECT}.d
    COMMENT "Compiling inner loops ${SOURCE}"
    COMMAND_EXPAND_LISTS VERBATIM)
  target_sources(${TARGET} PRIVATE ${OBJECT})
  # TARGET_OBJECTS leaves out what TARGET did not compile itself.
  set_property(TARGET ${TARGET} APPEND PROPERTY FRAC_LEAF_OBJECTS ${OBJECT})
endfunction()

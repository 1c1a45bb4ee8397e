# What `cmake --install` puts in place and what CPack packs: programs, the
# plugin, the runtime, headers with their TableGen files, and the CMake package.
# fracc looks for the runtime in ../lib.

include(CMakePackageConfigHelpers)

set(FRAC_INSTALL_INCLUDE include/fracc)
set(FRAC_INSTALL_RUNTIME lib/libFracRuntime.a)

set_target_properties(fracc frac-opt FracPlugin PROPERTIES
  INSTALL_RPATH_USE_LINK_PATH ON)
target_include_directories(FracPlugin INTERFACE
  $<INSTALL_INTERFACE:${FRAC_INSTALL_INCLUDE}>)

install(TARGETS fracc frac-opt RUNTIME DESTINATION bin)
install(TARGETS FracPlugin EXPORT FracTargets LIBRARY DESTINATION lib)
install(TARGETS FracRuntime ARCHIVE DESTINATION lib)
install(FILES ${PROJECT_SOURCE_DIR}/runtime/frac_runtime.h
  DESTINATION ${FRAC_INSTALL_INCLUDE}/runtime)
foreach(room dialects passes)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/${room} ${PROJECT_BINARY_DIR}/${room}
    DESTINATION ${FRAC_INSTALL_INCLUDE}
    FILES_MATCHING PATTERN "*.h" PATTERN "*.td" PATTERN "*.inc"
    PATTERN CMakeFiles EXCLUDE)
endforeach()
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION share/doc/fracc
  RENAME copyright)

install(EXPORT FracTargets NAMESPACE Frac:: DESTINATION lib/cmake/Frac)
configure_package_config_file(
  ${CMAKE_CURRENT_LIST_DIR}/FracConfig.cmake.in
  ${PROJECT_BINARY_DIR}/FracConfig.cmake
  INSTALL_DESTINATION lib/cmake/Frac
  PATH_VARS FRAC_INSTALL_INCLUDE FRAC_INSTALL_RUNTIME)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/FracConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/FracConfig.cmake
  ${PROJECT_BINARY_DIR}/FracConfigVersion.cmake DESTINATION lib/cmake/Frac)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME fracc)
set(CPACK_PACKAGE_CONTACT "the fracc project <fracc@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY ${PROJECT_DESCRIPTION})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# fracc links what it compiles; projects that build on the package need MLIR.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "g++, libdnnl-dev, zlib1g-dev")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "libmlir-22-dev, mlir-22-tools")
include(CPack)

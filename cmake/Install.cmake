# What `cmake --install` puts where, by component:
#   program   bin/actlab               cmake/launcher.in: finds LibTorch and starts the program
#             lib/actlab/actlab        the program: its start, which loads
#             lib/actlab/actlab-program.so
#             share/actlab/configs/    share/doc/actlab/
#   library   lib/libactlab.so         include/actlab/    lib/cmake/actlab/
#   libtorch  lib/actlab/libtorch      a link to the LibTorch of this build, so that nothing need be named; not in packages
#   bundled   lib/actlab/lib*.so*      Debian's libraries that program and library need; only in the archive of
#                                      cmake/Package.cmake, which is to run elsewhere
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(actlab_private "${CMAKE_INSTALL_LIBDIR}/actlab")
set(actlab_package "${CMAKE_INSTALL_LIBDIR}/cmake/actlab")
set(actlab_docs "${CMAKE_INSTALL_DATADIR}/doc/actlab")

# Bundled libraries find each other by the run-time path of what loads them, which the older kind of path is for. It
# comes before LD_LIBRARY_PATH, so LibTorch's folder must not be in it.
set_target_properties(actlab_program PROPERTIES INSTALL_RPATH "$ORIGIN")
set_target_properties(actlab_library PROPERTIES INSTALL_RPATH "$ORIGIN/actlab")
target_link_options(actlab_program PRIVATE LINKER:--disable-new-dtags)
target_link_options(actlab_library PRIVATE LINKER:--disable-new-dtags)

# --- program --------------------------------------------------------------------------------------------------------

configure_file("${CMAKE_CURRENT_LIST_DIR}/launcher.in" "${PROJECT_BINARY_DIR}/installed/actlab" @ONLY)
install(PROGRAMS "${PROJECT_BINARY_DIR}/installed/actlab" TYPE BIN COMPONENT program)
install(TARGETS actlab RUNTIME DESTINATION "${actlab_private}" COMPONENT program)
install(TARGETS actlab_program RUNTIME_DEPENDENCY_SET actlab_dependencies
  LIBRARY DESTINATION "${actlab_private}" COMPONENT program)
install(DIRECTORY configs DESTINATION "${CMAKE_INSTALL_DATADIR}/actlab" COMPONENT program)
install(FILES README.md DESTINATION "${actlab_docs}" COMPONENT program)
install(FILES LICENSE DESTINATION "${actlab_docs}" RENAME copyright COMPONENT program)
install(DIRECTORY docs DESTINATION "${actlab_docs}" COMPONENT program)

# --- library --------------------------------------------------------------------------------------------------------

install(TARGETS actlab_library EXPORT actlab RUNTIME_DEPENDENCY_SET actlab_dependencies
  LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT library
  INCLUDES DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(DIRECTORY include/actlab "${PROJECT_BINARY_DIR}/include/actlab" TYPE INCLUDE COMPONENT library
  FILES_MATCHING PATTERN "*.h")
install(EXPORT actlab NAMESPACE actlab:: FILE actlabTargets.cmake DESTINATION "${actlab_package}" COMPONENT library)
configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/actlabConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/installed/actlabConfig.cmake"
  INSTALL_DESTINATION "${actlab_package}" PATH_VARS CMAKE_INSTALL_LIBDIR)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/installed/actlabConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/installed/actlabConfig.cmake"
  "${PROJECT_BINARY_DIR}/installed/actlabConfigVersion.cmake"
  "${CMAKE_CURRENT_LIST_DIR}/LibTorch.cmake" "${CMAKE_CURRENT_LIST_DIR}/LibTorchCuda.cmake"
  DESTINATION "${actlab_package}" COMPONENT library)

# --- libtorch, bundled ----------------------------------------------------------------------------------------------

install(CODE "
  set(link \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${actlab_private}/libtorch\")
  message(STATUS \"Linking: \${link} -> ${actlab_torch_folder}\")
  file(REMOVE \"\${link}\")
  file(CREATE_LINK \"${actlab_torch_folder}\" \"\${link}\" SYMBOLIC)" COMPONENT libtorch)

# Not LibTorch and CUDA's, nor what every Debian has: the C and the C++ library.
install(RUNTIME_DEPENDENCY_SET actlab_dependencies
  PRE_EXCLUDE_REGEXES "^lib(torch|c10|cudart|gomp)" "^(ld-linux|lib(c|m|mvec|dl|rt|pthread|gcc_s|stdc\\+\\+)\\.so)"
  LIBRARY DESTINATION "${actlab_private}" COMPONENT bundled)

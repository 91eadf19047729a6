# What cpack makes of what Install.cmake installs: a .deb for the release of Debian that it is made on, which depends on
# that release's libraries, and a .tar.gz that brings them along and can be unpacked anywhere. LibTorch is in neither.
set(CPACK_GENERATOR DEB TGZ)
set(CPACK_PACKAGE_NAME actlab)
set(CPACK_PACKAGE_VENDOR "The actlab authors")
set(CPACK_PACKAGE_CONTACT "The actlab authors")
set(CPACK_PACKAGE_FILE_NAME "actlab-${PROJECT_VERSION}-linux-${CMAKE_SYSTEM_PROCESSOR}")
set(CPACK_PACKAGE_DIRECTORY "${PROJECT_BINARY_DIR}/packages")
set(CPACK_PACKAGE_CHECKSUM SHA256)
set(CPACK_STRIP_FILES ON)
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_PROJECT_CONFIG_FILE "${CMAKE_CURRENT_LIST_DIR}/PackageContents.cmake")

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "Activation laboratory on LibTorch: program and C++ library
 Trains classifiers from a config file, swaps their activation functions by one
 line of it, evaluates saved checkpoints, and shows why an activation works or
 fails. Runs with LibTorch ${actlab_torch_release}, which Debian does not have: that of a
 Python environment (pip install \"torch==${actlab_torch_release}.*\"), or the one that the
 environment variable ACTLAB_LIBTORCH names.")
# dpkg-shlibdeps finds out; LibTorch's libraries, which it also meets, are in no package.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS "${actlab_torch_folder}/lib" ${actlab_cuda_lib})
# `data fetch` asks curl.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "curl, ca-certificates, python3-venv")
include(CPack)

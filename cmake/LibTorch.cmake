# Makes the target `actlab::libtorch` from a folder that holds include/ and lib/: the `torch` folder of a Python wheel, or
# an unpacked LibTorch archive; CPU or CUDA. A CUDA wheel needs no CUDA toolkit: TorchConfig.cmake insists on one, this
# does not. Where it is looked for:
#   1. ACTLAB_LIBTORCH, the CMake variable, then the environment variable
#   2. find_package(Torch), when Torch_DIR or CMAKE_PREFIX_PATH is set
#   3. the virtual environment ACTLAB_VENV, by default .venv of this project (scripts/setup makes it)
#   4. a torch that python3 can import
# Sets actlab_torch_folder, actlab_torch_version and actlab_torch_release; where there is no target, actlab_torch_problem
# says why. Installed, it does the same for programs that use the library.
set(actlab_torch_minimum 2.11)
set(actlab_torch_problem "")

# The version of the LibTorch in `folder`, or an empty string.
function(actlab_torch_version folder out)
  set(version "")
  foreach(header torch/headeronly/version.h torch/csrc/api/include/torch/version.h)
    if(NOT version AND EXISTS "${folder}/include/${header}")
      file(STRINGS "${folder}/include/${header}" lines REGEX "^#define TORCH_VERSION_(MAJOR|MINOR|PATCH) [0-9]+")
      list(TRANSFORM lines REPLACE "^.* " "")
      list(JOIN lines "." version)
    endif()
  endforeach()
  set(${out} "${version}" PARENT_SCOPE)
endfunction()

function(actlab_find_torch_folder out)
  set(in_venv "")
  if(ACTLAB_VENV)
    file(GLOB in_venv "${ACTLAB_VENV}/lib/python3*/site-packages/torch")
  endif()
  find_program(ACTLAB_PYTHON3 python3)
  mark_as_advanced(ACTLAB_PYTHON3)
  set(importable "")
  if(NOT in_venv AND ACTLAB_PYTHON3)
    execute_process(
      COMMAND "${ACTLAB_PYTHON3}" -c
              "import importlib.util as u; print(u.find_spec('torch').submodule_search_locations[0])"
      OUTPUT_VARIABLE importable OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  endif()
  foreach(folder IN LISTS in_venv importable)
    if(EXISTS "${folder}/lib/libtorch.so")
      set(${out} "${folder}" PARENT_SCOPE)
      return()
    endif()
  endforeach()
  set(${out} "" PARENT_SCOPE)
endfunction()

# In order of precedence, the first that is there.
set(actlab_torch_folder "${ACTLAB_LIBTORCH}")
if(NOT actlab_torch_folder)
  set(actlab_torch_folder "$ENV{ACTLAB_LIBTORCH}")
endif()
if(NOT actlab_torch_folder AND (Torch_DIR OR CMAKE_PREFIX_PATH))
  find_package(Torch QUIET)
endif()
if(NOT actlab_torch_folder AND NOT Torch_FOUND)
  actlab_find_torch_folder(actlab_torch_folder)
endif()

if(Torch_FOUND)
  set(actlab_torch_folder "${TORCH_INSTALL_PREFIX}")
  set(actlab_torch_version "${Torch_VERSION}")
elseif(actlab_torch_folder)
  get_filename_component(actlab_torch_folder "${actlab_torch_folder}" ABSOLUTE BASE_DIR "${PROJECT_SOURCE_DIR}")
  actlab_torch_version("${actlab_torch_folder}" actlab_torch_version)
  if(NOT actlab_torch_version OR NOT EXISTS "${actlab_torch_folder}/lib/libtorch.so")
    string(CONCAT actlab_torch_problem "${actlab_torch_folder} is no LibTorch folder: it should hold "
                                       "lib/libtorch.so and include/torch/.")
    return()
  endif()
else()
  set(actlab_torch_problem "No LibTorch was found.")
  return()
endif()
if(actlab_torch_version VERSION_LESS actlab_torch_minimum)
  string(CONCAT actlab_torch_problem "LibTorch ${actlab_torch_version} in ${actlab_torch_folder} is too old: "
                                     "${actlab_torch_minimum} or newer is needed.")
  return()
endif()
# Programs run with the release that they were compiled for, as "2.13".
string(REGEX MATCH "^[0-9]+[.][0-9]+" actlab_torch_release "${actlab_torch_version}")

# Keeps a library, and its place among the others, although nothing refers to it by name.
set(CMAKE_CXX_LINK_LIBRARY_USING_actlab_keep_SUPPORTED TRUE)
set(CMAKE_CXX_LINK_LIBRARY_USING_actlab_keep
    "LINKER:--push-state,--no-as-needed" "<LINK_ITEM>" "LINKER:--pop-state")

# Wheels are linked with the static part of another C++ library and export it: std::filesystem and more, which would
# take the place of our own, and of which remove_all of the CUDA wheel calls address 0. The first library that has a
# symbol provides it.
add_library(actlab::libtorch INTERFACE IMPORTED)
target_link_libraries(actlab::libtorch INTERFACE "$<LINK_LIBRARY:actlab_keep,stdc++>")

if(Torch_FOUND)
  target_include_directories(actlab::libtorch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
  target_link_libraries(actlab::libtorch INTERFACE ${TORCH_LIBRARIES})
  message(STATUS "LibTorch ${Torch_VERSION} from ${Torch_DIR}")
  return()
endif()

# libtorch_cuda registers the GPU's kernels when it is loaded, so all of them stay.
set(actlab_torch_libraries torch torch_cpu c10)
set(actlab_torch_includes "${actlab_torch_folder}/include" "${actlab_torch_folder}/include/torch/csrc/api/include")
set(actlab_torch_kind "CPU")

target_compile_definitions(actlab::libtorch INTERFACE USE_DISTRIBUTED USE_C10D_GLOO)
if(EXISTS "${actlab_torch_folder}/lib/libtorch_cuda.so")
  include("${CMAKE_CURRENT_LIST_DIR}/LibTorchCuda.cmake")
endif()
target_include_directories(actlab::libtorch SYSTEM INTERFACE ${actlab_torch_includes})
foreach(library IN LISTS actlab_torch_libraries)
  set(path "${actlab_torch_folder}/lib/lib${library}.so")
  target_link_libraries(actlab::libtorch INTERFACE "$<LINK_LIBRARY:actlab_keep,${path}>")
endforeach()
target_link_libraries(actlab::libtorch INTERFACE Threads::Threads)
# The wheel's own libgomp lies beside it and must be found first.
list(APPEND CMAKE_BUILD_RPATH "${actlab_torch_folder}/lib")

message(STATUS "LibTorch ${actlab_torch_version} (${actlab_torch_kind}) from ${actlab_torch_folder}")

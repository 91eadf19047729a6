# Installs into a folder of its own, builds examples/embed against that alone, and runs it and the installed program.
# BUILD and SOURCE are this project's, COMPILER is its compiler.
cmake_minimum_required(VERSION 3.25)

set(folder "${BUILD}/install-test")
set(prefix "${folder}/a prefix")
file(REMOVE_RECURSE "${folder}")
# Nothing of this project may help.
foreach(name ACTLAB_LIBTORCH VIRTUAL_ENV CONDA_PREFIX LD_LIBRARY_PATH CMAKE_PREFIX_PATH)
  unset(ENV{${name}})
endforeach()

# run(COMMAND...): its output in `output`; another status than 0 ends the test.
function(run)
  list(JOIN ARGN " " command)
  message(STATUS "${command}")
  execute_process(COMMAND ${ARGN} WORKING_DIRECTORY "${folder}" OUTPUT_VARIABLE output ERROR_VARIABLE output
                  RESULT_VARIABLE status)
  message("${output}")
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "status ${status} of: ${command}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

function(expect text in)
  if(NOT "${in}" MATCHES "${text}")
    message(FATAL_ERROR "'${text}' is not in: ${in}")
  endif()
endfunction()

file(MAKE_DIRECTORY "${folder}")
run("${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${prefix}")

# Only the public headers, and the version's, which is made.
file(GLOB wanted RELATIVE "${SOURCE}/include" "${SOURCE}/include/actlab/*.h")
list(APPEND wanted actlab/version.h)
list(SORT wanted)
file(GLOB_RECURSE installed RELATIVE "${prefix}/include" "${prefix}/include/*")
list(SORT installed)
if(NOT installed STREQUAL wanted)
  message(FATAL_ERROR "installed headers: ${installed}")
endif()

# Elsewhere, so that nothing is found by its place.
file(COPY "${SOURCE}/examples/embed" DESTINATION "${folder}")
run("${CMAKE_COMMAND}" -S "${folder}/embed" -B "${folder}/build" -G Ninja "-DCMAKE_PREFIX_PATH=${prefix}"
    "-DCMAKE_CXX_COMPILER=${COMPILER}" -DCMAKE_BUILD_TYPE=Release)
run("${CMAKE_COMMAND}" --build "${folder}/build")
run("${folder}/build/embed")
expect("accuracy 0[.][0-9]+ after 2 epochs" "${output}")
expect("class [0-9]" "${output}")

run("${prefix}/bin/actlab" info)
expect("libtorch  2[.]" "${output}")
file(REMOVE_RECURSE "${folder}")

# The shared library LIBRARY shows nothing but what include/actlab/ declares; NM lists it.
cmake_minimum_required(VERSION 3.25)

execute_process(COMMAND "${NM}" --dynamic --defined-only --demangle "${LIBRARY}" OUTPUT_VARIABLE symbols
                COMMAND_ERROR_IS_FATAL ANY)
string(REGEX REPLACE "[^\n]*(actlab::v0::|for actlab::Error)[^\n]*\n" "" others "${symbols}")
if(others OR NOT symbols MATCHES " actlab::v0::train\\(")
  message(FATAL_ERROR "visible in ${LIBRARY}:\n${others}")
endif()

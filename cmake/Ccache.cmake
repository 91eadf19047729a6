# Compiles through ccache where it is installed. The two sloppiness words are what ccache asks for before it caches
# anything that uses a precompiled header.
find_program(ACTLAB_CCACHE ccache)
mark_as_advanced(ACTLAB_CCACHE)
if(ACTLAB_CCACHE AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      "${CMAKE_COMMAND}" -E env CCACHE_SLOPPINESS=pch_defines,time_macros "${ACTLAB_CCACHE}")
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-fpch-preprocess)
  endif()
endif()

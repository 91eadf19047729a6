# actlab_warnings: what our own sources are compiled with; libraries' headers are system headers and stay silent.
# Warnings are errors where the project is developed and tested (the presets say so), never in a user's build: the next
# compiler warns of more, which is no reason not to start.
option(ACTLAB_WERROR "Warnings are errors" OFF)

add_library(actlab_warnings INTERFACE)
target_compile_options(actlab_warnings INTERFACE -Wall -Wextra -Wnon-virtual-dtor -Woverloaded-virtual)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # What these find depends on how far the optimizer got, and so on the compiler's release: g++ 12 warns of std::string's
  # own code, g++ 14 of std::vector<bool>'s. The sanitizers look for the same, and see it where it happens.
  target_compile_options(actlab_warnings INTERFACE -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow)
elseif(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  # libstdc++ 12 calls what it has deprecated itself, in std::stable_sort.
  target_compile_options(actlab_warnings INTERFACE -Wno-deprecated-declarations)
endif()
if(ACTLAB_SANITIZE)
  # The sanitizers' checks mislead the one, and keep loops from becoming vectors in the other.
  set(flag $<IF:$<CXX_COMPILER_ID:GNU>,-Wno-maybe-uninitialized,-Wno-pass-failed>)
  target_compile_options(actlab_warnings INTERFACE ${flag})
endif()
if(ACTLAB_WERROR)
  target_compile_options(actlab_warnings INTERFACE -Werror)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(actlab_warnings INTERFACE -Wno-error=maybe-uninitialized)  # as above
  endif()
endif()

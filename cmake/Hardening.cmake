# What distributions harden their programs with, whatever the compiler's own defaults. -fPIC, which serves programs as
# well as the shared library, is given to every target, because a precompiled header only serves targets with equal code
# generation.
if(ACTLAB_SANITIZE)
  return()
endif()
add_compile_options(-fPIC -fstack-protector-strong)
add_compile_options("$<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=2>")
add_link_options("$<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-pie>" LINKER:-z,relro LINKER:-z,now)

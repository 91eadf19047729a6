# ACTLAB_SANITIZE: sanitizers for every target, as "address,undefined". Meant for ACTLAB_TORCH=OFF: LibTorch itself is
# not built with them.
set(ACTLAB_SANITIZE "" CACHE STRING "Comma-separated sanitizers; empty for none")
if(ACTLAB_SANITIZE)
  add_compile_options(-fsanitize=${ACTLAB_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${ACTLAB_SANITIZE})
  add_compile_definitions(ACTLAB_SANITIZED)
endif()

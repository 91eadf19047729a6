# The wall between code that needs LibTorch and code that does not. The torch-free part compiles in seconds, is tested
# by a binary that starts at once, and can be sanitized. The list names files without folder prefix and extension; the
# test of a file lies on the same side as the file.
set(ACTLAB_TORCH_FREE
  "^(cmake|compare|core|config|data|formula|plot|report|rundir)/"
  "^app/(diagnosis|find_checkpoint|idle_options|requirement|resume_point|run_name)$"
  "^checkpoint/(resume|safetensors.*)$"
  "^cli/(command|help|print|report|slips)$"
  "^diagnose/(figures|life|prediction|record|setup|statistics|step_size|verdict.*)$"
  "^lesson/(draws|expectation|page|result)$"
  "^train/(class_findings|metrics|schedule|state)$")

# actlab_split(OUT_FREE OUT_TORCH ROOT SUFFIX FILE...): sorts absolute paths of files `ROOT/name SUFFIX` into two lists.
function(actlab_split out_free out_torch root suffix)
  set(free "")
  set(torch "")
  foreach(file IN LISTS ARGN)
    cmake_path(RELATIVE_PATH file BASE_DIRECTORY "${root}" OUTPUT_VARIABLE name)
    string(REGEX REPLACE "${suffix}$" "" name "${name}")
    set(is_free FALSE)
    foreach(pattern IN LISTS ACTLAB_TORCH_FREE)
      if(name MATCHES "${pattern}")
        set(is_free TRUE)
      endif()
    endforeach()
    if(is_free)
      list(APPEND free "${file}")
    else()
      list(APPEND torch "${file}")
    endif()
  endforeach()
  set(${out_free} "${free}" PARENT_SCOPE)
  set(${out_torch} "${torch}" PARENT_SCOPE)
endfunction()

# Sources of one folder are compiled as one where CMAKE_UNITY_BUILD is ON: headers are then read once for all of them.
# So two sources of a folder must not give the same name to something of their own.
function(actlab_join target)
  set_target_properties(${target} PROPERTIES UNITY_BUILD_MODE GROUP)
  foreach(source IN LISTS ARGN)
    cmake_path(GET source PARENT_PATH folder)
    cmake_path(GET folder FILENAME name)
    set_source_files_properties("${source}" PROPERTIES UNITY_GROUP "${name}")
  endforeach()
endfunction()

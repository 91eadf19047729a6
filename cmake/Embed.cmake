# Files built into the program, as the text of string literals in generated .cpp files. Configures anew when one changes.

# Appends a raw string literal with the text of `file` to the variable `out`.
function(actlab_append_literal out file)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
  file(READ "${file}" text)
  set(${out} "${${out}}R\"asset(${text})asset\"" PARENT_SCOPE)
endfunction()

# Writes `code` as NAME in the build folder, untouched when equal, so that nothing is compiled again.
function(actlab_write_generated out name code)
  set(generated "${CMAKE_CURRENT_BINARY_DIR}/${name}")
  file(WRITE "${generated}.new" "${code}")
  file(COPY_FILE "${generated}.new" "${generated}" ONLY_IF_DIFFERENT)
  set(${out} "${generated}" PARENT_SCOPE)
endfunction()

# actlab_embed(OUT ROOM NAME=FILE...): defines assets::NAME (declared in ROOM/assets.h) as the text of
# src/ROOM/assets/FILE.
function(actlab_embed out room)
  set(code "#include \"${room}/assets.h\"\n\nnamespace actlab::assets {\n\n")
  foreach(asset IN LISTS ARGN)
    string(REGEX MATCH "^([^=]+)=(.+)$" matched "${asset}")
    string(APPEND code "constexpr std::string_view ${CMAKE_MATCH_1} = ")
    actlab_append_literal(code "${PROJECT_SOURCE_DIR}/src/${room}/assets/${CMAKE_MATCH_2}")
    string(APPEND code ";\n\n")
  endforeach()
  string(APPEND code "}  // namespace actlab::assets\n")
  actlab_write_generated(generated ${room}_assets.cpp "${code}")
  set(${out} "${generated}" PARENT_SCOPE)
endfunction()

# actlab_embed_lessons(OUT FOLDER): defines lesson_files() (declared in lesson/library.h) as the name and the text of
# every FOLDER/*.yaml.
function(actlab_embed_lessons out folder)
  set(code "#include \"lesson/library.h\"\n\nnamespace actlab {\n\n")
  string(APPEND code "const std::vector<LessonFile>& lesson_files() {\n  static const std::vector<LessonFile> table = {\n")
  file(GLOB lessons CONFIGURE_DEPENDS "${folder}/*.yaml")
  foreach(lesson IN LISTS lessons)
    cmake_path(GET lesson STEM name)
    string(APPEND code "      {\"${name}\", ")
    actlab_append_literal(code "${lesson}")
    string(APPEND code "},\n")
  endforeach()
  string(APPEND code "  };\n  return table;\n}\n\n}  // namespace actlab\n")
  actlab_write_generated(generated lessons.cpp "${code}")
  set(${out} "${generated}" PARENT_SCOPE)
endfunction()

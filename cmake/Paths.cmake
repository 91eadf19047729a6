# Failed checks name their source file, those inside LibTorch's headers too. What is packed should not carry this
# machine's folders to others. The compiler calls a header by its folder's real path.
add_compile_options("-fmacro-prefix-map=${PROJECT_SOURCE_DIR}/=")
if(TARGET actlab::libtorch)
  file(REAL_PATH "${actlab_torch_folder}" actlab_real_torch_folder)
  target_compile_options(actlab::libtorch INTERFACE "-fmacro-prefix-map=${actlab_torch_folder}/=libtorch/"
    "-fmacro-prefix-map=${actlab_real_torch_folder}/=libtorch/")
endif()

# The shared library shows what include/actlab/ marks ACTLAB_API, and hides all else: then nothing of ours can clash with
# what a program that links it has, and calls among our own functions stay direct in spite of -fPIC.
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)

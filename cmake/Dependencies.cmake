# The small libraries, all from the distribution; scripts/setup installs them on Debian and Ubuntu.
find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)
find_package(JPEG REQUIRED)
find_package(PNG REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(nlohmann_json REQUIRED)
find_package(spdlog REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(cxxopts REQUIRED)
find_path(ACTLAB_STB_INCLUDE stb/stb_image_write.h REQUIRED)
# Boost.Math, headers only; FindBoost is deprecated and would look for more.
find_path(ACTLAB_BOOST_INCLUDE boost/math/distributions/students_t.hpp REQUIRED)
mark_as_advanced(ACTLAB_STB_INCLUDE ACTLAB_BOOST_INCLUDE)

# yaml-cpp 0.7 names its target yaml-cpp, 0.8 yaml-cpp::yaml-cpp.
if(TARGET yaml-cpp::yaml-cpp)
  set(ACTLAB_YAML_CPP yaml-cpp::yaml-cpp)
else()
  set(ACTLAB_YAML_CPP yaml-cpp)
endif()

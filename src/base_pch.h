// Precompiled once for every file that needs no LibTorch: the library headers that most of them read.
#pragma once

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#pragma once

#include <vector>

#include "activation/activation.h"

// The parts of the catalogue, a file each; activation_table() puts them together.
namespace actlab {

// What LibTorch has: activation_table_libtorch.cpp.
extern const std::vector<ActivationInfo> kLibtorchActivations;

// Further functions of one variable: activation_table_further.cpp.
extern const std::vector<ActivationInfo> kFurtherActivations;

// What combines features or channels: activation_table_groups.cpp.
extern const std::vector<ActivationInfo> kGroupActivations;

// Of parameters that keep a function non-decreasing: the slope of its negative side, its steepness.
constexpr Range kNotNegative = {.min = 0, .max = 1e6};
constexpr Range kPositiveParameter = above_zero(1e6);
constexpr Range kAnyParameter = between(-1e6, 1e6);

}  // namespace actlab

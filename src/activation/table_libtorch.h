#pragma once

#include <vector>

#include "activation/activation.h"
#include "activation/table.h"

namespace actlab {

// A part of activation_table(): what LibTorch has.
extern const std::vector<ActivationInfo> kLibtorchActivations;

}  // namespace actlab

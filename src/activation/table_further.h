#pragma once

#include <vector>

#include "activation/activation.h"
#include "activation/table.h"

namespace actlab {

// A part of activation_table(): further functions of one variable.
extern const std::vector<ActivationInfo> kFurtherActivations;

}  // namespace actlab

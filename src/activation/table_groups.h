#pragma once

#include <vector>

#include "activation/activation.h"
#include "activation/table.h"

namespace actlab {

// A part of activation_table(): what combines features or channels.
extern const std::vector<ActivationInfo> kGroupActivations;

}  // namespace actlab

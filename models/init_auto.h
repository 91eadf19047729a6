#pragma once

#include <vector>

#include "models/init.h"

namespace actlab {

// The layers of the model as the initialisation `auto` starts them: such that the pre-activations of every
// hidden layer have the variance of its activation's critical point, and gradients keep their size on the way
// back through it. Where the outputs before it are larger than that variance allows, as a sigmoid's are
// before a tanh, their gradient is what keeps its size, and the pre-activations are as large as they come.
// Inputs are taken to have second moment 1, and so have the outputs.
std::vector<LayerInit> critical_layer_inits(const Model& model);

}  // namespace actlab

#pragma once

#include <cstdint>
#include <memory>

#include "config/config.h"
#include "models/init.h"
#include "models/model.h"

namespace actlab {

// The `model` section: a row a model.
ComponentSection model_section();

// What the model of that section would put out, without building it. Throws Error (2) when its layers do not
// fit the input.
ModelOutput model_output(const Node& model, const InputShape& input, int64_t classes);

// How many numbers its linear and convolution weights hold, without building it. Throws Error (2) likewise.
int64_t weight_count(const Node& model, const InputShape& input, int64_t classes);

// Builds the model; weights are drawn from LibTorch's default generator.
std::shared_ptr<Model> make_model(const Node& model, const InputShape& input, int64_t classes);

// How the model of that section starts.
InitSpec init_of(const Node& model);

}  // namespace actlab

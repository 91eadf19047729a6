#pragma once

#include <torch/torch.h>

#include <string>
#include <vector>

#include "core/field_rules.h"

namespace actlab {

// How biases start.
struct BiasInit {
  std::string type = "default";
  double value = 0;   // of constant
  double std = 0.01;  // of normal

  static std::vector<std::string> types() { return {"default", "zero", "constant", "normal"}; }
};

// How the weights of linear and convolutional layers start. `default` is what torch.nn does.
struct InitSpec {
  std::string type = "default";
  double std = 0.02;  // of normal and truncated_normal
  BiasInit bias;

  static std::vector<std::string> types();
};

// Draws the weights and biases of every Linear and Conv2d inside `module` from the default generator:
//   he_*              He et al. 2015, eq. 10 (fan-in, gain sqrt 2)
//   xavier_*          Glorot and Bengio 2010, eq. 16
//   lecun_normal      LeCun et al. 1998, section 4.6: variance 1 / fan-in
//   orthogonal        Saxe et al. 2014
//   truncated_normal  normal of that std, cut at two of them
// Throws Error (2) for an unknown type.
void initialize(torch::nn::Module& module, const InitSpec& spec);

}  // namespace actlab

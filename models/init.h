#pragma once

#include <torch/types.h>

#include <optional>
#include <string>
#include <vector>

#include "core/field_rules.h"

namespace actlab {

class Model;

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
  std::optional<double> gain;  // of the types that have one, instead of their own
  double std = 0.02;           // of normal and truncated_normal
  BiasInit bias;

  static std::vector<std::string> types();
  // What `gain` is unless given; empty for a type that takes none.
  static std::optional<double> usual_gain(const std::string& type);
};

// Draws the weights and biases of the model's layers, in the order of the forward pass, from the default
// generator:
//   he_*              He et al. 2015, eq. 10: std gain / sqrt(fan-in), gain sqrt 2
//   xavier_*          Glorot and Bengio 2010, eq. 16: gain sqrt(2 / (fan-in + fan-out)), gain 1
//   lecun_normal      LeCun et al. 1998, section 4.6: gain / sqrt(fan-in), gain 1
//   orthogonal        Saxe et al. 2014, times gain, 1
//   rai               randomised asymmetric, Lu et al. 2019, section 4: weights and bias of a unit N(0,
//                     gain^2 / fan-in), gain 0.6007, and one of them, whichever, from Beta(2, 1)
//   truncated_normal  normal of that std, cut at two of them
//   auto              at the critical point of each layer's activation (activation/moments.h): weights
//                     N(0, w / fan-in), biases N(0, b). Every activation gets the same draws, scaled.
// Throws Error (2) for an unknown type.
void initialize(Model& model, const InitSpec& spec);

// A layer with weights, and how it starts on average over all draws.
struct LayerInit {
  std::string name;            // in the model: "fc1"
  torch::Tensor weight;        // [out, in] or [out, in, height, width]
  torch::Tensor bias;          // [out], or undefined
  double weight_variance = 0;  // E[weight^2], times fan-in: sigma_w^2 of mean-field theory
  double bias_second = 0;      // E[bias^2]: sigma_b^2
};

// The layers of the model that have weights, in the order of the forward pass, with the variances that `spec`
// gives them.
std::vector<LayerInit> layer_inits(const Model& model, const InitSpec& spec);

}  // namespace actlab

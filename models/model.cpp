#include "models/model.h"

#include <algorithm>
#include <utility>

#include "core/error.h"

namespace actlab {
namespace {

using torch::Tensor;

LayerShape shape_of(const InputShape& input) {
  return {input.channels, input.height, input.width};
}

// Where the last layer leaves that shape.
ModelOutput output_of(const ModelDescription& description, const LayerShape& last) {
  if (last.size() != 1) {
    throw Error(ExitStatus::kUsage, "model.layers: the last layer leaves " + to_text(last) +
                                        " an example, not a vector; end with flatten and linear");
  }
  return {description.output, last[0]};
}

// Registers "layers.3" as "3" below a child "layers", because LibTorch refuses names with dots.
void register_below(torch::nn::Module& parent, const std::string& path,
                    const std::shared_ptr<torch::nn::Module>& module) {
  const size_t dot = path.find('.');
  if (dot == std::string::npos) {
    parent.register_module(path, module);
    return;
  }
  const std::string name = path.substr(0, dot);
  const auto children = parent.named_children();
  const auto* child = children.find(name);
  const auto container =
      child != nullptr ? *child : parent.register_module(name, std::make_shared<torch::nn::Module>());
  register_below(*container, path.substr(dot + 1), module);
}

// An activation is fed by the last layer with weights since the activation before it.
std::vector<HiddenLayer> hidden_of(const std::vector<BuiltLayer>& layers) {
  std::vector<HiddenLayer> hidden;
  HiddenLayer next;
  for (const auto& layer : layers) {
    if (layer.weight.defined()) next = {"", nullptr, layer.name, layer.weight, layer.bias};
    if (layer.activation == nullptr) continue;
    next.name = layer.name;
    next.activation = layer.activation;
    hidden.push_back(std::exchange(next, {}));
  }
  return hidden;
}

}  // namespace

ModelOutput output_of(const ModelDescription& description, const InputShape& input) {
  return output_of(description, layer_shapes(description.layers, shape_of(input)).back());
}

Model::Model(const ModelDescription& description, const InputShape& input) {
  const auto shapes = layer_shapes(description.layers, shape_of(input));
  output_ = output_of(description, shapes.back());
  for (size_t i = 0; i < description.layers.size(); ++i) {
    layers_.push_back(build_layer(description.layers[i], shapes[i]));
    register_below(*this, layers_[i].name, layers_[i].module);
  }
  hidden_ = hidden_of(layers_);
  const ActivationSpec last{output_.kind == "logits" ? "identity" : output_.kind, {}};
  output_activation_ = register_module("output", std::make_shared<Activation>(last));
  initialize(*this, description.init);
}

Tensor Model::forward(const Tensor& x) {
  Tensor h = x;
  for (const auto& layer : layers_) h = layer.forward(h);
  return output_activation_->forward(h);
}

bool Model::convolutional() const {
  return std::ranges::any_of(layers_, &BuiltLayer::convolution);
}

}  // namespace actlab

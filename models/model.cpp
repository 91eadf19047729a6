#include "models/model.h"

#include <algorithm>
#include <utility>

#include "core/error.h"
#include "core/memory.h"

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
  return {description.output, last[0], description.width_key};
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

// Biases, and the few parameters of other layers, left aside. The layer takes `in`.
uint64_t weight_count(const Layer& layer, const LayerShape& in) {
  if (const auto* linear = std::get_if<LinearLayer>(&layer))
    return static_cast<uint64_t>(in[0]) * static_cast<uint64_t>(linear->units.value.value());
  if (const auto* conv = std::get_if<ConvLayer>(&layer))
    return static_cast<uint64_t>(in[0]) * static_cast<uint64_t>(conv->channels * conv->kernel * conv->kernel);
  return 0;
}

// That there is memory for all of them, before the first is made.
void check_weights(const std::vector<NamedLayer>& layers, const std::vector<LayerShape>& shapes) {
  uint64_t all = 0;
  uint64_t most = 0;
  std::string largest;
  for (size_t i = 0; i < layers.size(); ++i) {
    const uint64_t count = weight_count(layers[i].layer, shapes[i]);
    all += count;
    if (count <= most) continue;
    most = count;
    largest = layers[i].name;
  }
  check_memory(all * sizeof(float), "a model of " + std::to_string(all) + " weights, " +
                                        std::to_string(most) + " of them in " + largest + ",");
}

// An activation is fed by the last layer with weights since the activation before it. What follows the last
// one is left in `last`.
std::vector<HiddenLayer> hidden_of(const std::vector<BuiltLayer>& layers, HiddenLayer& last) {
  std::vector<HiddenLayer> hidden;
  HiddenLayer next;
  for (const auto& layer : layers) {
    if (layer.weight.defined()) next = {"", nullptr, layer.name, layer.weight, layer.bias};
    if (layer.activation == nullptr) continue;
    next.name = layer.name;
    next.activation = layer.activation;
    hidden.push_back(std::exchange(next, {}));
  }
  last = next;
  return hidden;
}

}  // namespace

ModelOutput output_of(const ModelDescription& description, const InputShape& input) {
  return output_of(description, layer_shapes(description.layers, shape_of(input)).back());
}

int64_t weight_count(const ModelDescription& description, const InputShape& input) {
  const auto shapes = layer_shapes(description.layers, shape_of(input));
  uint64_t count = 0;
  for (size_t i = 0; i < description.layers.size(); ++i)
    count += weight_count(description.layers[i].layer, shapes[i]);
  return static_cast<int64_t>(count);
}

Model::Model(const ModelDescription& description, const InputShape& input) {
  const auto shapes = layer_shapes(description.layers, shape_of(input));
  output_ = output_of(description, shapes.back());
  check_weights(description.layers, shapes);
  for (size_t i = 0; i < description.layers.size(); ++i) {
    layers_.push_back(build_layer(description.layers[i], shapes[i]));
    register_below(*this, layers_[i].name, layers_[i].module);
  }
  hidden_ = hidden_of(layers_, last_);
  const ActivationSpec last{output_.kind == "logits" ? "identity" : output_.kind, {}};
  last_.name = "output";
  last_.activation = register_module(last_.name, std::make_shared<Activation>(last));
  initialize(*this, description.init);
}

Tensor Model::logits(const Tensor& x) {
  Tensor h = x;
  for (const auto& layer : layers_) h = layer.forward(h);
  return h;
}

Tensor Model::output_from(const Tensor& logits) {
  return last_.activation->forward(logits);
}

bool Model::convolutional() const {
  return std::ranges::any_of(layers_, &BuiltLayer::convolution);
}

}  // namespace actlab

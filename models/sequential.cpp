#include "models/sequential.h"

#include <utility>

#include "core/error.h"

namespace actlab {
namespace {

size_t count_activations(const std::vector<Layer>& layers) {
  size_t count = 0;
  for (const auto& layer : layers) count += std::holds_alternative<ActivationLayer>(layer) ? 1 : 0;
  return count;
}

// Calls use(layer, input shape, context) for each layer in turn and returns the shape after the last.
template <class Use>
LayerShape walk(const SequentialOptions& options, const InputShape& input, int64_t classes, Use use) {
  LayerShape shape = {input.channels, input.height, input.width};
  size_t activations = 0;
  for (size_t i = 0; i < options.layers.size(); ++i) {
    LayerContext context{classes, {}};
    if (std::holds_alternative<ActivationLayer>(options.layers[i])) {
      context.activation = options.activation.at(activations++);
    }
    try {
      const LayerShape next =
          std::visit([&](const auto& l) { return l.shape(shape, context); }, options.layers[i]);
      use(options.layers[i], shape, context);
      shape = next;
    } catch (const Error& e) {
      throw Error(e.status(), "model.layers." + std::to_string(i) + " (" + layer_type(options.layers[i]) +
                                  "): " + e.what());
    }
  }
  return shape;
}

}  // namespace

std::string SequentialOptions::problem() const {
  if (layers.empty()) return "layers: give at least one layer";
  return activation.problem(count_activations(layers));
}

ModelOutput Sequential::output_of(const Options& options, const InputShape& input, int64_t classes) {
  const LayerShape last = walk(options, input, classes, [](const auto&...) {});
  if (last.size() != 1) {
    throw Error(ExitStatus::kUsage, "model.layers: the last layer leaves " + to_text(last) +
                                        " an example, not a vector; end with flatten and linear");
  }
  return {options.output, last[0]};
}

Sequential::Sequential(const Options& options, const InputShape& input, int64_t classes)
    : Model(output_of(options, input, classes)) {
  auto layers = register_module("layers", torch::nn::ModuleList());
  HiddenLayer source;  // what the next activation is fed by
  walk(options, input, classes,
       [&](const Layer& layer, const LayerShape& shape, const LayerContext& context) {
         BuiltLayer built = std::visit([&](const auto& l) { return l.build(shape, context); }, layer);
         layers->push_back(built.module);
         steps_.push_back(std::move(built.forward));
         note_hidden(source, built.module, layers->size() - 1);
         convolutional_ = convolutional_ || std::holds_alternative<ConvLayer>(layer);
       });
  output_activation_ = add_output_activation();
  initialize(*this, options.init);
}

void Sequential::note_hidden(HiddenLayer& source, const std::shared_ptr<torch::nn::Module>& module,
                             size_t index) {
  const std::string name = "layers." + std::to_string(index);
  if (const auto* linear = module->as<torch::nn::Linear>()) {
    source = {name, nullptr, name + ".weight", linear->weight, linear->bias};
  } else if (const auto* conv = module->as<torch::nn::Conv2d>()) {
    source = {name, nullptr, name + ".weight", conv->weight, conv->bias};
  } else if (auto activation = std::dynamic_pointer_cast<Activation>(module)) {
    source.name = name;
    source.activation = std::move(activation);
    add_hidden(std::exchange(source, {}));
  }
}

torch::Tensor Sequential::forward(const torch::Tensor& x) {
  torch::Tensor h = x;
  for (const auto& step : steps_) h = step(h);
  return output_activation_->forward(h);
}

}  // namespace actlab

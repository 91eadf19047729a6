#include "models/mlp.h"

namespace actlab {

ModelOutput Mlp::output_of(const Options& options, const InputShape&, int64_t classes) {
  check_widths(options.activation, options.hidden);
  return {options.output, options.outputs.value.value_or(options.output == "sigmoid" ? 1 : classes)};
}

Mlp::Mlp(const Options& options, const InputShape& input, int64_t classes)
    : Model(output_of(options, input, classes)) {
  int64_t width = input.features();
  std::vector<int64_t> widths = options.hidden;
  widths.push_back(output().count);
  for (size_t i = 0; i < widths.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    layers_.push_back(register_module("fc" + number, torch::nn::Linear(width, widths[i])));
    width = widths[i];
    if (i == options.hidden.size()) break;
    width = add_activation("act" + number, options.activation.at(i), "fc" + number, layers_[i])
                ->output_width(width);
  }
  output_activation_ = add_output_activation();
  initialize(*this, options.init);
}

torch::Tensor Mlp::forward(const torch::Tensor& x) {
  torch::Tensor h = x.flatten(1);
  for (size_t i = 0; i + 1 < layers_.size(); ++i) {
    h = hidden()[i].activation->forward(layers_[i]->forward(h));
  }
  return output_activation_->forward(layers_.back()->forward(h));
}

}  // namespace actlab

#include "models/simple_cnn.h"

#include "core/error.h"

namespace actlab {
namespace {

using torch::Tensor;

constexpr int64_t kChannels1 = 32;
constexpr int64_t kChannels2 = 64;

torch::nn::Conv2d convolution(int64_t in, int64_t out) {
  return torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, 3).padding(1));
}

// max_pool(activation(x)), 2x2. A non-decreasing activation commutes with the maximum, and is four times
// cheaper on the pooled tensor.
Tensor activate_and_pool(Activation& activation, const Tensor& x) {
  if (activation.info().non_decreasing) return activation.forward(at::max_pool2d(x, 2));
  return at::max_pool2d(activation.forward(x), 2);
}

}  // namespace

ModelOutput SimpleCnn::output_of(const Options& options, const InputShape& input, int64_t classes) {
  if (input.height < 4 || input.width < 4) {
    throw Error(ExitStatus::kUsage, "model simple_cnn needs images of at least 4x4, not " +
                                        std::to_string(input.height) + "x" + std::to_string(input.width) +
                                        "; choose model.type=mlp for these data");
  }
  check_widths(options.activation, {kChannels1, kChannels2});
  return {options.output, classes};
}

SimpleCnn::SimpleCnn(const Options& options, const InputShape& input, int64_t classes)
    : Model(output_of(options, input, classes)) {
  conv1_ = register_module("conv1", convolution(input.channels, kChannels1));
  const auto act1 = add_activation("act1", options.activation.at(0), "conv1", conv1_);
  conv2_ = register_module("conv2", convolution(act1->output_width(kChannels1), kChannels2));
  const auto act2 = add_activation("act2", options.activation.at(1), "conv2", conv2_);
  const int64_t features = act2->output_width(kChannels2) * (input.height / 4) * (input.width / 4);
  fc1_ = register_module("fc1", torch::nn::Linear(features, classes));
  output_activation_ = add_output_activation();
  initialize(*this, options.init);
}

Tensor SimpleCnn::forward(const Tensor& x) {
  Tensor h = activate_and_pool(*hidden()[0].activation, conv1_->forward(x));
  h = activate_and_pool(*hidden()[1].activation, conv2_->forward(h));
  return output_activation_->forward(fc1_->forward(h.flatten(1)));
}

}  // namespace actlab

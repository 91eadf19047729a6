#include "models/layers.h"

#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/dropout.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/pooling.h>

#include "core/error.h"
#include "core/text.h"

namespace actlab {
namespace {

using torch::Tensor;
namespace nn = torch::nn;

[[noreturn]] void misfit(const std::string& what) {
  throw Error(ExitStatus::kUsage, what);
}

void need_image(const LayerShape& in) {
  if (in.size() != 3)
    misfit("needs an image [C, H, W], but its input is " + to_text(in) + "; put it before flatten");
}

int64_t product(const LayerShape& shape) {
  int64_t n = 1;
  for (const int64_t size : shape) n *= size;
  return n;
}

// Cells that a window of side `kernel` visits along a side of `size`.
int64_t windows(int64_t size, int64_t kernel, int64_t stride, int64_t padding) {
  if (size + 2 * padding < kernel) {
    misfit("kernel " + std::to_string(kernel) + " is larger than its input's side of " +
           std::to_string(size) + " with padding " + std::to_string(padding));
  }
  return (size + 2 * padding - kernel) / stride + 1;
}

template <class Holder>
BuiltLayer built(Holder holder) {
  auto module = holder.ptr();
  return {.module = module, .forward = [module](const Tensor& x) { return module->forward(x); }};
}

template <class Holder>
BuiltLayer built_with_weights(Holder holder) {
  BuiltLayer layer = built(holder);
  layer.weight = holder->weight;
  layer.bias = holder->bias;
  return layer;
}

}  // namespace

std::string to_text(const LayerShape& shape) {
  std::vector<std::string> sizes;
  for (const int64_t size : shape) sizes.push_back(std::to_string(size));
  return "[" + join(sizes) + "]";
}

std::string layer_type(const Layer& layer) {
  return std::visit([](const auto& l) { return std::string(l.kType); }, layer);
}

LayerShape ConvLayer::shape(const LayerShape& in) const {
  need_image(in);
  return {channels, windows(in[1], kernel, stride, padding), windows(in[2], kernel, stride, padding)};
}

BuiltLayer ConvLayer::build(const LayerShape& in) const {
  BuiltLayer layer = built_with_weights(
      nn::Conv2d(nn::Conv2dOptions(in[0], channels, kernel).stride(stride).padding(padding).bias(bias)));
  layer.convolution = true;
  return layer;
}

LayerShape PoolLayer::shape(const LayerShape& in) const {
  need_image(in);
  if (2 * padding > kernel) misfit("padding " + std::to_string(padding) + " is more than half the kernel");
  const int64_t step = stride.value.value_or(kernel);
  return {in[0], windows(in[1], kernel, step, padding), windows(in[2], kernel, step, padding)};
}

BuiltLayer MaxPoolLayer::build(const LayerShape&) const {
  BuiltLayer layer = built(
      nn::MaxPool2d(nn::MaxPool2dOptions(kernel).stride(stride.value.value_or(kernel)).padding(padding)));
  layer.max_pool = true;
  return layer;
}

BuiltLayer AvgPoolLayer::build(const LayerShape&) const {
  return built(
      nn::AvgPool2d(nn::AvgPool2dOptions(kernel).stride(stride.value.value_or(kernel)).padding(padding)));
}

LayerShape LinearLayer::shape(const LayerShape& in) const {
  if (in.size() != 1) misfit("needs a vector, but its input is " + to_text(in) + "; put flatten before it");
  return {units.value.value()};
}

BuiltLayer LinearLayer::build(const LayerShape& in) const {
  return built_with_weights(nn::Linear(nn::LinearOptions(in[0], units.value.value()).bias(bias)));
}

LayerShape FlattenLayer::shape(const LayerShape& in) const {
  return {product(in)};
}

BuiltLayer FlattenLayer::build(const LayerShape&) const {
  return built(nn::Flatten());
}

BuiltLayer DropoutLayer::build(const LayerShape&) const {
  return built(nn::Dropout(p));
}

BuiltLayer BatchNormLayer::build(const LayerShape& in) const {
  BuiltLayer layer = in.size() == 3
                         ? built(nn::BatchNorm2d(nn::BatchNorm2dOptions(in[0]).momentum(momentum).eps(eps)))
                         : built(nn::BatchNorm1d(nn::BatchNorm1dOptions(in[0]).momentum(momentum).eps(eps)));
  layer.mixes_batch = true;
  layer.needs_two = in.size() == 1 || in[1] * in[2] == 1;
  return layer;
}

LayerShape ActivationLayer::shape(const LayerShape& in) const {
  LayerShape out = in;
  out[0] = Activation(spec).output_width(in[0]);
  return out;
}

BuiltLayer ActivationLayer::build(const LayerShape&) const {
  auto module = std::make_shared<Activation>(spec);
  return {.module = module,
          .forward = [module](const Tensor& x) { return module->forward(x); },
          .activation = module};
}

std::vector<LayerShape> layer_shapes(const std::vector<NamedLayer>& layers, const LayerShape& in) {
  std::vector<LayerShape> shapes = {in};
  for (const auto& [name, layer] : layers) {
    try {
      shapes.push_back(std::visit([&](const auto& l) { return l.shape(shapes.back()); }, layer));
    } catch (const Error& e) {
      throw Error(e.status(), "model." + name + " (" + layer_type(layer) + "): " + e.what());
    }
  }
  return shapes;
}

BuiltLayer build_layer(const NamedLayer& layer, const LayerShape& in) {
  BuiltLayer built = std::visit([&](const auto& l) { return l.build(in); }, layer.layer);
  built.name = layer.name;
  return built;
}

}  // namespace actlab

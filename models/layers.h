#pragma once

#include <torch/nn/module.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "activation/activation.h"
#include "core/field_rules.h"

// The layers that models are made of. Each is a struct with its options, its name in the config (kType), the
// shape it makes of its input's, and how it is built.
namespace actlab {

// Shape of one example between layers: [C, H, W], or [F] once flattened.
using LayerShape = std::vector<int64_t>;

// A layer with its module, and what the rest of the program asks of it.
struct BuiltLayer {
  std::string name = {};  // in the model: "fc1", "layers.3"
  std::shared_ptr<torch::nn::Module> module;
  std::function<torch::Tensor(const torch::Tensor&)> forward;
  // Of linear and conv; undefined otherwise.
  torch::Tensor weight = {};                         // [out, in] or [out, in, height, width]
  torch::Tensor bias = {};                           // [out]; undefined without one too
  std::shared_ptr<Activation> activation = nullptr;  // the module, of an activation layer
  bool convolution = false;
  bool max_pool = false;
  bool mixes_batch = false;  // training, the output of an example depends on the batch it is in
  bool needs_two = false;    // training, a batch of one example is refused: there is no variance of one value
};

struct ConvLayer {
  static constexpr const char* kType = "conv";
  int64_t channels = 32;
  int64_t kernel = 3;
  int64_t stride = 1;
  int64_t padding = 0;
  bool bias = true;

  template <class Visitor>
  void visit(Visitor& v) {
    v("channels", channels, "output channels", between(1, 1 << 16));
    v("kernel", kernel, "side of the square kernel", between(1, 1024));
    v("stride", stride, "step of the kernel", between(1, 1024));
    v("padding", padding, "zeros on each side", between(0, 1024));
    v("bias", bias, "add a bias a channel");
  }
  // Throws Error (2) that says what does not fit; so do those below.
  LayerShape shape(const LayerShape& in) const;
  BuiltLayer build(const LayerShape& in) const;
};

// Max or average over windows; the stride is the kernel unless given.
struct PoolLayer {
  int64_t kernel = 2;
  Auto<int64_t> stride;
  int64_t padding = 0;

  template <class Visitor>
  void visit(Visitor& v) {
    v("kernel", kernel, "side of the square window", between(1, 1024));
    v("stride", stride, "step of the window; auto: the kernel", between(1, 1024));
    v("padding", padding, "cells on each side, at most half the kernel", between(0, 512));
  }
  LayerShape shape(const LayerShape& in) const;
};

struct MaxPoolLayer : PoolLayer {
  static constexpr const char* kType = "max_pool";
  BuiltLayer build(const LayerShape& in) const;
};

struct AvgPoolLayer : PoolLayer {
  static constexpr const char* kType = "avg_pool";
  BuiltLayer build(const LayerShape& in) const;
};

struct LinearLayer {
  static constexpr const char* kType = "linear";
  Auto<int64_t> units;
  bool bias = true;

  template <class Visitor>
  void visit(Visitor& v) {
    v("units", units, "outputs; auto: one a class", between(1, 1 << 20));
    v("bias", bias, "add a bias an output");
  }
  // Both need `units` to have a number.
  LayerShape shape(const LayerShape& in) const;
  BuiltLayer build(const LayerShape& in) const;
};

struct FlattenLayer {
  static constexpr const char* kType = "flatten";

  template <class Visitor>
  void visit(Visitor&) {}
  LayerShape shape(const LayerShape& in) const;
  BuiltLayer build(const LayerShape& in) const;
};

struct DropoutLayer {
  static constexpr const char* kType = "dropout";
  double p = 0.5;

  template <class Visitor>
  void visit(Visitor& v) {
    v("p", p, "share of inputs set to zero while training", fraction_below_one());
  }
  LayerShape shape(const LayerShape& in) const { return in; }
  BuiltLayer build(const LayerShape& in) const;
};

struct BatchNormLayer {
  static constexpr const char* kType = "batch_norm";
  double momentum = 0.1;
  double eps = 1e-5;

  template <class Visitor>
  void visit(Visitor& v) {
    v("momentum", momentum, "weight of a batch in the running statistics", between(0, 1));
    v("eps", eps, "added to the variance", above_zero(1));
  }
  LayerShape shape(const LayerShape& in) const { return in; }
  BuiltLayer build(const LayerShape& in) const;
};

struct ActivationLayer {
  static constexpr const char* kType = "activation";
  ActivationSpec spec;  // no option of the layer: configs give it in model.activation

  template <class Visitor>
  void visit(Visitor&) {}
  LayerShape shape(const LayerShape& in) const;
  BuiltLayer build(const LayerShape& in) const;
};

using Layer = std::variant<ConvLayer, MaxPoolLayer, AvgPoolLayer, LinearLayer, FlattenLayer, DropoutLayer,
                           BatchNormLayer, ActivationLayer>;

std::string layer_type(const Layer& layer);

// A layer of a model. Its weights are named after it; dots in the name make levels: "layers.3".
struct NamedLayer {
  std::string name;
  Layer layer;
};

// The shape that goes into each of the layers, which run in turn, and at the end what comes out of the last.
// Throws Error (2) naming the layer whose input does not fit.
std::vector<LayerShape> layer_shapes(const std::vector<NamedLayer>& layers, const LayerShape& in);

// Weights are drawn from the default generator as torch.nn does.
BuiltLayer build_layer(const NamedLayer& layer, const LayerShape& in);

// "[32, 28, 28]"
std::string to_text(const LayerShape& shape);

}  // namespace actlab

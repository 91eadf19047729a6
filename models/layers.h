#pragma once

#include <torch/torch.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "models/model.h"

// The layers that the model `sequential` is made of. Each is a struct with its options, its name in the
// config (kType), the shape it makes of its input's, and how it is built.
namespace actlab {

// Shape of one example between layers: [C, H, W], or [F] once flattened.
using LayerShape = std::vector<int64_t>;

// What a layer needs from outside its own options.
struct LayerContext {
  int64_t classes;
  ActivationSpec activation;  // of this activation layer
};

// A built layer: the module that holds its weights, and its forward pass.
struct BuiltLayer {
  std::shared_ptr<torch::nn::Module> module;
  std::function<torch::Tensor(const torch::Tensor&)> forward;
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
  LayerShape shape(const LayerShape& in, const LayerContext& context) const;
  BuiltLayer build(const LayerShape& in, const LayerContext& context) const;
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
  LayerShape shape(const LayerShape& in, const LayerContext& context) const;
};

struct MaxPoolLayer : PoolLayer {
  static constexpr const char* kType = "max_pool";
  BuiltLayer build(const LayerShape& in, const LayerContext& context) const;
};

struct AvgPoolLayer : PoolLayer {
  static constexpr const char* kType = "avg_pool";
  BuiltLayer build(const LayerShape& in, const LayerContext& context) const;
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
  LayerShape shape(const LayerShape& in, const LayerContext& context) const;
  BuiltLayer build(const LayerShape& in, const LayerContext& context) const;
};

struct FlattenLayer {
  static constexpr const char* kType = "flatten";

  template <class Visitor>
  void visit(Visitor&) {}
  LayerShape shape(const LayerShape& in, const LayerContext& context) const;
  BuiltLayer build(const LayerShape& in, const LayerContext& context) const;
};

struct DropoutLayer {
  static constexpr const char* kType = "dropout";
  double p = 0.5;

  template <class Visitor>
  void visit(Visitor& v) {
    v("p", p, "share of inputs set to zero while training", fraction_below_one());
  }
  LayerShape shape(const LayerShape& in, const LayerContext&) const { return in; }
  BuiltLayer build(const LayerShape& in, const LayerContext& context) const;
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
  LayerShape shape(const LayerShape& in, const LayerContext&) const { return in; }
  BuiltLayer build(const LayerShape& in, const LayerContext& context) const;
};

// Takes the next activation of model.activation.
struct ActivationLayer {
  static constexpr const char* kType = "activation";

  template <class Visitor>
  void visit(Visitor&) {}
  LayerShape shape(const LayerShape& in, const LayerContext& context) const;
  BuiltLayer build(const LayerShape& in, const LayerContext& context) const;
};

using Layer = std::variant<ConvLayer, MaxPoolLayer, AvgPoolLayer, LinearLayer, FlattenLayer, DropoutLayer,
                           BatchNormLayer, ActivationLayer>;

std::string layer_type(const Layer& layer);

// "[32, 28, 28]"
std::string to_text(const LayerShape& shape);

}  // namespace actlab

#include "models/init_auto.h"

#include <ATen/CPUGeneratorImpl.h>
#include <torch/utils.h>

#include <algorithm>
#include <map>
#include <utility>

#include "activation/moments.h"
#include "models/model.h"

namespace actlab {
namespace {

using torch::Tensor;

// Where outputs depend on several inputs there is no such theory; then E[f^2] is kept, which a fixed sample
// of inputs measures.
CriticalPoint sampled_point(const Activation& activation, int64_t width) {
  constexpr int64_t kExamples = 4096;
  const torch::NoGradGuard no_grad;
  auto generator = at::detail::createCPUGenerator(/*seed=*/1);
  Activation copy(activation.spec());
  copy.eval();
  const double second =
      copy.forward(at::randn({kExamples, width}, generator)).square().mean(torch::kFloat64).item<double>();
  return {second > 0 ? 1 / second : 1, 0, 1, second > 0 ? second : 1, false};
}

// The activation that a layer feeds; nullptr for the last one.
const Activation* fed_by(const Model& model, const std::string& layer) {
  for (const auto& hidden : model.hidden()) {
    if (hidden.source == layer) return hidden.activation.get();
  }
  return nullptr;
}

class CriticalChain {
 public:
  explicit CriticalChain(const Model& model) : model_(model) {}

  void add(const BuiltLayer& built) {
    LayerInit layer{built.name, built.weight, built.bias, inputs_.weight_variance, 0};
    const Activation* activation = fed_by(model_, built.name);
    if (activation == nullptr) {
      layer.weight_variance = 1 / inputs_.second;
      inputs_ = CriticalPoint{};
    } else {
      const CriticalPoint& point = point_of(*activation, built.weight.size(0));
      if (layers_.empty()) layer.weight_variance = point.variance;
      layer.bias_second = std::max(0.0, point.variance - layer.weight_variance * inputs_.second);
      inputs_ = point;
    }
    layers_.push_back(layer);
  }

  const std::vector<LayerInit>& layers() const { return layers_; }

 private:
  // A network often has one activation throughout, and the search takes milliseconds.
  const CriticalPoint& point_of(const Activation& activation, int64_t width) {
    const std::pair key(activation.spec(), width);
    const auto found = points_.find(key);
    if (found != points_.end()) return found->second;
    return points_[key] = activation.info().element_wise ? critical_point(ActivationCurve(activation))
                                                         : sampled_point(activation, width);
  }

  const Model& model_;
  CriticalPoint inputs_;  // of what the next layer's inputs come out of; the data at first
  std::map<std::pair<ActivationSpec, int64_t>, CriticalPoint> points_;
  std::vector<LayerInit> layers_;
};

}  // namespace

std::vector<LayerInit> critical_layer_inits(const Model& model) {
  CriticalChain chain(model);
  for (const auto& layer : model.layers()) {
    if (layer.weight.defined()) chain.add(layer);
  }
  return chain.layers();
}

}  // namespace actlab

#include "train/optimizer.h"

#include <torch/utils.h>

#include <algorithm>

#include "config/registry.h"
#include "train/optimizer_types.h"

namespace actlab {

using torch::Tensor;

Optimizer::Optimizer(double lr, double weight_decay, const std::vector<std::string>& slots,
                     const std::vector<NamedTensor>& parameters, const std::vector<std::string>& no_decay)
    : base_lr_(lr), groups_(2) {
  TORCH_CHECK(!parameters.empty(), "a model without parameters cannot be trained");
  step_ = torch::zeros({}, parameters[0].second.options().dtype(torch::kFloat32).requires_grad(false));
  groups_[0].weight_decay = weight_decay;
  for (const auto& [name, parameter] : parameters) {
    const bool exempt = std::find(no_decay.begin(), no_decay.end(), name) != no_decay.end();
    Group& group = groups_[exempt ? 1 : 0];
    group.names.push_back(name);
    group.parameters.push_back(parameter);
    group.steps.push_back(step_);
    for (const auto& slot : slots) group.slots[slot].push_back(torch::zeros_like(parameter.detach()));
  }
  std::erase_if(groups_, [](const Group& group) { return group.names.empty(); });
}

void Optimizer::step(double lr) {
  torch::NoGradGuard no_grad;
  step_.add_(1);
  for (auto& group : groups_) {
    group.gradients.clear();
    for (const auto& parameter : group.parameters) group.gradients.push_back(parameter.grad());
    update(group, lr);
  }
}

void Optimizer::zero_grad() {
  for (auto& group : groups_) {
    group.gradients.clear();
    for (auto& parameter : group.parameters) parameter.mutable_grad().reset();
  }
}

std::vector<NamedTensor> Optimizer::state() const {
  std::vector<NamedTensor> state = {{"step", step_}};
  for (const auto& group : groups_) {
    for (const auto& [slot, tensors] : group.slots) {
      for (size_t i = 0; i < tensors.size(); ++i) state.emplace_back(group.names[i] + "." + slot, tensors[i]);
    }
  }
  return state;
}

namespace {

struct OptimizerType {
  ComponentType component;
  std::vector<double> usual_rates;
  std::unique_ptr<Optimizer> (*make)(const Node& optimizer, const std::vector<NamedTensor>& parameters,
                                     const std::vector<std::string>& no_decay);
};

// Options that a rule over several binds are checked with the config.
template <class Options>
Node resolve(const Node& section, const std::string& type, const ReadContext& context) {
  const auto options = read_options<Options>(section, context);
  if constexpr (requires { options.check(section, context); }) options.check(section, context);
  return write_options(options, type);
}

template <class T>
OptimizerType row(const char* name, std::vector<double> usual_rates, const char* help) {
  return {{name, help, resolve<typename T::Options>},
          std::move(usual_rates),
          [](const Node& optimizer, const std::vector<NamedTensor>& parameters,
             const std::vector<std::string>& no_decay) -> std::unique_ptr<Optimizer> {
            return std::make_unique<T>(read_options<typename T::Options>(optimizer), parameters, no_decay);
          }};
}

const std::vector<OptimizerType>& optimizer_types() {
  static const std::vector<OptimizerType> table = {
      row<Sgd>("sgd", {0.01, 0.1}, "stochastic gradient descent, with momentum or Nesterov's"),
      row<Adam>("adam", {0.0003, 0.001}, "Kingma and Ba 2015; weight decay is added to the gradient"),
      row<AdamW>("adamw", {0.0003, 0.001}, "Loshchilov and Hutter 2019: Adam with decoupled weight decay"),
      row<RmsProp>("rmsprop", {0.001, 0.01}, "Tieleman and Hinton 2012"),
  };
  return table;
}

}  // namespace

ComponentSection optimizer_section() {
  return section_of("optimizer", optimizer_types(), "adam");
}

std::vector<double> usual_rates(const Node& optimizer) {
  return find_row(optimizer_types(), optimizer).usual_rates;
}

std::unique_ptr<Optimizer> make_optimizer(const Node& optimizer, const std::vector<NamedTensor>& parameters,
                                          const std::vector<std::string>& no_decay) {
  return find_row(optimizer_types(), optimizer).make(optimizer, parameters, no_decay);
}

}  // namespace actlab

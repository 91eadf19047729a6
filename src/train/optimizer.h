#pragma once

#include <torch/types.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "config/config.h"

namespace actlab {

// A tensor and its name as PyTorch would have it: "fc1.weight".
using NamedTensor = std::pair<std::string, torch::Tensor>;

// The `optimizer` section: a row an optimizer.
ComponentSection optimizer_section();

// Updates parameters from their gradients. Parameters are taken by reference: their storage is written in
// place.
class Optimizer {
 public:
  virtual ~Optimizer() = default;

  // One update with that learning rate. Every parameter must have a gradient.
  void step(double lr);

  // Forgets the gradients, so that the next backward pass writes instead of adding.
  void zero_grad();

  // Everything a resumed run needs, by name: "step", and "fc1.weight.exp_avg" and the like. Storage is
  // shared.
  std::vector<NamedTensor> state() const;

  // The rate given in the config.
  double base_lr() const { return base_lr_; }

 protected:
  // Parameters that share their weight decay.
  struct Group {
    std::vector<std::string> names;
    std::vector<torch::Tensor> parameters;
    std::vector<torch::Tensor> gradients;  // of the step under way
    double weight_decay = 0;
    std::map<std::string, std::vector<torch::Tensor>> slots;  // each as long as parameters
    std::vector<torch::Tensor> steps;  // step_, once a parameter, as the fused kernels ask
  };

  // `parameters` whose name is in `no_decay` are exempt from weight decay.
  Optimizer(double lr, double weight_decay, const std::vector<std::string>& slots,
            const std::vector<NamedTensor>& parameters, const std::vector<std::string>& no_decay);

  virtual void update(Group& group, double lr) = 0;

  // Steps before the one under way, as a float scalar on the parameters' device.
  const torch::Tensor& steps_done() const { return step_; }

 private:
  double base_lr_;
  torch::Tensor step_;
  std::vector<Group> groups_;
};

// Learning rates that usually train with the optimizer of that section, ascending: for advice.
std::vector<double> usual_rates(const Node& optimizer);

// `no_decay`: names of parameters that weight decay leaves alone.
std::unique_ptr<Optimizer> make_optimizer(const Node& optimizer, const std::vector<NamedTensor>& parameters,
                                          const std::vector<std::string>& no_decay);

}  // namespace actlab

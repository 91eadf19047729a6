#pragma once

#include <torch/types.h>

#include <vector>

#include "diagnose/statistics.h"
#include "models/model.h"

namespace actlab {

// Watches the activations of a model, hidden and at the end, while it lives. Only one probe at a time.
class Probe : public ActivationObserver {
 public:
  explicit Probe(Model& model);
  ~Probe() override;
  Probe(const Probe&) = delete;
  Probe& operator=(const Probe&) = delete;

  // What one layer saw in the last forward pass; in its graph, so that gradients can be asked of it.
  struct Sight {
    torch::Tensor input;  // the pre-activation
    torch::Tensor output;
    torch::Tensor slope;  // f' at the input; undefined where the activation is not element-wise
  };
  // One a hidden layer, in the order of the forward pass, and one for the function at the end.
  const std::vector<Sight>& sights() const { return sights_; }

  void observe(const Activation& activation, const torch::Tensor& input,
               const torch::Tensor& output) override;

 private:
  Model& model_;
  std::vector<Sight> sights_;
};

// What shares of an activation are counted against, with the learned parameters it has now.
Thresholds thresholds_of(const Activation& activation);

}  // namespace actlab

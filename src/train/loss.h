#pragma once

#include <torch/types.h>

#include <optional>
#include <string>

#include "config/config.h"
#include "models/model.h"

namespace actlab {

struct LossType;  // a row of the registry

// The `loss` section: a row a loss.
ComponentSection loss_section();

// Why a loss, a model's output and the labels do not go together, and the mend.
struct ContractProblem {
  std::string key;         // the config key to change
  std::string message;     // what does not fit
  std::string suggestion;  // what to set instead
};

// How far outputs are from targets.
class Loss {
 public:
  explicit Loss(const Node& section);

  // Mean over the batch, a scalar. `output` [N, K]; `targets` likewise, or int64 [N] for a loss that takes
  // class indices.
  torch::Tensor operator()(const torch::Tensor& output, const torch::Tensor& targets) const;

  // Whether targets are int64 class indices.
  bool takes_indices() const;
  // Whether it compares any outputs with any targets, as mse does: where targets are probabilities, so are
  // the outputs.
  bool compares_values() const;

  // What is wrong with it for a model that tells so many classes apart. The rules stand with each loss:
  //   bce               sigmoids: one for two classes, or one a class
  //   bce_with_logits   logits likewise
  //   cross_entropy     logits, one a class
  //   nll               log_softmax, one a class
  //   mse               anything but log_softmax: one value for two classes, or one a class
  std::optional<ContractProblem> check(const ModelOutput& output, int64_t classes) const;

  // Of a model that holds all classes for equally likely, whatever it is shown. Mean over outputs too, as
  // PyTorch's mse, bce and bce_with_logits are.
  double chance(const ModelOutput& output, int64_t classes) const;

 private:
  const LossType& type_;
};

}  // namespace actlab

#include "train/loss.h"

#include "config/registry.h"
#include "core/error.h"
#include "train/contract.h"

namespace actlab {

using torch::Tensor;

struct LossType {
  ComponentType component;
  bool class_indices;  // wants labels as int64 [N]
  Tensor (*apply)(const Tensor& output, const Tensor& targets);
};

namespace {

struct NoOptions {
  template <class Visitor>
  void visit(Visitor&) {}
};

const std::vector<LossType>& loss_types() {
  constexpr auto no_options = resolve_options<NoOptions>;
  static const std::vector<LossType> table = {
      {{"mse", "mean squared error against 0 and 1", no_options},
       false,
       [](const Tensor& output, const Tensor& targets) { return at::mse_loss(output, targets); }},
      {{"bce", "binary cross-entropy of a probability", no_options},
       false,
       [](const Tensor& output, const Tensor& targets) { return at::binary_cross_entropy(output, targets); }},
      {{"bce_with_logits", "binary cross-entropy of a logit", no_options},
       false,
       [](const Tensor& output, const Tensor& targets) {
         return at::binary_cross_entropy_with_logits(output, targets);
       }},
      {{"cross_entropy", "cross-entropy of logits, one a class", no_options},
       true,
       [](const Tensor& output, const Tensor& targets) { return at::cross_entropy_loss(output, targets); }},
      {{"nll", "negative log-likelihood of log-probabilities", no_options},
       true,
       [](const Tensor& output, const Tensor& targets) { return at::nll_loss(output, targets); }},
  };
  return table;
}

}  // namespace

ComponentSection loss_section() {
  return section_of("loss", loss_types());
}

Loss::Loss(const Node& loss, const ModelOutput& output, int64_t classes)
    : type_(find_row(loss_types(), loss)), output_(output) {
  if (const auto problem = check_contract(type_.component.name, output.kind, output.count, classes)) {
    throw Error(ExitStatus::kUsage, problem->key + ": " + problem->message + "; set " + problem->suggestion);
  }
}

Tensor Loss::targets(const Tensor& labels) const {
  if (type_.class_indices) return labels;
  if (output_.count == 1) return labels.to(torch::kFloat32).unsqueeze(1);
  return at::one_hot(labels, output_.count).to(torch::kFloat32);
}

Tensor Loss::operator()(const Tensor& output, const Tensor& targets) const {
  return type_.apply(output, targets);
}

Tensor Loss::probabilities(const Tensor& output) const {
  if (output_.count == 1) {
    // The target of mse is the probability itself, so is its estimate.
    const bool logit = output_.kind == "logits" && type_.component.name != "mse";
    const Tensor positive = logit ? at::sigmoid(output) : output.clamp(0, 1);
    return at::cat({1 - positive, positive}, 1);
  }
  if (output_.kind == "softmax") return output;
  if (output_.kind == "log_softmax") return output.exp();
  if (output_.kind == "sigmoid") return output / output.sum(1, true).clamp_min(1e-30);
  return at::softmax(output, 1);
}

}  // namespace actlab

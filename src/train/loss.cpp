#include "train/loss.h"

#include <cmath>

#include "config/registry.h"
#include "core/error.h"

namespace actlab {

using torch::Tensor;

// A loss: what it is, what it asks of a classifier, and where one starts that knows nothing.
struct LossType {
  ComponentType component;
  Tensor (*apply)(const Tensor& output, const Tensor& targets);
  double (*chance)(double outputs, double classes);
  std::string output;          // the kind of output that it needs; empty: any but `refused`
  bool class_indices = false;  // takes labels as int64 [N], where the others take them as floats
  bool two_classes = false;    // tells two classes apart with one output
  bool one_for_two = false;    // needs one output a class, but for two classes one will do
  std::string refused = {};
};

namespace {

struct NoOptions {
  template <class Visitor>
  void visit(Visitor&) {}
};

double log_of_classes(double, double classes) {
  return std::log(classes);
}

const std::vector<LossType>& loss_types() {
  constexpr auto no_options = resolve_options<NoOptions>;
  static const std::vector<LossType> table = {
      {.component = {"mse", "mean squared error against 0 and 1", no_options},
       .apply = [](const Tensor& output, const Tensor& targets) { return at::mse_loss(output, targets); },
       .chance = [](double outputs,
                    double classes) { return outputs == 1 ? 0.25 : (classes - 1) / (classes * classes); },
       .output = "",
       .one_for_two = true,
       .refused = "log_softmax"},
      {.component = {"bce", "binary cross-entropy of a probability", no_options},
       .apply = [](const Tensor& output,
                   const Tensor& targets) { return at::binary_cross_entropy(output, targets); },
       .chance = log_of_classes,
       .output = "sigmoid",
       .two_classes = true},
      {.component = {"bce_with_logits", "binary cross-entropy of a logit", no_options},
       .apply = [](const Tensor& output,
                   const Tensor& targets) { return at::binary_cross_entropy_with_logits(output, targets); },
       .chance = log_of_classes,
       .output = "logits",
       .two_classes = true},
      {.component = {"cross_entropy", "cross-entropy of logits, one a class", no_options},
       .apply = [](const Tensor& output,
                   const Tensor& targets) { return at::cross_entropy_loss(output, targets); },
       .chance = log_of_classes,
       .output = "logits",
       .class_indices = true},
      {.component = {"nll", "negative log-likelihood of log-probabilities", no_options},
       .apply = [](const Tensor& output, const Tensor& targets) { return at::nll_loss(output, targets); },
       .chance = log_of_classes,
       .output = "log_softmax",
       .class_indices = true},
  };
  return table;
}

// The loss made for a model that ends so, among those of the same kind of task.
const LossType& fitting_loss(const std::string& output, bool two_classes) {
  const LossType* usual = nullptr;
  for (const auto& type : loss_types()) {
    if (type.two_classes != two_classes || type.output.empty()) continue;
    if (type.output == output) return type;
    if (usual == nullptr || type.output == "logits") usual = &type;
  }
  return *usual;
}

std::string name_of(const LossType& type) {
  return type.component.name;
}

// What is wrong with the number of outputs.
std::optional<ContractProblem> check_count(const LossType& type, const ModelOutput& output, int64_t classes) {
  const std::string loss = name_of(type);
  const std::string labels = std::to_string(classes) + " classes";
  const auto for_many = [&] { return "loss=" + name_of(fitting_loss(output.kind, false)); };
  if (type.two_classes && classes != 2) {
    return ContractProblem{"loss.type", loss + " tells two classes apart, but the labels have " + labels,
                           "data.labels={positive: [...]} for a two-class task, or " + for_many()};
  }
  const std::string outputs = std::to_string(output.count);
  if (type.two_classes && output.count != 1) {
    return ContractProblem{"loss.type", loss + " needs one output, but the model has " + outputs + " outputs",
                           "model.outputs=1, or " + for_many()};
  }
  const bool enough = output.count == classes || (type.one_for_two && output.count == 1 && classes == 2);
  if (type.two_classes || enough) return std::nullopt;
  const bool binary = classes == 2 && output.count == 1;
  return ContractProblem{"loss.type",
                         loss + " needs one output a class, but the model has " + outputs + " for " + labels,
                         binary ? "loss=" + name_of(fitting_loss(output.kind, true))
                                : "a model with " + std::to_string(classes) + " outputs"};
}

// What is wrong with the function that the model ends in.
std::optional<ContractProblem> check_kind(const LossType& type, const std::string& output) {
  if (!type.output.empty() && output != type.output) {
    const LossType& other = fitting_loss(output, type.two_classes);
    return ContractProblem{
        "loss.type",
        name_of(type) + " needs a model that ends in " + type.output + ", but this one ends in " + output,
        "model.output=" + type.output + (other.output == output ? ", or loss=" + name_of(other) : "")};
  }
  if (!type.refused.empty() && output == type.refused) {
    return ContractProblem{"loss.type",
                           name_of(type) + " compares with 0 and 1, but " + output + " is never above 0",
                           "model.output=softmax, or loss=" + name_of(fitting_loss(output, false))};
  }
  return std::nullopt;
}

}  // namespace

ComponentSection loss_section() {
  return section_of("loss", loss_types());
}

Loss::Loss(const Node& section) : type_(find_row(loss_types(), section)) {}

Tensor Loss::operator()(const Tensor& output, const Tensor& targets) const {
  return type_.apply(output, targets);
}

bool Loss::takes_indices() const {
  return type_.class_indices;
}

bool Loss::compares_values() const {
  return type_.output.empty();
}

std::optional<ContractProblem> Loss::check(const ModelOutput& output, int64_t classes) const {
  if (auto problem = check_count(type_, output, classes)) return problem;
  return check_kind(type_, output.kind);
}

double Loss::chance(const ModelOutput& output, int64_t classes) const {
  return type_.chance(static_cast<double>(output.count), static_cast<double>(classes));
}

}  // namespace actlab

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

// Of outputs that each say yes with probability 1 / classes; one output alone stands for two classes.
double yes_or_no_chance(double, double classes) {
  const double yes = 1 / classes;
  return -(yes * std::log(yes) + (1 - yes) * std::log(1 - yes));
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
      {.component = {"bce", "binary cross-entropy of probabilities: one, or one a class", no_options},
       .apply = [](const Tensor& output,
                   const Tensor& targets) { return at::binary_cross_entropy(output, targets); },
       .chance = yes_or_no_chance,
       .output = "sigmoid",
       .one_for_two = true},
      {.component = {"bce_with_logits", "binary cross-entropy of logits: one, or one a class", no_options},
       .apply = [](const Tensor& output,
                   const Tensor& targets) { return at::binary_cross_entropy_with_logits(output, targets); },
       .chance = yes_or_no_chance,
       .output = "logits",
       .one_for_two = true},
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

// The loss made for a model that ends so, of those that do with one output for two classes or of all: the
// last in the table, which for one output a class is the usual one. That of logits where none is.
const LossType& fitting_loss(const std::string& output, bool one_for_two) {
  const LossType* fitting = nullptr;
  const LossType* usual = nullptr;
  for (const auto& type : loss_types()) {
    if (type.output.empty() || (one_for_two && !type.one_for_two)) continue;
    if (type.output == output) fitting = &type;
    if (type.output == "logits") usual = &type;
  }
  return fitting != nullptr ? *fitting : *usual;
}

std::string name_of(const LossType& type) {
  return type.component.name;
}

// What is wrong with the number of outputs.
std::optional<ContractProblem> check_count(const LossType& type, const ModelOutput& output, int64_t classes) {
  const bool one_is_enough = type.one_for_two && classes == 2;
  if (output.count == classes || (one_is_enough && output.count == 1)) return std::nullopt;
  const std::string loss = name_of(type);
  const std::string labels = std::to_string(classes) + " classes";
  const bool yes_or_no = type.one_for_two && !type.output.empty();
  const std::string widened =
      output.width_key + "=" + std::to_string(yes_or_no && one_is_enough ? 1 : classes);
  if (yes_or_no && output.count == 1) {
    return ContractProblem{
        "loss.type", loss + " tells two classes apart with one output, but the labels have " + labels,
        "data.labels={positive: [...]} for a two-class task, or " + widened + " for one output a class"};
  }
  const bool binary = classes == 2 && output.count == 1;
  return ContractProblem{"loss.type",
                         loss + " needs one output a class, but the model has " +
                             std::to_string(output.count) + " for " + labels,
                         binary ? "loss=" + name_of(fitting_loss(output.kind, true)) : widened};
}

// What is wrong with the function that the model ends in.
std::optional<ContractProblem> check_kind(const LossType& type, const std::string& output) {
  if (!type.output.empty() && output != type.output) {
    const LossType& other = fitting_loss(output, type.one_for_two);
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
  return section_of("loss", loss_types(), "", "actlab trains classifiers, which these are for");
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

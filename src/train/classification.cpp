#include "train/classification.h"

#include <algorithm>

#include "core/error.h"
#include "core/text.h"
#include "train/class_findings.h"

namespace actlab {
namespace {

using nlohmann::ordered_json;
using torch::Tensor;

class ClassScores : public Scores {
 public:
  ClassScores(const Classification& task, bool detailed) : task_(task), metrics_(task.classes()) {
    if (detailed) findings_.emplace(task.classes());
  }

  void add(const Tensor& output, const Tensor& labels) override {
    const Tensor rows = task_.probabilities(output).to(torch::kCPU).contiguous();
    const Tensor truth = labels.to(torch::kCPU).contiguous();
    const auto classes = static_cast<size_t>(rows.size(1));
    const auto* p = rows.const_data_ptr<float>();
    const auto* label = truth.const_data_ptr<int64_t>();
    for (int64_t i = 0; i < rows.size(0); ++i, p += classes) {
      const std::span<const float> row(p, classes);
      const int64_t predicted = predicted_class(row);
      if (findings_) findings_->see(metrics_.examples(), label[i], predicted, row);
      metrics_.add(label[i], predicted, row[classes == 2 ? 1 : 0]);
    }
  }

  ordered_json to_json() const override { return metrics_.to_json(); }

  ordered_json details(const Part& part) const override {
    ordered_json json = {{"classes", task_.class_names()}};
    if (findings_) json.update(findings_->to_json(part, task_.class_names()));
    return json;
  }

  std::string text() const override {
    const ordered_json figures = to_json();
    std::string text;
    if (figures.contains("auc") && !figures["auc"].is_null())
      text += formatted("ROC-AUC   %.4f\n", figures["auc"].get<double>());
    text += formatted("\n%-12s %9s %9s %9s %9s\n", "class", "examples", "precision", "recall", "F1");
    for (int64_t label = 0; label < task_.classes(); ++label) {
      long long examples = 0;
      for (const int64_t count : metrics_.confusion()[static_cast<size_t>(label)]) examples += count;
      text += formatted("%-12s %9lld %9.4f %9.4f %9.4f\n",
                        task_.class_names()[static_cast<size_t>(label)].c_str(), examples,
                        metrics_.precision(label), metrics_.recall(label), metrics_.f1(label));
    }
    return text;
  }

 private:
  Classification task_;
  Metrics metrics_;
  std::optional<ClassFindings> findings_;
};

}  // namespace

int64_t predicted_class(std::span<const float> probabilities) {
  if (probabilities.size() == 2) return probabilities[1] >= probabilities[0] ? 1 : 0;
  return std::max_element(probabilities.begin(), probabilities.end()) - probabilities.begin();
}

Classification::Classification(Loss loss, ModelOutput output, std::vector<std::string> class_names)
    : Task(loss), output_(std::move(output)), class_names_(std::move(class_names)) {
  if (const auto problem = loss.check(output_, classes())) {
    throw Error(ExitStatus::kUsage, problem->key + ": " + problem->message + "; set " + problem->suggestion);
  }
}

Tensor Classification::targets(const Tensor& labels) const {
  if (loss_function().takes_indices()) return labels;
  if (output_.count == 1) return labels.to(torch::kFloat32).unsqueeze(1);
  return at::one_hot(labels, output_.count).to(torch::kFloat32);
}

std::unique_ptr<Scores> Classification::scores(bool detailed) const {
  return std::make_unique<ClassScores>(*this, detailed);
}

Tensor Classification::probabilities(const Tensor& output) const {
  if (output_.count == 1) {
    // Where values are compared, the target is the probability itself, and so is its estimate.
    const bool logit = output_.kind == "logits" && !loss_function().compares_values();
    const Tensor positive = logit ? at::sigmoid(output) : output.clamp(0, 1);
    return at::cat({1 - positive, positive}, 1);
  }
  if (output_.kind == "softmax") return output;
  if (output_.kind == "log_softmax") return output.exp();
  if (output_.kind == "sigmoid") return output / output.sum(1, true).clamp_min(1e-30);
  return at::softmax(output, 1);
}

void Classification::describe(TrainingSetup& setup) const {
  setup.chance_loss = loss_function().chance(output_, classes());
  setup.squares_a_sigmoid =
      loss_function().compares_values() && output_.kind == "sigmoid" && output_.count == 1 && classes() == 2;
}

}  // namespace actlab

#include "train/classification.h"

#include <algorithm>
#include <limits>

#include "core/error.h"
#include "core/text.h"
#include "train/class_findings.h"

namespace actlab {
namespace {

using nlohmann::ordered_json;
using torch::Tensor;

// Of p = exp(w) / sum exp(w): log(p / (1 - p)) for each class [N, classes], exactly w[k] - w[j] for two. For
// the largest the others are summed by themselves, as 1 - p would round to 0; for the rest p is at most 1/2.
Tensor log_odds(const Tensor& weights) {
  if (weights.size(1) == 2) return weights - weights.flip({1});
  const Tensor top = weights.argmax(1, /*keepdim=*/true);
  const Tensor others = weights.scatter(1, top, -std::numeric_limits<double>::infinity());
  const Tensor all = weights.logsumexp(1, /*keepdim=*/true);
  const Tensor odds = weights - all - at::log1p(-at::exp(weights - all));
  return odds.scatter(1, top, weights.gather(1, top) - others.logsumexp(1, /*keepdim=*/true));
}

class ClassScores : public Scores {
 public:
  ClassScores(const Classification& task, bool detailed) : task_(task), metrics_(task.classes()) {
    if (detailed) findings_.emplace(task.classes());
  }

  void add(const Tensor& output, const Tensor& logits, const Tensor& labels) override {
    const Tensor rows = task_.decisions(logits).to(torch::kCPU).contiguous();
    const Tensor probabilities = task_.probabilities(output).to(torch::kCPU).contiguous();
    const Tensor truth = labels.to(torch::kCPU).contiguous();
    const auto classes = static_cast<size_t>(rows.size(1));
    const auto* decision = rows.const_data_ptr<double>();
    const auto* p = probabilities.const_data_ptr<float>();
    const auto* label = truth.const_data_ptr<int64_t>();
    for (int64_t i = 0; i < rows.size(0); ++i, decision += classes, p += classes) {
      const std::span<const double> row(decision, classes);
      const int64_t predicted = predicted_class(row);
      if (findings_) findings_->see(metrics_.examples(), label[i], predicted, p[predicted], row);
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

int64_t predicted_class(std::span<const double> decisions) {
  if (decisions.size() == 2) return decisions[1] >= decisions[0] ? 1 : 0;
  return std::ranges::max_element(decisions) - decisions.begin();
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

bool Classification::is_value() const {
  return output_.count == 1 && output_.kind == "logits" && loss_function().compares_values();
}

bool Classification::has_sigmoids() const {
  if (output_.kind != "logits") return output_.kind == "sigmoid";
  return !loss_function().takes_indices() && !loss_function().compares_values();
}

Tensor Classification::probabilities(const Tensor& output) const {
  if (output_.count == 1) {
    const bool logit = output_.kind == "logits" && !is_value();
    const Tensor positive = logit ? at::sigmoid(output) : output.clamp(0, 1);
    return at::cat({1 - positive, positive}, 1);
  }
  if (output_.kind == "softmax") return output;
  if (output_.kind == "log_softmax") return output.exp();
  if (output_.kind == "sigmoid") return output / output.sum(1, true).clamp_min(1e-30);
  // By their logarithms, which tell small ones apart.
  return at::softmax(has_sigmoids() ? at::log_sigmoid(output) : output, 1);
}

Tensor Classification::decisions(const Tensor& logits) const {
  const Tensor scores = logits.to(torch::kFloat64);
  if (output_.count == 1) {
    const Tensor positive = is_value() ? scores - 0.5 : scores;
    return at::cat({-positive, positive}, 1);
  }
  // Probabilities are in proportion to exp of these.
  return log_odds(has_sigmoids() ? at::log_sigmoid(scores) : scores);
}

void Classification::describe(TrainingSetup& setup) const {
  setup.chance_loss = loss_function().chance(output_, classes());
  setup.squares_a_sigmoid =
      loss_function().compares_values() && output_.kind == "sigmoid" && output_.count == 1 && classes() == 2;
}

}  // namespace actlab

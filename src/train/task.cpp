#include "train/task.h"

#include "core/text.h"
#include "train/classification.h"

namespace actlab {
namespace {

using nlohmann::ordered_json;
using torch::Tensor;

class MeanScores : public Scores {
 public:
  using OfEach = std::function<Tensor(const Tensor& output, const Tensor& labels)>;

  MeanScores(std::string name, OfEach of_each) : name_(std::move(name)), of_each_(std::move(of_each)) {}

  void add(const Tensor& output, const Tensor&, const Tensor& labels) override {
    sum_ += of_each_(output, labels).sum(torch::kFloat64).item<double>();
    examples_ += labels.size(0);
  }

  ordered_json to_json() const override {
    return {{name_, examples_ > 0 ? ordered_json(sum_ / static_cast<double>(examples_)) : nullptr}};
  }

 private:
  std::string name_;
  OfEach of_each_;
  double sum_ = 0;
  int64_t examples_ = 0;
};

}  // namespace

ordered_json Scores::details(const Part&) const {
  return ordered_json::object();
}

std::string Scores::text() const {
  std::string text;
  const ordered_json figures = to_json();
  for (const auto& [name, value] : figures.items()) {
    if (value.is_number()) text += formatted("%-9s %.4f\n", name.c_str(), value.get<double>());
  }
  return text;
}

Tensor Task::probabilities(const Tensor&) const {
  return {};
}

Tensor Task::decisions(const Tensor&) const {
  return {};
}

void Task::describe(TrainingSetup&) const {}

Tensor Task::loss(const Tensor& output, const Tensor& labels) const {
  const Tensor wanted = targets(labels);
  return loss_(output, wanted.is_floating_point() ? wanted.to(output.scalar_type()) : wanted);
}

std::unique_ptr<Scores> mean_scores(
    const std::string& name, std::function<Tensor(const Tensor& output, const Tensor& labels)> of_each) {
  return std::make_unique<MeanScores>(name, std::move(of_each));
}

std::shared_ptr<const Task> make_task(const Node& loss, const ModelOutput& output,
                                      const std::vector<std::string>& class_names) {
  return std::make_shared<Classification>(Loss(loss), output, class_names);
}

}  // namespace actlab

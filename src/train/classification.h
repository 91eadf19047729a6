#pragma once

#include <span>

#include "train/metrics.h"
#include "train/task.h"

namespace actlab {

// The class that these decisions, one a class, speak for (see Task::decisions). With two equal ones the
// second wins where there are two classes, the first elsewhere: what `p >= 0.5` and argmax say.
int64_t predicted_class(std::span<const double> decisions);

// Telling classes apart: labels are class indices, and the headline is the accuracy.
class Classification : public Task {
 public:
  // Throws Error (2) naming the mend when loss, output and classes do not go together (see Loss::check).
  Classification(Loss loss, ModelOutput output, std::vector<std::string> class_names);

  Headline headline() const override { return {"accuracy", true, true}; }
  // int64 [N], or float [N, 1], or float one-hot [N, K].
  torch::Tensor targets(const torch::Tensor& labels) const override;
  // Metrics; the details are:
  //   classes   their names
  //   roc       [{class, auc, points: [[false positive rate, true positive rate], ...]}], at most 200 points;
  //             each class against the rest, or class 1 where there are two
  //   precision_recall  [{class, points: [[recall, precision], ...]}], likewise
  //   calibration  {ece, bins: [{probability, accuracy, examples}]}
  //   mistakes  [{index, label, predicted, probability, shape, pixels}], those it was surest of first: 24,
  //   and some
  //             of every kind; `pixels` is base64 of the uint8 values, `original` the data's own label where
  //             the task has another
  std::unique_ptr<Scores> scores(bool detailed) const override;
  torch::Tensor probabilities(const torch::Tensor& output) const override;
  // The log-odds of each class against the others; where values are compared with 0 and 1, how far the one
  // output lies above the middle.
  torch::Tensor decisions(const torch::Tensor& logits) const override;
  void describe(TrainingSetup& setup) const override;

  int64_t classes() const { return static_cast<int64_t>(class_names_.size()); }
  const std::vector<std::string>& class_names() const { return class_names_; }

 private:
  // Whether one output is compared with the targets 0 and 1: then it is the probability itself.
  bool is_value() const;
  // Whether each output has a sigmoid of its own, in the model or in the loss: brought to the sum 1.
  bool has_sigmoids() const;

  ModelOutput output_;
  std::vector<std::string> class_names_;
};

}  // namespace actlab

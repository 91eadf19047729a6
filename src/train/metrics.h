#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

namespace actlab {

// Wilson's score interval (1927) for a share of `hits` among `examples`, at 95 %. [0, 1] without examples.
std::pair<double, double> wilson_interval(int64_t hits, int64_t examples);

// Area under the ROC curve: the probability that a positive example scores above a negative one, ties
// counting half (Mann and Whitney 1947). Empty without examples of both classes.
std::optional<double> roc_auc(const std::vector<std::pair<double, bool>>& scored);

// What a classifier got right and wrong. An accumulator: add batches, merge parts, then ask.
class Metrics {
 public:
  explicit Metrics(int64_t classes) : confusion_(classes, std::vector<int64_t>(classes, 0)) {}

  // One example. `score`, used where there are two classes, rises with the probability of class 1 (see
  // Task::decisions): AUC is a matter of order, of which rounded probabilities keep little.
  void add(int64_t label, int64_t predicted, double score);
  void merge(const Metrics& other);

  int64_t examples() const { return examples_; }
  double accuracy() const;  // 0 without examples
  std::pair<double, double> accuracy_interval() const { return wilson_interval(hits(), examples_); }
  const std::vector<std::vector<int64_t>>& confusion() const { return confusion_; }  // [label][predicted]
  // Of one class; 0 where undefined.
  double precision(int64_t label) const;
  double recall(int64_t label) const;
  double f1(int64_t label) const;

  // accuracy, accuracy_ci95, confusion, precision, recall, f1; auc where there are two
  // classes. Precision, recall and F1 are those of class 1 where there are two classes, else the means over
  // the classes that occur.
  nlohmann::ordered_json to_json() const;

 private:
  int64_t hits() const;
  bool occurs(size_t label) const;  // as a label or as a prediction
  double over_classes(double (Metrics::*measure)(int64_t) const) const;

  int64_t examples_ = 0;
  std::vector<std::vector<int64_t>> confusion_;
  std::vector<std::pair<double, bool>> scored_;  // filled for two classes
};

}  // namespace actlab

#include "train/metrics.h"

#include <algorithm>
#include <cmath>

namespace actlab {
namespace {

double ratio(double part, double whole) {
  return whole == 0 ? 0 : part / whole;
}

}  // namespace

std::pair<double, double> wilson_interval(int64_t hits, int64_t examples) {
  if (examples == 0) return {0, 1};
  constexpr double z = 1.959963984540054;  // the normal distribution's 97.5 % quantile
  const double n = static_cast<double>(examples);
  const double p = static_cast<double>(hits) / n;
  const double center = (p + z * z / (2 * n)) / (1 + z * z / n);
  const double reach = z / (1 + z * z / n) * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  return {std::max(0.0, center - reach), std::min(1.0, center + reach)};
}

std::optional<double> roc_auc(const std::vector<std::pair<double, bool>>& scored) {
  if (std::ranges::any_of(scored, [](const auto& s) { return std::isnan(s.first); })) return std::nullopt;
  auto sorted = scored;
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  double rank_sum = 0;  // of the positives; ties share their mean rank
  double positives = 0;
  for (size_t i = 0; i < sorted.size();) {
    size_t end = i;
    double tied_positives = 0;
    while (end < sorted.size() && sorted[end].first == sorted[i].first)
      tied_positives += sorted[end++].second ? 1 : 0;
    rank_sum += tied_positives * (static_cast<double>(i + 1 + end) / 2);
    positives += tied_positives;
    i = end;
  }
  const double negatives = static_cast<double>(sorted.size()) - positives;
  if (positives == 0 || negatives == 0) return std::nullopt;
  return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives);
}

void Metrics::add(int64_t label, int64_t predicted, double score) {
  ++examples_;
  ++confusion_.at(label).at(predicted);
  if (confusion_.size() == 2) scored_.emplace_back(score, label == 1);
}

void Metrics::merge(const Metrics& other) {
  examples_ += other.examples_;
  for (size_t i = 0; i < confusion_.size(); ++i) {
    for (size_t j = 0; j < confusion_.size(); ++j) confusion_[i][j] += other.confusion_.at(i).at(j);
  }
  scored_.insert(scored_.end(), other.scored_.begin(), other.scored_.end());
}

int64_t Metrics::hits() const {
  int64_t sum = 0;
  for (size_t i = 0; i < confusion_.size(); ++i) sum += confusion_[i][i];
  return sum;
}

double Metrics::accuracy() const {
  return ratio(static_cast<double>(hits()), static_cast<double>(examples_));
}

double Metrics::precision(int64_t label) const {
  double predicted = 0;
  for (const auto& row : confusion_) predicted += static_cast<double>(row.at(label));
  return ratio(static_cast<double>(confusion_.at(label).at(label)), predicted);
}

double Metrics::recall(int64_t label) const {
  double there = 0;
  for (const int64_t count : confusion_.at(label)) there += static_cast<double>(count);
  return ratio(static_cast<double>(confusion_.at(label).at(label)), there);
}

double Metrics::f1(int64_t label) const {
  const double p = precision(label);
  const double r = recall(label);
  return ratio(2 * p * r, p + r);
}

bool Metrics::occurs(size_t label) const {
  for (size_t other = 0; other < confusion_.size(); ++other) {
    if (confusion_[label][other] + confusion_[other][label] > 0) return true;
  }
  return false;
}

double Metrics::over_classes(double (Metrics::*measure)(int64_t) const) const {
  if (confusion_.size() == 2) return (this->*measure)(1);
  double sum = 0;
  double classes = 0;
  for (size_t label = 0; label < confusion_.size(); ++label) {
    if (!occurs(label)) continue;
    sum += (this->*measure)(static_cast<int64_t>(label));
    ++classes;
  }
  return ratio(sum, classes);
}

nlohmann::ordered_json Metrics::to_json() const {
  const auto [low, high] = accuracy_interval();
  nlohmann::ordered_json json = {
      {"accuracy", accuracy()},
      {"accuracy_ci95", {low, high}},
      {"confusion", confusion_},
      {"precision", over_classes(&Metrics::precision)},
      {"recall", over_classes(&Metrics::recall)},
      {"f1", over_classes(&Metrics::f1)},
  };
  if (confusion_.size() == 2) {
    const auto auc = roc_auc(scored_);
    json["auc"] = auc ? nlohmann::ordered_json(*auc) : nlohmann::ordered_json(nullptr);
  }
  return json;
}

}  // namespace actlab

#include "train/class_findings.h"

#include <algorithm>
#include <cmath>

#include "core/base64.h"
#include "train/metrics.h"

namespace actlab {
namespace {

using nlohmann::ordered_json;

constexpr size_t kMistakes = 24;
constexpr size_t kRocPoints = 200;

// Corners of the ROC curve from (0, 0) to (1, 1), thinned evenly.
ordered_json roc_points(std::vector<std::pair<float, bool>> scored) {
  std::sort(scored.begin(), scored.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  const auto positives = static_cast<double>(
      std::count_if(scored.begin(), scored.end(), [](const auto& s) { return s.second; }));
  const double negatives = static_cast<double>(scored.size()) - positives;
  std::vector<std::pair<double, double>> corners = {{0, 0}};
  double hits = 0;
  for (size_t i = 0; i < scored.size(); ++i) {
    hits += scored[i].second ? 1 : 0;
    const bool tied = i + 1 < scored.size() && scored[i + 1].first == scored[i].first;
    if (!tied) corners.emplace_back((static_cast<double>(i + 1) - hits) / negatives, hits / positives);
  }
  const size_t stride = (corners.size() + kRocPoints - 3) / (kRocPoints - 2);
  ordered_json points = ordered_json::array();
  for (size_t i = 0; i < corners.size(); i += stride) points.push_back({corners[i].first, corners[i].second});
  if ((corners.size() - 1) % stride != 0) points.push_back({1, 1});
  return points;
}

}  // namespace

void ClassFindings::see(int64_t index, int64_t label, int64_t predicted,
                        std::span<const float> probabilities) {
  for (size_t k = 0; k < scores_.size(); ++k) {
    scores_[k].emplace_back(probabilities[k], static_cast<int64_t>(k) == label);
  }
  if (label == predicted) return;
  mistakes_.push_back({index, label, predicted, probabilities[static_cast<size_t>(predicted)]});
}

// The surest first, equally sure ones in the order of the data.
bool ClassFindings::surer(const Mistake& a, const Mistake& b) {
  const auto sureness = [](const Mistake& m) { return std::isnan(m.probability) ? -1 : m.probability; };
  return sureness(a) != sureness(b) ? sureness(a) > sureness(b) : a.index < b.index;
}

ordered_json ClassFindings::to_json(const Mistake& mistake, const Part& part,
                                    const std::vector<std::string>& names) {
  const ExampleShape shape = part.shape();
  const bool picture = part.source().type == SampleType::kByte;
  return {{"index", mistake.index},
          {"label", names[static_cast<size_t>(mistake.label)]},
          {"predicted", names[static_cast<size_t>(mistake.predicted)]},
          {"probability", mistake.probability},
          {"shape", {shape.channels, shape.height, shape.width}},
          {"pixels", picture ? to_base64(part.sample(mistake.index)) : ""}};
}

ordered_json ClassFindings::to_json(const Part& part, const std::vector<std::string>& names) const {
  ordered_json roc = ordered_json::array();
  for (size_t k = scores_.size() == 2 ? 1 : 0; k < scores_.size(); ++k) {
    const auto area = roc_auc(scores_[k]);
    if (!area) continue;
    roc.push_back({{"class", names[k]}, {"auc", *area}, {"points", roc_points(scores_[k])}});
  }
  std::vector<Mistake> sorted = mistakes_;
  std::sort(sorted.begin(), sorted.end(), surer);
  ordered_json mistakes = ordered_json::array();
  for (size_t i = 0; i < std::min(kMistakes, sorted.size()); ++i) {
    mistakes.push_back(to_json(sorted[i], part, names));
  }
  return {{"roc", roc}, {"mistakes", mistakes}};
}

}  // namespace actlab

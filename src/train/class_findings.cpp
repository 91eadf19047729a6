#include "train/class_findings.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/base64.h"
#include "train/metrics.h"

namespace actlab {
namespace {

using nlohmann::ordered_json;

constexpr size_t kMistakes = 24;        // the surest
constexpr size_t kMistakesOfAKind = 3;  // of a label and a prediction, beyond those
constexpr size_t kMostMistakes = 120;
constexpr size_t kCurvePoints = 200;

// What a threshold below the i-th score takes for positive, for the places where the score changes.
struct Corner {
  double hits = 0;   // positives above it
  double taken = 0;  // examples above it
};

std::vector<Corner> corners_of(std::vector<Scored> scored) {
  std::sort(scored.begin(), scored.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<Corner> corners = {{0, 0}};
  double hits = 0;
  for (size_t i = 0; i < scored.size(); ++i) {
    hits += scored[i].second ? 1 : 0;
    const bool tied = i + 1 < scored.size() && scored[i + 1].first == scored[i].first;
    if (!tied) corners.push_back({hits, static_cast<double>(i + 1)});
  }
  return corners;
}

// Places of at most kCurvePoints corners, the first and the last among them: half by equal steps of the false
// positives, half by equal factors, since the curve of a good classifier lies where they are few.
std::vector<size_t> thinned(const std::vector<Corner>& corners) {
  const size_t count = corners.size();
  std::set<size_t> kept = {0, count - 1};
  for (size_t i = 0; i < count && count <= kCurvePoints; ++i) kept.insert(i);
  const size_t half = (kCurvePoints - 2) / 2;
  const auto false_positives = [&](size_t i) { return corners[i].taken - corners[i].hits; };
  const double most = std::max(1.0, false_positives(count - 1));
  const auto keep_at = [&](double wanted) {
    const auto place = std::lower_bound(
        corners.begin(), corners.end(), wanted,
        [](const Corner& corner, double value) { return corner.taken - corner.hits < value; });
    kept.insert(std::min(static_cast<size_t>(place - corners.begin()), count - 1));
  };
  for (size_t i = 0; i < half; ++i) kept.insert(i * (count - 1) / half);
  const size_t quarter = half / 2;
  for (size_t i = 0; i < quarter; ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(quarter);
    const double wanted = std::pow(most, share);
    keep_at(wanted);        // the first corner with so many
    keep_at(wanted + 0.5);  // and the last with fewer than one more
  }
  return {kept.begin(), kept.end()};
}

// [[false positive rate, true positive rate], ...] from (0, 0) to (1, 1).
ordered_json roc_points(const std::vector<Corner>& corners) {
  const double positives = corners.back().hits;
  const double negatives = corners.back().taken - positives;
  ordered_json points = ordered_json::array();
  for (const size_t i : thinned(corners))
    points.push_back({(corners[i].taken - corners[i].hits) / negatives, corners[i].hits / positives});
  return points;
}

// [[recall, precision], ...] from the surest prediction on.
ordered_json precision_points(const std::vector<Corner>& corners) {
  ordered_json points = ordered_json::array();
  for (const size_t i : thinned(corners)) {
    if (corners[i].taken > 0)
      points.push_back({corners[i].hits / corners.back().hits, corners[i].hits / corners[i].taken});
  }
  return points;
}

// The label that the data have, whatever the task makes of it.
int64_t own_label(const Part& part, size_t i) {
  return part.source().labels[static_cast<size_t>(part.rows()[i])];
}

// Whether the task has other classes than the data.
bool relabelled(const Part& part) {
  for (size_t i = 0; i < part.labels().size() && !part.source().labels.empty(); ++i) {
    if (part.labels()[i] != own_label(part, i)) return true;
  }
  return false;
}

}  // namespace

void ClassFindings::see(int64_t index, int64_t label, int64_t predicted, float probability,
                        std::span<const double> decisions) {
  for (size_t k = 0; k < scores_.size(); ++k) {
    scores_[k].emplace_back(decisions[k], static_cast<int64_t>(k) == label);
  }
  sureness_.add(probability, label == predicted);
  if (label == predicted) return;
  mistakes_.push_back({index, label, predicted, probability, decisions[static_cast<size_t>(predicted)]});
}

// The surest first, equally sure ones in the order of the data.
bool ClassFindings::surer(const Mistake& a, const Mistake& b) {
  return a.decision != b.decision ? a.decision > b.decision : a.index < b.index;
}

void ClassFindings::Sureness::add(float probability, bool right) {
  const auto bin = std::min(static_cast<size_t>(probability * static_cast<float>(kBins)), kBins - 1);
  ++counts[bin];
  sums[bin] += static_cast<double>(probability);
  hits[bin] += right ? 1 : 0;
}

ordered_json ClassFindings::Sureness::to_json() const {
  ordered_json bins = ordered_json::array();
  int64_t all = 0;
  double gaps = 0;
  for (size_t i = 0; i < kBins; ++i) {
    if (counts[i] == 0) continue;
    const auto count = static_cast<double>(counts[i]);
    bins.push_back({{"probability", sums[i] / count},
                    {"accuracy", static_cast<double>(hits[i]) / count},
                    {"examples", counts[i]}});
    gaps += std::abs(sums[i] - static_cast<double>(hits[i]));
    all += counts[i];
  }
  return {{"ece", all > 0 ? ordered_json(gaps / static_cast<double>(all)) : ordered_json(nullptr)},
          {"bins", bins}};
}

ordered_json ClassFindings::to_json(const Mistake& mistake, const Part& part,
                                    const std::vector<std::string>& names) {
  const ExampleShape shape = part.shape();
  const Source& source = part.source();
  const bool picture = source.type == SampleType::kByte;
  ordered_json json = {{"index", mistake.index},
                       {"label", names[static_cast<size_t>(mistake.label)]},
                       {"predicted", names[static_cast<size_t>(mistake.predicted)]},
                       {"probability", mistake.probability},
                       {"shape", {shape.channels, shape.height, shape.width}},
                       {"pixels", picture ? to_base64(part.sample(mistake.index)) : ""}};
  if (relabelled(part))
    json["original"] = std::to_string(own_label(part, static_cast<size_t>(mistake.index)));
  return json;
}

// The surest, and beyond them some of every kind, so that a reader who asks for one finds it.
std::vector<ClassFindings::Mistake> ClassFindings::chosen() const {
  std::vector<Mistake> sorted = mistakes_;
  std::sort(sorted.begin(), sorted.end(), surer);
  std::map<std::pair<int64_t, int64_t>, size_t> kinds;
  std::vector<Mistake> kept;
  for (const auto& mistake : sorted) {
    size_t& of_kind = kinds[{mistake.label, mistake.predicted}];
    const bool among_surest = kept.size() < kMistakes;
    if (kept.size() == kMostMistakes) break;
    if (!among_surest && of_kind >= kMistakesOfAKind) continue;
    ++of_kind;
    kept.push_back(mistake);
  }
  return kept;
}

ordered_json ClassFindings::to_json(const Part& part, const std::vector<std::string>& names) const {
  ordered_json roc = ordered_json::array();
  ordered_json precision = ordered_json::array();
  for (size_t k = scores_.size() == 2 ? 1 : 0; k < scores_.size(); ++k) {
    const auto area = roc_auc(scores_[k]);
    if (!area) continue;
    const auto corners = corners_of(scores_[k]);
    roc.push_back({{"class", names[k]}, {"auc", *area}, {"points", roc_points(corners)}});
    precision.push_back({{"class", names[k]}, {"points", precision_points(corners)}});
  }
  ordered_json mistakes = ordered_json::array();
  for (const auto& mistake : chosen()) mistakes.push_back(to_json(mistake, part, names));
  return {{"roc", roc},
          {"precision_recall", precision},
          {"calibration", sureness_.to_json()},
          {"mistakes", mistakes}};
}

}  // namespace actlab

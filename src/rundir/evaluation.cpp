#include "rundir/evaluation.h"

#include <cmath>

#include "core/base64.h"

namespace actlab::report {
namespace {

// Empty where the text is damaged.
Bytes pixels_of(const std::string& coded) {
  try {
    return from_base64(coded);
  } catch (const Error&) {
    return {};
  }
}

constexpr size_t kMostMistakes = 160;
constexpr double kLargestSide = 4096;

// A square table of as many rows as classes, or none.
std::vector<std::vector<double>> to_confusion(const Json& in, size_t classes) {
  std::vector<std::vector<double>> rows;
  if (!in.is_array()) return rows;
  for (const auto& row : in) {
    rows.push_back(numbers(row));
    if (rows.back().size() != in.size()) return {};
  }
  return classes == rows.size() ? rows : std::vector<std::vector<double>>();
}

// [[x, y], ...] as two columns.
void take_points(const Json& in, std::vector<double>& x, std::vector<double>& y) {
  if (!in.is_array()) return;
  for (const auto& point : in) {
    const auto pair = numbers(point);
    if (pair.size() != 2) continue;
    x.push_back(pair[0]);
    y.push_back(pair[1]);
  }
}

std::vector<RocCurve> to_roc(const Json& in) {
  std::vector<RocCurve> curves;
  if (!in.is_array()) return curves;
  for (const auto& one : in) {
    RocCurve& curve = curves.emplace_back(RocCurve{text(one, "class"), number(one, "auc"), {}, {}});
    take_points(member(one, "points"), curve.false_positive_rate, curve.true_positive_rate);
  }
  return curves;
}

std::vector<PrecisionCurve> to_precision(const Json& in) {
  std::vector<PrecisionCurve> curves;
  if (!in.is_array()) return curves;
  for (const auto& one : in) {
    PrecisionCurve& curve = curves.emplace_back(PrecisionCurve{text(one, "class"), {}, {}});
    take_points(member(one, "points"), curve.recall, curve.precision);
  }
  return curves;
}

Calibration to_calibration(const Json& in) {
  Calibration calibration;
  calibration.error = number(in, "ece");
  const Json& bins = member(in, "bins");
  if (!bins.is_array()) return calibration;
  for (const auto& bin : bins) {
    calibration.probability.push_back(number(bin, "probability"));
    calibration.accuracy.push_back(number(bin, "accuracy"));
    calibration.examples.push_back(number(bin, "examples"));
  }
  return calibration;
}

// [channels, height, width]; a matrix is one channel. Into what has such members.
template <class Picture>
void take_shape(const Json& in, Picture& mistake) {
  auto shape = numbers(in);
  if (shape.size() == 2) shape.insert(shape.begin(), 1);
  if (shape.size() != 3) return;
  for (const double side : shape) {
    if (!(side >= 1) || side > kLargestSide || side != std::floor(side)) return;
  }
  mistake.channels = static_cast<int>(shape[0]);
  mistake.height = static_cast<int>(shape[1]);
  mistake.width = static_cast<int>(shape[2]);
}

std::vector<Mistake> to_mistakes(const Json& in) {
  std::vector<Mistake> mistakes;
  if (!in.is_array()) return mistakes;
  for (const auto& one : in) {
    if (mistakes.size() == kMostMistakes) break;
    if (!one.is_object()) continue;
    Mistake mistake;
    const double index = number(one, "index");
    mistake.index = index >= 0 && index < 1e15 ? static_cast<int64_t>(index) : 0;
    mistake.label = text(one, "label");
    mistake.predicted = text(one, "predicted");
    mistake.original = text(one, "original");
    mistake.probability = number(one, "probability");
    take_shape(member(one, "shape"), mistake);
    mistake.pixels = pixels_of(text(one, "pixels"));
    const auto size = static_cast<size_t>(mistake.channels) * static_cast<size_t>(mistake.height) *
                      static_cast<size_t>(mistake.width);
    if (mistake.pixels.size() != size) mistake.pixels.clear();
    mistakes.push_back(std::move(mistake));
  }
  return mistakes;
}

}  // namespace

FirstWeights to_first_weights(const Json& in) {
  constexpr size_t kMostUnits = 64;
  FirstWeights weights;
  weights.layer = text(in, "layer");
  weights.units = number(in, "units");
  weights.largest = number(in, "largest");
  take_shape(member(in, "shape"), weights);
  const auto size = static_cast<size_t>(weights.channels) * static_cast<size_t>(weights.height) *
                    static_cast<size_t>(weights.width);
  for (const auto& unit : texts(member(in, "pixels"))) {
    auto pixels = pixels_of(unit);
    if (size > 0 && pixels.size() == size && weights.pixels.size() < kMostUnits)
      weights.pixels.push_back(std::move(pixels));
  }
  return weights;
}

std::optional<Evaluation> to_evaluation(const Json& in) {
  if (!in.is_object()) return std::nullopt;
  Evaluation evaluation;
  evaluation.split = text(in, "split");
  evaluation.examples = number(in, "examples");
  evaluation.headline = headline_from_json(member(in, "headline"));
  evaluation.value = number(in, evaluation.headline.name);
  evaluation.loss = number(in, "loss");
  evaluation.auc = number(in, "auc");
  const auto interval = numbers(member(in, evaluation.headline.name + "_ci95"));
  evaluation.low = interval.size() == 2 ? interval[0] : std::nan("");
  evaluation.high = interval.size() == 2 ? interval[1] : std::nan("");
  evaluation.classes = texts(member(in, "classes"));
  evaluation.confusion = to_confusion(member(in, "confusion"), evaluation.classes.size());
  evaluation.roc = to_roc(member(in, "roc"));
  evaluation.precision = to_precision(member(in, "precision_recall"));
  evaluation.calibration = to_calibration(member(in, "calibration"));
  evaluation.mistakes = to_mistakes(member(in, "mistakes"));
  return evaluation;
}

}  // namespace actlab::report

#include "lesson/draws.h"

#include <algorithm>
#include <cmath>

#include "core/text.h"

namespace actlab {

double quantile(std::vector<double> values, double share) {
  if (values.empty()) return kUndefined;
  std::ranges::sort(values);
  const double place = share * static_cast<double>(values.size() - 1);
  const auto below = static_cast<size_t>(place);
  const size_t above = std::min(below + 1, values.size() - 1);
  return values[below] + (place - static_cast<double>(below)) * (values[above] - values[below]);
}

Spread spread_of(const std::vector<double>& values) {
  std::vector<double> finite;
  std::ranges::copy_if(values, std::back_inserter(finite), [](double value) { return std::isfinite(value); });
  return {quantile(finite, 0.05), quantile(finite, 0.95), static_cast<int64_t>(finite.size())};
}

void Draws::add(const std::vector<double>& layers) {
  std::vector<double> values = layers;
  for (double& value : values) {
    const double reference = reference_ == Reference::kFirst ? layers.front() : layers.back();
    if (relative()) value = std::log(value / reference);
  }
  draws_.push_back(std::move(values));
}

std::vector<bool> Draws::complete() const {
  std::vector<bool> expected(draws_.empty() ? 0 : draws_.front().size(), false);
  for (const auto& draw : draws_) {
    for (size_t i = 0; i < draw.size(); ++i) expected[i] = expected[i] || std::isfinite(draw[i]);
  }
  std::vector<bool> complete;
  for (const auto& draw : draws_) {
    bool all = !draw.empty() && std::ranges::find(expected, true) != expected.end();
    for (size_t i = 0; i < draw.size(); ++i) all = all && (!expected[i] || std::isfinite(draw[i]));
    complete.push_back(all);
  }
  return complete;
}

std::vector<double> Draws::of(size_t draw) const {
  std::vector<double> values = draws_.at(draw);
  for (double& value : values) value = relative() ? std::exp(value) : value;
  return values;
}

LayerValues Draws::values(const std::string& name, const std::vector<bool>& used) const {
  LayerValues result{.name = name};
  for (size_t layer = 0; !draws_.empty() && layer < draws_.front().size(); ++layer) {
    std::vector<double> values;
    double sum = 0;
    for (size_t i = 0; i < draws_.size(); ++i) {
      if (!used[i]) continue;
      values.push_back(draws_[i][layer]);
      sum += draws_[i][layer];
    }
    const auto as_it_was = [&](double value) { return relative() ? std::exp(value) : value; };
    const double mean = values.empty() ? kUndefined : sum / static_cast<double>(values.size());
    const Spread spread = spread_of(values);
    result.mean.push_back(as_it_was(mean));
    result.low.push_back(as_it_was(spread.low));
    result.high.push_back(as_it_was(spread.high));
  }
  return result;
}

std::string what_ails(const Examination& examination) {
  std::vector<std::string> dead, cut_off;
  for (const auto& layer : examination.layers) {
    if (layer.dead == 1) dead.push_back(layer.layer);
    if (!(layer.delta > 0)) cut_off.push_back(layer.layer);
  }
  if (!dead.empty()) return "all units of " + join(dead) + " are dead";
  if (!cut_off.empty()) return "no gradient reaches " + join(cut_off);
  return "a layer has no value";
}

std::string left_out_text(const std::string& figure, const std::vector<bool>& used,
                          const std::vector<std::string>& why, int64_t seed) {
  constexpr size_t kTold = 3;
  std::vector<std::string> reasons;
  for (size_t i = 0; i < used.size(); ++i) {
    if (!used[i])
      reasons.push_back("with seed " + std::to_string(seed + static_cast<int64_t>(i)) + " " + why[i]);
  }
  if (reasons.empty()) return "";
  const size_t count = reasons.size();
  if (count > kTold) reasons.resize(kTold), reasons.emplace_back("...");
  return std::to_string(count) + " of " + std::to_string(used.size()) + " networks " +
         (count == 1 ? "is" : "are") + " left out of " + figure + ": " + join(reasons, "; ");
}

}  // namespace actlab

#include "diagnose/verdict_remedies.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "core/number_text.h"
#include "core/text.h"

namespace actlab {

namespace {

// What a rate must be times another to count as another one.
constexpr double kClearly = 0.7;

// To one significant digit, as people write learning rates.
double rounded(double rate) {
  return std::strtod(formatted("%.0e", rate).c_str(), nullptr);
}

Remedy rate_remedy(double rate, const std::string& why) {
  return {{"optimizer.lr=" + plain_text(rate)}, why};
}

}  // namespace

std::vector<Remedy> Remedies::useful(std::vector<Remedy> remedies) {
  std::erase_if(remedies, [](const Remedy& remedy) { return remedy.overrides.empty(); });
  return remedies;
}

Remedy Remedies::with(const std::string& activation, const std::string& init, const std::string& why,
                      const std::string& recorded) const {
  Remedy remedy{{}, why};
  const bool there = std::all_of(activations_.begin(), activations_.end(), [&](const std::string& name) {
    return name == (recorded.empty() ? activation : recorded);
  });
  if (!there) remedy.overrides.push_back("model.activation=" + activation);
  if (!init.empty() && setup_.init != init) remedy.overrides.push_back("model.init=" + init);
  return remedy;
}

Remedy Remedies::relu() const {
  return with(
      "relu", "he_normal",
      "ReLU's slope is 1 wherever it is on, and He's initialisation makes up for the half that is off: "
      "gradients keep their size at any depth");
}

Remedy Remedies::critical_init() const {
  if (setup_.init == "auto") return {};
  return {{"model.init=auto"},
          "draws weights and biases at the edge between vanishing and exploding for the activation as it is"};
}

Remedy Remedies::selu() const {
  return with("selu", "lecun_normal", "SELU pulls the mean of its outputs to 0 and their variance to 1");
}

Remedy Remedies::centred() const {
  return with("tanh", "xavier_normal", "tanh's outputs are centred on zero, with four times sigmoid's slope");
}

Remedy Remedies::leaky() const {
  return with("{type: leaky_relu, negative_slope: 0.1}", "",
              "a slope on the negative side too: no unit can fall silent for good",
              "leaky_relu(negative_slope=0.1)");
}

Remedy Remedies::elu() const {
  return with("elu", "", "ELU's negative outputs bring the mean nearer to zero, and its slope is nowhere 0");
}

Remedy Remedies::clip() const {
  const auto& usual = setup_.usual_rates;
  if (setup_.clip_norm > 0 || (!usual.empty() && setup_.lr > usual.back())) return {};
  Remedy remedy{{"train.clip.norm=1"}, "bounds a step however large the gradient is"};
  if (setup_.clip_value > 0) remedy.overrides.insert(remedy.overrides.begin(), "train.clip.value=0");
  return remedy;
}

Remedy Remedies::smaller_rate(bool much) const {
  if (!(setup_.lr > 0)) return {};
  std::vector<double> rates;
  for (auto rate = setup_.usual_rates.rbegin(); rate != setup_.usual_rates.rend(); ++rate) {
    if (*rate < kClearly * setup_.lr) rates.push_back(*rate);
  }
  while (rates.size() < 2) rates.push_back(rounded((rates.empty() ? setup_.lr : rates.back()) / 3));
  return rate_remedy(rates[much ? 1 : 0], much ? "much smaller steps" : "smaller steps");
}

Remedy Remedies::larger_rate(bool much) const {
  std::vector<double> rates;
  for (const double rate : setup_.usual_rates) {
    if (kClearly * rate > setup_.lr) rates.push_back(rate);
  }
  if (rates.size() < (much ? 2 : 1)) return {};
  return rate_remedy(rates[much ? 1 : 0], much ? "much larger steps" : "larger steps");
}

Remedy Remedies::cross_entropy() const {
  if (!setup_.squares_a_sigmoid) return {};
  return {{"loss=bce"}, "cancels the slope of the output's sigmoid, which is near 0 where it is most wrong"};
}

Remedy Remedies::wider() const {
  if (setup_.hidden.empty()) return {};
  constexpr double kRare = 0.01;
  const auto layers = static_cast<double>(setup_.hidden.size());
  const auto enough = static_cast<int64_t>(std::ceil(std::log2(layers / kRare)));
  std::vector<std::string> widths;
  bool changed = false;
  for (const int64_t width : setup_.hidden) {
    widths.push_back(std::to_string(std::max(width, enough)));
    changed = changed || width < enough;
  }
  if (!changed) return {};
  const std::string list = widths.size() == 1 ? widths[0] : "[" + join(widths) + "]";
  return {{"model.hidden=" + list}, "wider layers: all units of one start dead in under 1 % of draws"};
}

bool sets(const Remedy& remedy, const std::string& key) {
  return std::ranges::any_of(remedy.overrides, [&](const std::string& override) {
    return override.starts_with(key + "=") || override.starts_with(key + ".");
  });
}

}  // namespace actlab

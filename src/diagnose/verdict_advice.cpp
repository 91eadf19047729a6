#include "diagnose/verdict_advice.h"

#include <algorithm>

namespace actlab {
namespace {

std::vector<Remedy> with_rate(std::vector<Remedy> remedies, const std::vector<Remedy>& rates) {
  for (auto& remedy : remedies) {
    if (!sets(remedy, "optimizer.lr")) remedy.overrides.push_back(rates[0].overrides[0]);
  }
  return remedies;
}

// With these no rate trains.
bool forbids_training(const Verdict& verdict) {
  return verdict.name == "vanishing" || verdict.name == "exploding" || verdict.name == "no_signal" ||
         verdict.name == "dead_network";
}

}  // namespace

Advice::Advice(const TrainingSetup& setup, const Findings& findings, const StepSize& steps,
               const Remedies& remedies)
    : setup_(setup), findings_(findings), steps_(steps), remedies_(remedies) {
  const Examination* start = start_of(findings);
  if (start == nullptr) return;
  Findings then{.history = {*start}, .train_losses = {}};
  then.predict = findings.predict;
  at_start_ = judge(setup, then);
}

bool Advice::there_at_start(const std::string& name) const {
  return std::ranges::find(at_start_, name, &Verdict::name) != at_start_.end();
}

std::vector<Remedy> Advice::adapted(const std::string& name, std::vector<Remedy> remedies) const {
  remedies = workable(Remedies::useful(std::move(remedies)));
  const bool too_large = steps_.kind == StepSize::Kind::kTooLarge;
  if (steps_.kind == StepSize::Kind::kFine) return remedies;
  const auto rates = too_large ? remedies_.smaller_rates() : remedies_.larger_rates();
  if (rates.empty()) return remedies;
  const bool of_rates = name == "not_finite" || name.starts_with("updates_");
  if (of_rates) return with_cure(remedies);
  if (too_large && !there_at_start(name)) return with_cure(rates);
  return with_rate(std::move(remedies), rates);
}

// Rates alone, or where the network could not train with any, what mends that together with the first.
std::vector<Remedy> Advice::with_cure(const std::vector<Remedy>& rates) const {
  const auto ill = std::ranges::find_if(at_start_, forbids_training);
  if (ill == at_start_.end() || ill->remedies.empty() || rates.empty()) return rates;
  return with_rate(ill->remedies, rates);
}

// Those that theory lets train, if need be from the critical point.
std::vector<Remedy> Advice::workable(std::vector<Remedy> remedies) const {
  std::erase_if(remedies, [this](Remedy& remedy) {
    if (trains(remedy)) return false;
    if (sets(remedy, "model.init") || setup_.init == "auto") return true;
    remedy.overrides.emplace_back("model.init=auto");
    remedy.why += "; from an initialisation that keeps the gradient's size at this depth";
    return !trains(remedy);
  });
  return remedies;
}

// Whether the network that it makes keeps gradients and signals, as far as theory can say.
bool Advice::trains(const Remedy& remedy) const {
  if (!findings_.predict || !sets(remedy, "model")) return true;
  const auto theory = findings_.predict(remedy.overrides);
  if (!theory || theory->layers.empty()) return true;
  const double gradient = theory->layers.front().gradient;
  const double signal = theory->layers.back().pre_std / theory->layers.front().pre_std;
  const auto beyond = [](double value, double limit) { return value < 1 / limit || value > limit; };
  return !beyond(gradient, Limits::kGradientSpan) && !beyond(signal, Limits::kSignalSpan);
}

}  // namespace actlab

#include "diagnose/verdict.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "diagnose/figures.h"
#include "diagnose/verdict_remedies.h"

namespace actlab {
namespace {

using nlohmann::ordered_json;
using Layers = std::vector<LayerRecord>;

std::string percent(double share) {
  return figure_text(100 * share) + " %";
}

std::vector<std::string> names_where(const Layers& layers, const std::function<bool(size_t)>& holds) {
  std::vector<std::string> names;
  for (size_t i = 0; i < layers.size(); ++i) {
    if (holds(i)) names.push_back(layers[i].layer);
  }
  return names;
}

// The layer with the largest measure; undefined measures count for nothing.
template <class Measure>
const LayerRecord& worst_by(const Layers& layers, Measure measure) {
  const auto rank = [&](const LayerRecord& layer) {
    const double value = measure(layer);
    return std::isnan(value) ? -1 : value;
  };
  return *std::max_element(layers.begin(), layers.end(),
                           [&](const LayerRecord& a, const LayerRecord& b) { return rank(a) < rank(b); });
}

// Dead because the slope is 0 there, not because all examples have come to look alike.
bool flat(const LayerRecord& layer) {
  return !(layer.saturated < layer.dead - 0.05);
}

bool flat_dead(const LayerRecord& layer) {
  return layer.dead >= Limits::kDead && flat(layer);
}

// Exact zeros are sparsity.
double beyond_zeros(const LayerRecord& layer) {
  return std::isnan(layer.at_bound) ? kUndefined : layer.saturated - layer.zeros;
}

// Norm of each layer's delta over that of the last; undefined where one in between is.
std::vector<double> gradients_of(const Layers& layers) {
  std::vector<double> gradients(layers.size(), 1);
  for (size_t i = layers.size() - 1; i-- > 0;) {
    // Nothing is left of it: also where 0 / 0 leaves the ratio undefined.
    gradients[i] = layers[i].delta == 0 ? 0 : gradients[i + 1] * layers[i].delta_ratio;
  }
  return gradients;
}

// What there is to judge by, and the rules: each adds its verdict where it holds.
class Judge {
 public:
  Judge(const TrainingSetup& setup, const Findings& findings)
      : setup_(setup),
        findings_(findings),
        layers_(findings.history.back().layers),
        gradients_(gradients_of(layers_)),
        remedies_(setup, activations()) {}

  std::vector<Verdict> verdicts() {
    not_finite();
    vanishing();
    exploding();
    no_signal();
    dead_units();
    saturated();
    poor_init();
    not_centred();
    updates_too_large();
    updates_too_small();
    not_learning();
    if (verdicts_.empty()) healthy();
    return verdicts_;
  }

 private:
  std::vector<std::string> activations() const {
    std::vector<std::string> names;
    for (const auto& layer : layers_) names.push_back(layer.activation);
    return names;
  }

  void add(const std::string& name, std::vector<std::string> layers, const std::string& cause,
           const std::string& evidence, std::vector<Remedy> remedies) {
    verdicts_.push_back({name, std::move(layers), cause, evidence, Remedies::useful(std::move(remedies))});
  }

  double layer_ratio() const {
    return std::pow(gradients_.front(), 1 / static_cast<double>(std::max<size_t>(1, layers_.size() - 1)));
  }

  std::string gradient_evidence() const {
    std::string text = "delta in " + layers_.front().layer + " is " + figure_text(gradients_.front()) +
                       " times that in " + layers_.back().layer + ": " + figure_text(layer_ratio()) +
                       " times a layer";
    if (findings_.theory != nullptr && !findings_.theory->layers.empty()) {
      const double predicted = findings_.theory->layers.front().gradient;
      if (!std::isnan(predicted)) text += " (theory: " + figure_text(predicted) + " in all)";
    }
    return text;
  }

  void not_finite() {
    const auto bad = names_where(layers_, [&](size_t i) {
      return !std::isfinite(layers_[i].pre_std) || !std::isfinite(layers_[i].std);
    });
    // Gradients are asked of finite outputs only.
    const bool outputs =
        std::ranges::all_of(layers_, [](const LayerRecord& l) { return std::isnan(l.delta); });
    const std::string& divergence = findings_.divergence;
    if (bad.empty() && !outputs && divergence.empty()) return;
    std::string evidence = "in the model's outputs; the hidden layers' are finite";
    if (!bad.empty()) evidence = "first in " + bad.front();
    add("not_finite", bad,
        "Numbers have grown beyond what can be held, and NaN or infinity spreads from there.",
        divergence.empty() ? evidence : divergence,
        untrained() && divergence.empty()
            ? std::vector{remedies_.critical_init(), remedies_.relu()}
            : std::vector{remedies_.rate(0.1, "smaller steps"), remedies_.clip(), remedies_.critical_init()});
  }

  // Then no step has been too large.
  bool untrained() const { return findings_.history.back().step == 0; }

  void vanishing() {
    const bool cut_off = std::any_of(layers_.begin(), layers_.end(),
                                     [](const LayerRecord& l) { return l.dead >= 1 && flat(l); });
    if (cut_off || !(gradients_.front() < 1 / Limits::kGradientSpan)) return;
    add("vanishing",
        names_where(layers_, [&](size_t i) { return gradients_[i] < 1 / Limits::kGradientSpan; }),
        "On its way back every layer multiplies the gradient by its weights times the slope of its "
        "activation, "
        "which together are below 1 here, so the first layers hardly learn.",
        gradient_evidence(),
        {remedies_.relu(), remedies_.critical_init(), remedies_.selu(), remedies_.centred()});
  }

  void exploding() {
    if (!(gradients_.front() > Limits::kGradientSpan)) return;
    add("exploding", names_where(layers_, [&](size_t i) { return gradients_[i] > Limits::kGradientSpan; }),
        "On its way back every layer multiplies the gradient by its weights times the slope of its "
        "activation, "
        "which together are above 1 here, so a step that suits the last layers throws the first ones off.",
        gradient_evidence(),
        {remedies_.critical_init(), remedies_.clip(), remedies_.rate(1.0 / 3, "smaller steps"),
         remedies_.relu()});
  }

  void no_signal() {
    const auto lost =
        names_where(layers_, [&](size_t i) { return layers_[i].dead >= 1 && !flat(layers_[i]); });
    if (lost.empty()) return;
    add("no_signal", lost,
        "Every layer brings any two examples closer together, until their difference is lost in rounding: "
        "the "
        "units still have a slope, but answer everything alike.",
        "from " + lost.front() + " on, all outputs are the same to rounding for all " +
            std::to_string(findings_.history.back().examples) + " examples",
        {remedies_.critical_init(), remedies_.relu()});
  }

  void dead_units() {
    const auto dead = names_where(layers_, [&](size_t i) { return flat_dead(layers_[i]); });
    if (dead.empty()) return;
    const auto& worst = worst_by(layers_, [](const LayerRecord& l) { return flat_dead(l) ? l.dead : 0; });
    const double before = share_before(worst.layer);
    const bool dying = worst.dead > before + Limits::kDying;
    std::string evidence = worst.layer + ": " + std::to_string(worst.dead_units.size()) + " of " +
                           std::to_string(worst.units) + " units answer nothing";
    if (dying) evidence += ", up from " + percent(before) + " at first";
    add(dying ? "dying" : "dead_units", dead,
        dying
            ? "Large steps push units to where their activation is flat for every example; no gradient comes "
              "back from there, so they stay."
            : "These units sit where their activation is flat for every example; no gradient reaches their "
              "weights, so they cannot recover.",
        evidence,
        {remedies_.leaky(), remedies_.rate(1.0 / 3, "smaller steps kill fewer units"), remedies_.elu(),
         remedies_.critical_init()});
  }

  // Dead share of that layer at the first examination; undefined with only one.
  double share_before(const std::string& name) const {
    if (findings_.history.size() < 2) return kUndefined;
    for (const auto& layer : findings_.history.front().layers) {
      if (layer.layer == name) return layer.dead;
    }
    return kUndefined;
  }

  void saturated() {
    const auto flat_out =
        names_where(layers_, [&](size_t i) { return beyond_zeros(layers_[i]) > Limits::kSaturated; });
    if (flat_out.empty()) return;
    const auto& worst = worst_by(layers_, beyond_zeros);
    add("saturated", flat_out,
        "Pre-activations are so large that most fall where " + worst.activation +
            " is nearly flat; the gradient that passes there is a small part of what it could be.",
        worst.layer + ": the slope is below a tenth of its largest for " + percent(worst.saturated) +
            " of the pre-activations, whose standard deviation is " + figure_text(worst.pre_std),
        {remedies_.relu(), remedies_.critical_init(), remedies_.rate(1.0 / 3, "keeps weights smaller")});
  }

  void poor_init() {
    if (findings_.theory == nullptr || findings_.theory->layers.size() < 2) return;
    const auto& first = findings_.theory->layers.front();
    const auto& last = findings_.theory->layers.back();
    const double span = last.pre_std / first.pre_std;
    if (!(span < 1 / Limits::kSignalSpan || span > Limits::kSignalSpan)) return;
    add("poor_init", {last.layer},
        std::string("The initialisation makes the signal ") + (span < 1 ? "shrink" : "grow") +
            " from layer to layer before anything is learned.",
        "predicted standard deviation of pre-activations: " + figure_text(first.pre_std) + " in " +
            first.layer + ", " + figure_text(last.pre_std) + " in " + last.layer,
        {remedies_.critical_init(), remedies_.relu()});
  }

  void not_centred() {
    const auto zigzag = names_where(layers_, [&](size_t i) {
      const bool fed_off_centre = i == 0 || layers_[i - 1].centredness > Limits::kOffCentre;
      return fed_off_centre && layers_[i].one_sign_examples >= Limits::kOneSignExamples &&
             layers_[i].one_sign_batch >= Limits::kOneSignBatch;
    });
    if (zigzag.empty()) return;
    const auto& worst = worst_by(layers_, [](const LayerRecord& l) { return l.one_sign_batch; });
    add("not_centred", zigzag,
        "What feeds these layers is far from centred on zero, so all incoming weights of a unit want to move "
        "the same way in a step, and the way to the minimum becomes a zig-zag.",
        percent(worst.one_sign_batch) + " of the units of " + worst.layer +
            " have weight gradients of one sign over all examples",
        {remedies_.centred(), remedies_.elu(), remedies_.relu()});
  }

  void updates_too_large() {
    const auto large =
        names_where(layers_, [&](size_t i) { return layers_[i].update_ratio > Limits::kLargeUpdate; });
    if (large.empty()) return;
    const auto& worst = worst_by(layers_, [](const LayerRecord& l) { return l.update_ratio; });
    add("updates_too_large", large, "A single step replaces a large part of what the weights hold.",
        worst.layer + ": the last step was " + percent(worst.update_ratio) +
            " of the size of its weights; about 0.1 % is usual",
        {remedies_.rate(1.0 / 3, "smaller steps"), remedies_.rate(0.1, "much smaller steps"),
         remedies_.clip()});
  }

  void updates_too_small() {
    const auto& largest = worst_by(layers_, [](const LayerRecord& l) { return l.update_ratio; });
    // A small step is right once there is little left to learn.
    if (!(largest.update_ratio < Limits::kSmallUpdate) || !at_chance()) return;
    add("updates_too_small", names_where(layers_, [](size_t) { return true; }),
        "Steps are too small to move the weights in any reasonable time.",
        "the largest step, in " + largest.layer + ", was " + figure_text(largest.update_ratio) +
            " of the size of its weights; about 1e-3 is usual",
        {remedies_.rate(10, "larger steps"), remedies_.rate(100, "much larger steps"), remedies_.relu()});
  }

  bool at_chance() const {
    return !findings_.train_losses.empty() &&
           findings_.train_losses.back() > Limits::kChance * setup_.chance_loss;
  }

  void not_learning() {
    if (!at_chance()) return;
    add("not_learning", {}, "The model answers no better than guessing all classes alike.",
        "training loss " + figure_text(findings_.train_losses.back()) + " after " +
            std::to_string(findings_.train_losses.size()) + " epochs; guessing gives " +
            figure_text(setup_.chance_loss),
        {remedies_.cross_entropy(), remedies_.relu(), remedies_.rate(1.0 / 3, "smaller steps"),
         remedies_.rate(10, "larger steps")});
  }

  void healthy() {
    const auto& dead = worst_by(layers_, [](const LayerRecord& l) { return l.dead; });
    std::string evidence =
        "dead units: at most " + percent(std::isnan(dead.dead) ? 0 : dead.dead) + " of a layer";
    if (layers_.size() > 1 && !std::isnan(gradients_.front()))
      evidence = "delta in " + layers_.front().layer + " is " + figure_text(gradients_.front()) +
                 " times that in " + layers_.back().layer + "; " + evidence;
    add("healthy", {}, "Gradients reach every layer, and its units respond.", evidence, {});
  }

  const TrainingSetup& setup_;
  const Findings& findings_;
  const Layers& layers_;
  std::vector<double> gradients_;
  Remedies remedies_;
  std::vector<Verdict> verdicts_;
};

}  // namespace

ordered_json to_json(const Verdict& verdict) {
  ordered_json remedies = ordered_json::array();
  for (const auto& remedy : verdict.remedies) {
    remedies.push_back({{"overrides", remedy.overrides}, {"why", remedy.why}});
  }
  return {{"name", verdict.name},
          {"layers", verdict.layers},
          {"cause", verdict.cause},
          {"evidence", verdict.evidence},
          {"remedies", remedies}};
}

std::vector<Verdict> judge(const TrainingSetup& setup, const Findings& findings) {
  if (findings.history.empty() || findings.history.back().layers.empty()) {
    return {{"healthy", {}, "There is no hidden activation to look at.", "", {}}};
  }
  return Judge(setup, findings).verdicts();
}

}  // namespace actlab

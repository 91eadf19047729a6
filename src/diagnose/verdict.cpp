#include "diagnose/verdict.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "core/number_text.h"
#include "diagnose/figures.h"
#include "diagnose/step_size.h"
#include "diagnose/verdict_advice.h"

namespace actlab {
namespace {

using nlohmann::ordered_json;
using Layers = std::vector<LayerRecord>;

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

bool has_dead_units(const LayerRecord& layer) {
  return layer.dead >= Limits::kDead && layer.dead_where_flat();
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
  // Share of draws from which on it is worth a word that networks may start dead.
  static constexpr double kNotRare = 1e-3;

  Judge(const TrainingSetup& setup, const Findings& findings)
      : setup_(setup),
        findings_(findings),
        layers_(findings.history.back().layers),
        gradients_(gradients_of(layers_)),
        steps_(step_size_of(setup, findings)),
        remedies_(setup, activations()),
        advice_(setup, findings, steps_, remedies_) {}

  std::vector<Verdict> verdicts() {
    not_finite();
    updates_too_large();
    dead_network();
    vanishing();
    exploding();
    no_signal();
    dead_units();
    saturated();
    poor_init();
    not_centred();
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
    verdicts_.push_back(
        {name, std::move(layers), cause, evidence, advice_.adapted(name, std::move(remedies))});
  }

  // A smaller rate, where one can be the remedy: steps were taken, and the rate is not small as it is.
  Remedy calmer() const {
    const auto& usual = setup_.usual_rates;
    const bool small = steps_.kind == StepSize::Kind::kTooSmall || (!usual.empty() && setup_.lr < usual[0]);
    return untrained() || small ? Remedy{} : remedies_.smaller_rate();
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
        steps_.kind == StepSize::Kind::kTooLarge
            ? std::vector{remedies_.smaller_rate(), remedies_.smaller_rate(true), remedies_.clip()}
            : std::vector{remedies_.critical_init(), remedies_.relu()});
  }

  // Then no step has been too large.
  bool untrained() const { return findings_.history.back().step == 0; }

  // Of a gradient that does not come back from the outputs at all, no layer is the cause.
  void vanishing() {
    if (network_is_dead() || layers_.back().delta == 0) return;
    if (!(gradients_.front() < 1 / Limits::kGradientSpan)) return;
    add("vanishing",
        names_where(layers_, [&](size_t i) { return gradients_[i] < 1 / Limits::kGradientSpan; }),
        "On its way back every layer multiplies the gradient by its weights times the slope of its "
        "activation, "
        "which together are below 1 here, so the first layers hardly learn.",
        gradient_evidence(),
        {remedies_.centred(), remedies_.selu(), remedies_.relu(), remedies_.critical_init()});
  }

  void exploding() {
    if (!(gradients_.front() > Limits::kGradientSpan)) return;
    add("exploding", names_where(layers_, [&](size_t i) { return gradients_[i] > Limits::kGradientSpan; }),
        "On its way back every layer multiplies the gradient by its weights times the slope of its "
        "activation, "
        "which together are above 1 here, so a step that suits the last layers throws the first ones off.",
        gradient_evidence(), {remedies_.critical_init(), remedies_.clip(), calmer(), remedies_.relu()});
  }

  void no_signal() {
    const auto lost =
        names_where(layers_, [&](size_t i) { return layers_[i].dead >= 1 && !layers_[i].dead_where_flat(); });
    if (lost.empty() || network_is_dead()) return;
    add("no_signal", lost,
        "Every layer brings any two examples closer together, until their difference is lost in rounding: "
        "the "
        "units still have a slope, but answer everything alike.",
        "from " + lost.front() + " on, all outputs are the same to rounding for " + all_examples(),
        {remedies_.critical_init(), remedies_.relu()});
  }

  bool network_is_dead() const { return std::ranges::any_of(layers_, &LayerRecord::all_dead); }

  std::string all_examples() const {
    return "all " + std::to_string(findings_.history.back().examples) + " examples";
  }

  void dead_network() {
    if (!network_is_dead()) return;
    const auto dead = names_where(layers_, [&](size_t i) { return layers_[i].all_dead(); });
    const auto& first = *std::ranges::find_if(layers_, &LayerRecord::all_dead);
    const double share = share_born_dead();
    std::string evidence = "all " + std::to_string(first.units) + " units of " + first.layer + " answer " +
                           all_examples() + " alike";
    if (share >= kNotRare)
      evidence += "; up to " + percent_text(share) + " of networks of these widths start so";
    add("dead_network", dead,
        "Every unit of " + first.layer +
            " is where its activation is flat, whatever comes in: the output of the network does not depend "
            "on its input, and no gradient passes to the layers before.",
        evidence,
        {share >= kNotRare ? remedies_.wider() : Remedy{}, remedies_.leaky(), remedies_.critical_init(),
         start_of(findings_) == nullptr ? calmer() : Remedy{}});
  }

  // Of networks like this one as they start: by theory, or by the widths alone.
  double share_born_dead() const {
    if (findings_.theory != nullptr) return findings_.theory->dead_probability;
    const auto theory = findings_.predict ? findings_.predict({}) : std::nullopt;
    if (theory) return theory->dead_probability;
    std::vector<OffShare> widths;
    for (const auto& layer : layers_) widths.push_back({layer.units, 0.5});
    return dead_probability(widths);
  }

  void dead_units() {
    const auto dead = names_where(layers_, [&](size_t i) { return has_dead_units(layers_[i]); });
    if (dead.empty() || network_is_dead()) return;
    const auto& worst =
        worst_by(layers_, [](const LayerRecord& l) { return has_dead_units(l) ? l.dead : 0; });
    const double before = share_before(worst.layer);
    const bool dying = worst.dead > before + Limits::kDying;
    std::string evidence = worst.layer + ": " + std::to_string(worst.dead_units.size()) + " of " +
                           std::to_string(worst.units) + " units answer " + all_examples() +
                           " alike (an upper bound: others might wake some)";
    if (dying) evidence += ", up from " + percent_text(before) + " at first";
    add(dying ? "dying" : "dead_units", dead,
        dying
            ? "Large steps push units to where their activation is flat for every example; no gradient comes "
              "back from there, so they stay."
            : "These units sit where their activation is flat for every example; no gradient reaches their "
              "weights, so they cannot recover.",
        evidence,
        {remedies_.leaky(), dying ? calmer() : Remedy{}, remedies_.elu(), remedies_.critical_init()});
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
        worst.layer + ": the slope is below a tenth of its largest for " + percent_text(worst.saturated) +
            " of the pre-activations, whose standard deviation is " + figure_text(worst.pre_std),
        {remedies_.relu(), remedies_.critical_init(),
         advice_.there_at_start("saturated") ? Remedy{} : calmer()});
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
        percent_text(worst.one_sign_batch) + " of the units of " + worst.layer +
            " have weight gradients of one sign over all examples",
        {remedies_.centred(), remedies_.elu(), remedies_.relu()});
  }

  // A divergence says so itself.
  void updates_too_large() {
    if (steps_.kind != StepSize::Kind::kTooLarge || !findings_.divergence.empty()) return;
    auto remedies = remedies_.smaller_rates();
    remedies.push_back(remedies_.clip());
    add("updates_too_large", steps_.layers,
        "The learning rate is too large: steps throw the weights so far that units end up dead or saturated "
        "and little gradient comes back, or replace a large part of what the weights hold.",
        steps_.evidence, std::move(remedies));
  }

  void updates_too_small() {
    if (steps_.kind != StepSize::Kind::kTooSmall) return;
    auto remedies = remedies_.larger_rates();
    if (remedies.empty()) remedies.push_back(remedies_.relu());
    add("updates_too_small", names_where(layers_, [](size_t) { return true; }),
        "The learning rate is too small: steps do not move the weights in any reasonable time.",
        steps_.evidence, std::move(remedies));
  }

  void not_learning() {
    if (!at_chance(setup_, findings_)) return;
    add("not_learning", {}, "The model answers no better than guessing all classes alike.",
        "training loss " + figure_text(findings_.train_losses.back()) + " after " +
            counted(std::ssize(findings_.train_losses), "epoch") + "; guessing gives " +
            figure_text(setup_.chance_loss),
        {remedies_.cross_entropy(), remedies_.relu()});
  }

  void healthy() {
    const auto& dead = worst_by(layers_, [](const LayerRecord& l) { return l.dead; });
    std::string evidence = "dead units: not to be told from one example";
    if (!std::isnan(dead.dead))
      evidence = "dead units: at most " + percent_text(dead.dead) + " of a layer, over " +
                 std::to_string(findings_.history.back().examples) + " examples";
    if (layers_.size() > 1 && !std::isnan(gradients_.front()))
      evidence = "delta in " + layers_.front().layer + " is " + figure_text(gradients_.front()) +
                 " times that in " + layers_.back().layer + "; " + evidence;
    add("healthy", {}, "Gradients reach every layer, and its units respond.", evidence, {});
  }

  const TrainingSetup& setup_;
  const Findings& findings_;
  const Layers& layers_;
  std::vector<double> gradients_;
  StepSize steps_;
  Remedies remedies_;
  Advice advice_;
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

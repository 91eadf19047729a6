#include "app/diagnosis.h"

#include <algorithm>
#include <cmath>

#include "core/shell.h"
#include "core/text.h"
#include "diagnose/figures.h"

namespace actlab {
namespace {

using nlohmann::ordered_json;

constexpr size_t kColumns = 100;

// The same in at most `width` characters.
std::string narrow(double value, int width) {
  const std::string text = figure_text(value);
  return static_cast<int>(text.size()) <= width ? text : formatted("%.0e", value);
}

std::string percent(double share) {
  if (!std::isfinite(share)) return "-";
  return formatted(share > 0 && share < 0.001 ? "<.1" : "%.1f", 100 * share);
}

// At most `width` bytes, cut off with a dot.
std::string fitted(const std::string& text, size_t width) {
  return text.size() <= width ? text : text.substr(0, width - 1) + ".";
}

// In lines, all indented alike.
std::string paragraph(const std::string& text, size_t indent) {
  return wrapped(text, kColumns, indent, indent);
}

const LayerPrediction& prediction_of(const Diagnosis& diagnosis, size_t layer) {
  static const LayerPrediction kNone;
  return diagnosis.theory && layer < diagnosis.theory->layers.size() ? diagnosis.theory->layers[layer]
                                                                     : kNone;
}

// What the column of flat shares is called: by what the activations are there.
const char* flat_word(const std::vector<LayerRecord>& layers) {
  const auto is_off = [](const LayerRecord& layer) { return !std::isnan(layer.off); };
  const auto is_saturated = [](const LayerRecord& layer) { return !std::isnan(layer.saturated); };
  if (std::ranges::none_of(layers, is_off)) return "sat.";
  return std::ranges::none_of(layers, is_saturated) ? "off" : "flat";
}

std::string table_legend(const Diagnosis& diagnosis) {
  const std::string word = flat_word(diagnosis.examination.layers);
  std::string flat = word + (word == "sat." ? ": saturated, " : ": ") + "|f'| below a tenth of its largest";
  if (word == "off") flat += ", as a piecewise linear activation is made to be";
  if (word == "flat") flat += "; off in a piecewise linear activation, saturated in another";
  return paragraph("zero: outputs that are exactly 0; dead: units that answer all " +
                       std::to_string(diagnosis.examination.examples) +
                       " examples alike, an upper bound, since others might wake them; " + flat +
                       "; delta: dL/d(pre-activation), its ratio to that of the next layer",
                   0);
}

std::string table(const Diagnosis& diagnosis) {
  const auto& layers = diagnosis.examination.layers;
  std::string text = formatted("%-22s  %15s  %15s  %5s %5s %5s %8s  %13s\n", "", "pre-activ. std",
                               "output mean", "zero", "dead", flat_word(layers), "delta", "delta ratio");
  text += formatted("%-11s %-10s  %7s %7s  %7s %7s  %5s %5s %5s %8s  %6s %6s\n", "layer", "activation",
                    "theory", "here", "theory", "here", "%", "%", "%", "rms", "theory", "here");
  for (size_t i = 0; i < layers.size(); ++i) {
    const LayerRecord& l = layers[i];
    const LayerPrediction& p = prediction_of(diagnosis, i);
    text += formatted("%-11s %-10s  %7s %7s  %7s %7s  %5s %5s %5s %8s  %6s %6s\n",
                      fitted(l.layer, 11).c_str(), fitted(l.activation, 10).c_str(),
                      narrow(p.pre_std, 7).c_str(), narrow(l.pre_std, 7).c_str(), narrow(p.mean, 7).c_str(),
                      narrow(l.mean, 7).c_str(), percent(l.zeros).c_str(), percent(l.dead).c_str(),
                      percent(l.flat()).c_str(), narrow(l.delta, 8).c_str(), narrow(p.delta_ratio, 6).c_str(),
                      narrow(l.delta_ratio, 6).c_str());
  }
  return text + table_legend(diagnosis);
}

std::string unit_list(const std::vector<int64_t>& units) {
  constexpr size_t kMost = 20;
  std::vector<std::string> names;
  for (size_t i = 0; i < std::min(kMost, units.size()); ++i) names.push_back(std::to_string(units[i]));
  return join(names) + (units.size() > kMost ? ", ..." : "");
}

std::string details(const std::vector<LayerRecord>& layers) {
  std::string text;
  for (const auto& layer : layers) {
    // Where all are dead, the list says nothing.
    if (!layer.dead_units.empty() && layer.dead < 1)
      text += paragraph("dead units of " + layer.layer + ": " + unit_list(layer.dead_units), 0);
    for (const auto& [name, value] : layer.learned)
      text += layer.layer + "." + name + " = " + figure_text(value) + " (learned)\n";
  }
  return text;
}

std::string depth_text(const Theory& theory) {
  if (std::isfinite(theory.vanishing_depth))
    return "theory: the gradient falls below 1e-7 after " + formatted("%.1f", theory.vanishing_depth) +
           " layers\n";
  if (std::isfinite(theory.exploding_depth))
    return "theory: the gradient rises above 1e7 after " + formatted("%.1f", theory.exploding_depth) +
           " layers\n";
  return "";
}

std::string dead_text(const Theory& theory) {
  constexpr double kRare = 1e-3;
  if (!(theory.dead_probability >= kRare)) return "";
  return paragraph("theory: up to " + percent_text(theory.dead_probability) +
                       " of draws start dead, a whole layer off, so that the output does not depend on the "
                       "input",
                   0);
}

// One line for each run of layers with the same gains.
std::string gain_text(const Diagnosis& diagnosis) {
  std::string text, last;
  for (size_t i = 1; i < diagnosis.theory->layers.size(); ++i) {
    const LayerPrediction& p = diagnosis.theory->layers[i];
    if (!std::isfinite(p.gain)) continue;
    std::string line =
        "weights have gain " + figure_text(p.gain) + ", biases deviation " + figure_text(p.bias_std);
    if (std::isfinite(p.critical_gain))
      line += "; critical for " + diagnosis.examination.layers[i].activation + ": " +
              figure_text(p.critical_gain) + " and " + figure_text(p.critical_bias_std);
    if (line != last) text += paragraph("from " + p.layer + " on: " + line, 0);
    last = line;
  }
  return text;
}

std::string theory_text(const Diagnosis& diagnosis) {
  if (!diagnosis.theory) return "theory: of untrained models; this one has been trained\n";
  std::string text = depth_text(*diagnosis.theory) + dead_text(*diagnosis.theory) + gain_text(diagnosis);
  for (const auto& note : diagnosis.theory->notes) text += paragraph("theory: " + note, 0);
  return text;
}

std::string span_text(const std::vector<std::string>& layers) {
  if (layers.empty()) return "";
  if (layers.size() < 4) return " in " + join(layers);
  return " in " + layers.front() + " to " + layers.back() + " (" + std::to_string(layers.size()) + " layers)";
}

std::string verdict_text(const Verdict& verdict) {
  std::string text = "\n" + verdict.name + span_text(verdict.layers) + "\n" + paragraph(verdict.cause, 2);
  if (!verdict.evidence.empty()) text += paragraph(verdict.evidence, 2);
  for (const auto& remedy : verdict.remedies) {
    text += "  try " + shell_text(remedy.overrides) + "\n" + paragraph(remedy.why, 6);
  }
  return text;
}

const Trial* untouched(const std::vector<Trial>& trials) {
  const auto found =
      std::find_if(trials.begin(), trials.end(), [](const Trial& t) { return t.overrides.empty(); });
  return found == trials.end() ? nullptr : &*found;
}

// By how much its headline is better than that of the untouched run; undefined where one of the two has
// none.
double gain_of(const Trial& trial, const std::vector<Trial>& trials) {
  const Trial* base = untouched(trials);
  if (base == nullptr) return kUndefined;
  return trial.headline.larger_is_better ? trial.value - base->value : base->value - trial.value;
}

std::string trials_text(const Diagnosis& diagnosis) {
  if (diagnosis.trials.empty()) return "";
  std::string text = "\ntried for " + std::to_string(diagnosis.steps) + " steps each, on " +
                     std::to_string(diagnosis.trials.front().examples) + " held-out examples\n";
  const Headline& headline = diagnosis.trials.front().headline;
  const double scale = headline.share ? 100 : 1;
  text += formatted("%9s %8s %9s %8s\n", headline.name.c_str(), "gain", "loss", "seconds");
  for (const auto& trial : diagnosis.trials) {
    const double gain = gain_of(trial, diagnosis.trials);
    const bool compared = !trial.overrides.empty() && std::isfinite(gain);
    const std::string value = trial.diverged ? "diverged" : value_text(headline, trial.value);
    text += formatted("%9s %8s %9s %8.1f  ", value.c_str(),
                      compared ? formatted("%+.*f", headline.share ? 2 : 4, scale * gain).c_str() : "",
                      figure_text(trial.loss).c_str(), trial.seconds);
    text += trial.overrides.empty() ? "as it is" : shell_text(trial.overrides);
    text += trial.fresh ? " (from new weights)\n" : "\n";
  }
  return text;
}

// The overrides that are known to help most, or are likeliest to; none where nothing is known to.
std::vector<std::string> best_remedy(const Diagnosis& diagnosis) {
  if (!diagnosis.trials.empty()) {
    const Trial& best = diagnosis.trials.front();
    return best.diverged ? std::vector<std::string>{} : best.overrides;
  }
  for (const auto& verdict : diagnosis.verdicts) {
    if (!verdict.remedies.empty()) return verdict.remedies.front().overrides;
  }
  return {};
}

// "vanishing in act1 to act26 (26 layers)", and a command to copy.
std::string conclusion(const Diagnosis& diagnosis) {
  if (diagnosis.verdicts.empty()) return "";
  std::string text;
  for (const auto& verdict : diagnosis.verdicts)
    text += (text.empty() ? "" : "; ") + verdict.name + span_text(verdict.layers);
  text = wrapped(text, kColumns, 0, 2);
  auto words = best_remedy(diagnosis);
  if (words.empty()) return text;
  words.insert(words.begin(), diagnosis.command.begin(), diagnosis.command.end());
  return text + "  " + (diagnosis.command.empty() ? "try " : "") + shell_text(words) + "\n";
}

ordered_json to_json(const Trial& trial, const std::vector<Trial>& trials) {
  return {{"overrides", trial.overrides},
          {"untouched", trial.overrides.empty()},
          {"fresh", trial.fresh},
          {"diverged", trial.diverged},
          {trial.headline.name, figure_json(trial.value)},
          {"gain", figure_json(gain_of(trial, trials))},
          {"loss", figure_json(trial.loss)},
          {"seconds", trial.seconds}};
}

}  // namespace

void rank(std::vector<Trial>& trials) {
  std::stable_sort(trials.begin(), trials.end(), [](const Trial& a, const Trial& b) {
    if (a.diverged != b.diverged) return b.diverged;
    if (a.value != b.value) return a.headline.larger_is_better == (a.value > b.value);
    return a.loss < b.loss;
  });
}

ordered_json to_json(const Diagnosis& diagnosis) {
  ordered_json json = {{"examples", diagnosis.examination.examples},
                       {"seconds", diagnosis.examination.seconds},
                       {"layers", ordered_json::array()}};
  const auto& layers = diagnosis.examination.layers;
  for (size_t i = 0; i < layers.size(); ++i) {
    ordered_json layer = to_json(layers[i]);
    layer["predicted"] = diagnosis.theory ? to_json(prediction_of(diagnosis, i)) : ordered_json(nullptr);
    json["layers"].push_back(layer);
  }
  const auto& output = diagnosis.examination.output;
  json["output"] = output ? to_json(*output) : ordered_json(nullptr);
  json["theory"] = diagnosis.theory ? to_json(*diagnosis.theory) : ordered_json(nullptr);
  json["verdicts"] = ordered_json::array();
  for (const auto& verdict : diagnosis.verdicts) json["verdicts"].push_back(to_json(verdict));
  json["tried"] = ordered_json::array();
  for (const auto& trial : diagnosis.trials) json["tried"].push_back(to_json(trial, diagnosis.trials));
  return json;
}

std::string to_text(const Diagnosis& diagnosis) {
  const std::string said = conclusion(diagnosis);
  std::string text = said + "\n";
  if (!diagnosis.examination.layers.empty()) {
    const std::string more = details(diagnosis.examination.layers) + theory_text(diagnosis);
    text += std::to_string(diagnosis.examination.examples) + " training examples\n\n" + table(diagnosis) +
            (more.empty() ? "" : "\n" + more);
  }
  for (const auto& verdict : diagnosis.verdicts) text += verdict_text(verdict);
  return text + trials_text(diagnosis) + "\n" + said;
}

}  // namespace actlab

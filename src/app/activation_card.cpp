#include "app/activation_card.h"

#include <cmath>

#include "app/activation_timing.h"
#include "config/document.h"
#include "core/text.h"
#include "diagnose/figures.h"
#include "models/registry_fields.h"

namespace actlab {
namespace {

using Json = nlohmann::ordered_json;

// JSON has no infinities.
Json number_or_word(double value) {
  if (std::isnan(value)) return nullptr;
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  return value;
}

Json limit_json(const std::optional<double>& limit) {
  return limit ? number_or_word(*limit) : Json(nullptr);
}

std::string text_of(double value) {
  return formatted("%.6g", value == 0 ? 0 : value);  // no "-0"
}

double value_of(const ActivationParameter& parameter, const ActivationSpec& spec) {
  const auto given = spec.parameters.find(parameter.name);
  return given == spec.parameters.end() ? parameter.value : given->second;
}

Json parameters_json(const ActivationInfo& info) {
  Json parameters = Json::array();
  for (const auto& parameter : info.parameters) {
    parameters.push_back({{"name", parameter.name},
                          {"default", parameter.value},
                          {"range", parameter.range.text()},
                          {"learned", parameter.learned()}});
  }
  return parameters;
}

Json time_json(const ActivationCard& card) {
  return {{"forward", card.time.forward},
          {"backward", card.time.backward},
          {"relu_forward", card.relu_time.forward},
          {"relu_backward", card.relu_time.backward},
          {"threads", at::get_num_threads()}};
}

// What keeps E[f^2] at 1.
double gain_of(const OutputMoments& moments) {
  return 1 / std::sqrt(moments.second);
}

bool is_zero_centred(const OutputMoments& moments) {
  constexpr double kRounding = 1e-9;
  return std::abs(moments.mean) < kRounding;
}

void add_moments(Json& json, const OutputMoments& moments) {
  json["zero_centred"] = is_zero_centred(moments);
  json["moments"] = {{"mean", figure_json(moments.mean)}, {"second", figure_json(moments.second)}};
  json["gain"] = figure_json(gain_of(moments));
}

void add_measures(Json& json, const ActivationMeasures& measures) {
  const ActivationShape& shape = measures.shape;
  const ActivationMoments& moments = measures.moments;
  const CriticalPoint& critical = measures.critical;
  json["range"] = {figure_json(shape.low), figure_json(shape.high)};
  json["limits"] = {limit_json(shape.limit_left), limit_json(shape.limit_right)};
  json["steepest"] = {{"x", number_or_word(shape.steepest_x)},
                      {"slope", number_or_word(shape.steepest_slope)}};
  json["kinks"] = shape.kinks;
  json["monotone"] = shape.monotone;
  json["moments"]["derivative_mean"] = figure_json(moments.derivative_mean);
  json["moments"]["derivative_second"] = figure_json(moments.derivative_second);
  json["critical_point"] = {{"weight_variance", figure_json(critical.weight_variance)},
                            {"bias_variance", figure_json(critical.bias_variance)},
                            {"variance", figure_json(critical.variance)},
                            {"critical", critical.critical}};
}

std::string row(const char* name, const std::string& text) {
  return text.empty() ? "" : formatted("  %-13s%s\n", name, text.c_str());
}

std::string parameter_text(const ActivationParameter& parameter, const ActivationSpec& spec) {
  std::string text = parameter.name + " = " + text_of(value_of(parameter, spec));
  const std::string range = parameter.range.text();
  text += " (default " + text_of(parameter.value) + (range.empty() ? "" : ", " + range) + ")";
  return parameter.learned() ? text + ", learned as " + parameter.weight : text;
}

std::string range_text(const ActivationShape& shape) {
  const bool reaches_low = std::isfinite(shape.low) && std::isfinite(shape.lowest_x);
  const bool reaches_high = std::isfinite(shape.high) && std::isfinite(shape.highest_x);
  std::string text = (reaches_low ? "[" : "(") + text_of(shape.low) + ", " + text_of(shape.high) +
                     (reaches_high ? "]" : ")");
  if (!shape.monotone && reaches_low) text += ", lowest at x = " + text_of(shape.lowest_x);
  if (!shape.monotone && reaches_high) text += ", highest at x = " + text_of(shape.highest_x);
  return text;
}

std::string limit_text(const std::optional<double>& limit) {
  return limit ? text_of(*limit) : "none";
}

std::string steepest_text(const ActivationShape& shape) {
  const std::string slope = "|f'| ";
  if (std::isinf(shape.steepest_slope)) return slope + "grows without bound";
  if (std::isfinite(shape.steepest_x)) {
    return slope + "= " + text_of(shape.steepest_slope) + " at x = " + text_of(shape.steepest_x);
  }
  return slope + "nears " + text_of(shape.steepest_slope) + " as x goes to " + text_of(shape.steepest_x);
}

std::string critical_text(const CriticalPoint& point) {
  if (!point.critical) return "none: no variance of weights keeps both signal and gradient";
  std::string text = "weights of variance " + text_of(point.weight_variance) + " / fan-in";
  if (point.bias_variance > 1e-9) text += ", biases of variance " + text_of(point.bias_variance);
  return text + ", at pre-activations of variance " + text_of(point.variance);
}

std::string measures_text(const ActivationMeasures& measures) {
  const ActivationShape& shape = measures.shape;
  std::vector<std::string> kinks;
  for (const double kink : shape.kinks) kinks.push_back(text_of(kink));
  return row("limits", limit_text(shape.limit_left) + " to the left, " + limit_text(shape.limit_right) +
                           " to the right") +
         row("steepest", steepest_text(shape)) + row("kinks at", kinks.empty() ? "" : "x = " + join(kinks)) +
         row("monotone", shape.monotone ? "yes" : "no");
}

std::string moments_text(const ActivationCard& card) {
  const OutputMoments& moments = *card.moments;
  std::string text = "E f = " + text_of(moments.mean) + ", E f^2 = " + text_of(moments.second);
  if (card.measures) {
    text += ", E f' = " + text_of(card.measures->moments.derivative_mean) +
            ", E f'^2 = " + text_of(card.measures->moments.derivative_second);
  }
  const bool scalable = std::isfinite(moments.second) && moments.second > 0;
  return row("zero-centred", is_zero_centred(moments) ? "yes" : "no, its mean is " + text_of(moments.mean)) +
         row("moments", text + " under N(0, 1)") +
         row("gain", scalable ? text_of(gain_of(moments)) + ", which keeps E f^2 at 1" : "none");
}

std::string time_text(const char* direction, double time, double relu) {
  return formatted("%s %.2f ns (%.1f x relu)", direction, time, time / relu);
}

}  // namespace

ActivationSpec parse_activation_spec(const std::string& text) {
  constexpr const char* kKey = "SPEC";
  Problems problems;
  ActivationSpec spec;
  const Node node = parse_yaml_value(text, problems, kKey);
  if (node.is_scalar() && node.text.find_first_of("()*/+^") != std::string::npos) {
    throw Error(ExitStatus::kUsage,
                "SPEC: '" + node.text + "' is no name; a formula is written 'formula: " + node.text + "'");
  }
  if (!node.is_null()) read_value(node, spec, ReadContext{kKey, problems});
  problems.throw_if_any();
  Activation{spec};  // parameters that do not go together
  return spec;
}

ActivationCard make_activation_card(const ActivationSpec& spec) {
  const Activation activation(spec);
  ActivationCard card{spec, activation.info(), std::nullopt, activation.group_moments(), {}, {}};
  if (card.info.element_wise) {
    const ActivationCurve curve(spec);
    card.measures = {activation_shape(curve), gaussian_moments(curve), critical_point(curve)};
    card.moments = {card.measures->moments.mean, card.measures->moments.second};
  }
  const TimedPair times = time_beside_relu(spec);
  card.time = times.activation;
  card.relu_time = times.relu;
  return card;
}

Json to_json(const ActivationInfo& info) {
  return {{"name", info.name},
          {"formula", info.formula},
          {"derivative", info.derivative},
          {"range", info.range},
          {"parameters", parameters_json(info)},
          {"element_wise", info.element_wise},
          {"source", info.source},
          {"note", info.note}};
}

Json to_json(const ActivationCard& card) {
  Json json = to_json(card.info);
  json["activation"] = short_text(card.spec);
  for (size_t i = 0; i < card.info.parameters.size(); ++i) {
    json["parameters"][i]["value"] = value_of(card.info.parameters[i], card.spec);
  }
  for (const char* key : {"range", "limits", "steepest", "kinks", "monotone", "zero_centred", "moments",
                          "gain", "critical_point"}) {
    json[key] = nullptr;
  }
  if (card.moments) add_moments(json, *card.moments);
  if (card.measures) add_measures(json, *card.measures);
  json["range_text"] = card.info.range;
  json["nanoseconds"] = time_json(card);
  return json;
}

std::string to_text(const ActivationCard& card) {
  std::string text = short_text(card.spec) + "\n" + row("f(x)", card.info.formula) +
                     row("f'(x)", card.info.derivative) + row("note", card.info.note);
  for (const auto& parameter : card.info.parameters)
    text += row("parameter", parameter_text(parameter, card.spec));
  text += row("range", card.measures ? range_text(card.measures->shape) : card.info.range);
  if (card.measures) text += measures_text(*card.measures);
  if (card.moments) text += moments_text(card);
  if (card.measures) text += row("critical", critical_text(card.measures->critical));
  return text +
         row("time", time_text("forward", card.time.forward, card.relu_time.forward) + ", " +
                         time_text("backward", card.time.backward, card.relu_time.backward) +
                         " an element, here") +
         row("source", card.info.source);
}

}  // namespace actlab

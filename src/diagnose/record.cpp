#include "diagnose/record.h"

#include <cstdlib>
#include <sstream>

#include "core/error.h"
#include "core/file.h"
#include "core/text.h"
#include "diagnose/figures.h"

namespace actlab {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

// The fields, once for writing and reading.
template <class Record, class Visitor>
void visit_layer(Record& r, Visitor v) {
  v("layer", r.layer);
  v("activation", r.activation);
  v("weight", r.weight);
  v("units", r.units);
  v("fan_in", r.fan_in);
  v("pre_mean", r.pre_mean);
  v("pre_std", r.pre_std);
  v("histogram_low", r.histogram_low);
  v("histogram_high", r.histogram_high);
  v("histogram", r.histogram);
  v("mean", r.mean);
  v("std", r.std);
  v("zeros", r.zeros);
  v("dead", r.dead);
  v("dead_units", r.dead_units);
  v("births", r.births);
  v("deaths", r.deaths);
  v("revivals", r.revivals);
  v("saturated", r.saturated);
  v("off", r.off);
  v("linear", r.linear);
  v("at_bound", r.at_bound);
  v("delta", r.delta);
  v("delta_ratio", r.delta_ratio);
  v("weight_norm", r.weight_norm);
  v("gradient_ratio", r.gradient_ratio);
  v("update_ratio", r.update_ratio);
  v("centredness", r.centredness);
  v("one_sign_examples", r.one_sign_examples);
  v("one_sign_batch", r.one_sign_batch);
  v("mean_delta", r.mean_delta);
  v("weight_gradient", r.weight_gradient);
  v("bias_gradient", r.bias_gradient);
  v("unit_means", r.unit_means);
  v("unit_means_median", r.unit_means_median);
  v("learned", r.learned);
}

template <class Record, class Visitor>
void visit_examination(Record& e, Visitor v) {
  v("epoch", e.epoch);
  v("step", e.step);
  v("seconds", e.seconds);
  v("share", e.share);
  v("examples", e.examples);
}

// Writes one field after the other; a number that JSON does not have becomes null.
struct Writer {
  ordered_json& out;

  template <class T>
  void operator()(const char* key, const T& value) const {
    out[key] = value;
  }
  void operator()(const char* key, double value) const { out[key] = figure_json(value); }
  // There may be thousands, line after line: in six digits.
  void operator()(const char* key, const std::vector<double>& values) const {
    out[key] = ordered_json::array();
    for (const double value : values) {
      out[key].push_back(figure_json(std::strtod(formatted("%.6g", value).c_str(), nullptr)));
    }
  }
  void operator()(const char* key, const std::map<std::string, double>& values) const {
    out[key] = ordered_json::object();
    for (const auto& [name, value] : values) Writer{out[key]}(name.c_str(), value);
  }
};

struct Reader {
  const json& in;

  template <class T>
  void operator()(const char* key, T& value) const {
    const auto found = in.find(key);
    if (found != in.end() && !found->is_null()) value = found->template get<T>();
  }
  void operator()(const char* key, std::vector<double>& values) const {
    const auto found = in.find(key);
    if (found == in.end() || found->is_null()) return;
    values.clear();
    for (const auto& item : *found) values.push_back(item.is_null() ? kUndefined : item.get<double>());
  }
  void operator()(const char* key, std::map<std::string, double>& values) const {
    const auto found = in.find(key);
    if (found == in.end() || found->is_null()) return;
    for (const auto& item : found->items()) {
      values[item.key()] = item.value().is_null() ? kUndefined : item.value().get<double>();
    }
  }
};

}  // namespace

ordered_json to_json(const LayerRecord& record) {
  ordered_json json;
  visit_layer(record, Writer{json});
  return json;
}

ordered_json to_json(const Examination& examination) {
  ordered_json json;
  visit_examination(examination, Writer{json});
  json["layers"] = ordered_json::array();
  for (const auto& layer : examination.layers) json["layers"].push_back(to_json(layer));
  json["output"] = examination.output ? to_json(*examination.output) : ordered_json(nullptr);
  return json;
}

LayerRecord layer_from_json(const json& json) {
  LayerRecord record;
  record.layer = json.at("layer");
  visit_layer(record, Reader{json});
  return record;
}

Examination examination_from_json(const json& json) {
  Examination examination;
  visit_examination(examination, Reader{json});
  for (const auto& layer : json.at("layers")) examination.layers.push_back(layer_from_json(layer));
  const auto output = json.find("output");
  if (output != json.end() && !output->is_null()) examination.output = layer_from_json(*output);
  return examination;
}

std::vector<Examination> read_examinations(const std::filesystem::path& file) {
  std::vector<Examination> examinations;
  if (!std::filesystem::exists(file)) return examinations;
  std::istringstream in(read_text(file, ExitStatus::kFailed));
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    const bool cut_off = in.eof();
    try {
      examinations.push_back(examination_from_json(json::parse(line)));
    } catch (const json::exception&) {
      if (cut_off) break;
      throw Error(ExitStatus::kFailed, file.string() + ":" + std::to_string(number) +
                                           ": this line is no examination; remove it, or the file");
    }
  }
  return examinations;
}

}  // namespace actlab

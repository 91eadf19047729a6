#include "diagnose/record.h"

#include <fstream>

#include "core/error.h"
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
  v("mean", r.mean);
  v("std", r.std);
  v("zeros", r.zeros);
  v("dead", r.dead);
  v("dead_units", r.dead_units);
  v("births", r.births);
  v("deaths", r.deaths);
  v("revivals", r.revivals);
  v("saturated", r.saturated);
  v("at_bound", r.at_bound);
  v("delta", r.delta);
  v("delta_ratio", r.delta_ratio);
  v("weight_norm", r.weight_norm);
  v("gradient_ratio", r.gradient_ratio);
  v("update_ratio", r.update_ratio);
  v("centredness", r.centredness);
  v("one_sign_examples", r.one_sign_examples);
  v("one_sign_batch", r.one_sign_batch);
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
  return examination;
}

std::vector<Examination> read_examinations(const std::filesystem::path& file) {
  std::vector<Examination> examinations;
  std::ifstream in(file, std::ios::binary);
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

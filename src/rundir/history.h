#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rundir/headline.h"
#include "rundir/tolerant.h"

// What a run directory tells. docs/report.md has the files and their fields; each may be missing.
namespace actlab::report {

struct LayerRecord {
  std::string layer;
  std::string activation;
  std::map<std::string, double> values;   // "dead", "delta_ratio", ...; no entry where undefined
  std::map<std::string, double> learned;  // the activation's own parameters
  std::vector<int64_t> dead_units;
  // Of the pre-activations, in equal parts from values' histogram_low to its histogram_high.
  std::vector<double> histogram;

  double value(const std::string& key) const;  // NaN where undefined
};

// One line of diagnostics.jsonl.
struct Examination {
  double epoch = 0;     // finished ones; 0: before training
  double step = 0;      // likewise
  double examples = 0;  // looked at
  std::vector<LayerRecord> layers;
};

struct Remedy {
  std::vector<std::string> overrides;  // key=value
  std::string why;
};

struct Verdict {
  std::string name;
  std::vector<std::string> layers;
  std::string cause;
  std::string evidence;
  std::vector<Remedy> remedies;
};

// An activation as this run used it (activations.json).
struct ActivationCurve {
  std::string name;
  std::string formula;
  std::string derivative;
  std::vector<std::string> layers;
  std::vector<double> x;
  std::vector<double> y;
  std::vector<double> slope;
};

struct RocCurve {
  std::string name;  // of the class
  double auc = 0;
  std::vector<double> false_positive_rate;
  std::vector<double> true_positive_rate;
};

struct PrecisionCurve {
  std::string name;  // of the class
  std::vector<double> recall;
  std::vector<double> precision;
};

// How often it is right where it is so sure.
struct Calibration {
  double error = 0;  // expected calibration error; NaN where unknown
  std::vector<double> probability, accuracy, examples;
};

struct Mistake {
  int64_t index = 0;
  std::string label;
  std::string predicted;
  std::string original;  // the data's own label, where the task has another
  double probability = 0;
  int channels = 0;
  int height = 0;
  int width = 0;
  std::vector<uint8_t> pixels;  // channel by channel; empty where the file has no whole picture
};

// The first layer's weights (first_weights.json): bytes channel by channel, 128 for 0.
struct FirstWeights {
  std::string layer;
  double units = 0;  // of the layer; `pixels` may have fewer
  double largest = 0;
  int channels = 0;
  int height = 0;
  int width = 0;
  std::vector<std::vector<uint8_t>> pixels;  // one a unit, whole; none where the file is damaged
};

struct Evaluation {
  std::string split;
  double examples = 0;
  Headline headline;
  double value = 0;  // of the headline
  double low = 0;    // its 95 % interval
  double high = 0;
  double loss = 0;
  double auc = 0;  // two classes
  std::vector<std::string> classes;
  std::vector<std::vector<double>> confusion;  // [label][predicted], as many as classes
  std::vector<RocCurve> roc;
  std::vector<PrecisionCurve> precision;
  Calibration calibration;
  std::vector<Mistake> mistakes;
};

struct Run {
  std::filesystem::path path;
  std::string name;    // of the folder
  std::string config;  // YAML, resolved
  // The config's scalars and flow values by dotted key, in its order: {"model.activation", "relu"}.
  std::vector<std::pair<std::string, std::string>> settings;
  Json record;             // run.json
  std::string divergence;  // why training stopped, where it diverged
  Json summary;            // null while the run goes on, and when it was cut short
  Columns epochs;
  Columns steps;
  Headline headline;
  std::vector<Examination> examinations;
  std::vector<Verdict> verdicts;
  bool by_step = false;    // several examinations in an epoch: then steps say when they were
  bool diagnosed = false;  // verdicts.json is there, if only with an empty list
  std::optional<Evaluation> evaluation;
  std::vector<ActivationCurve> activations;
  FirstWeights first_weights;
  Warnings warnings;  // about damaged files

  std::string setting(const std::string& key) const;  // "" where there is none
  // What its data are called; their type in records of versions that knew no name.
  std::string data_name() const;
  double planned_epochs() const;  // NaN where unknown
  // The headline's on the test data; NaN before there is one.
  double test_value() const;
  double speed() const;  // samples a second in training; NaN where unknown
  // The headline's on the validation data, an epoch each: a name for `epochs`.
  std::string validation_column() const { return "validation_" + headline.name; }
  double time_of(const Examination& examination) const {
    return by_step ? examination.step : examination.epoch;
  }
  const char* time_unit() const { return by_step ? "step" : "epoch"; }
  bool finished() const { return summary.is_object(); }
};

// Whether the folder holds a run's config.yaml or run.json.
bool is_run(const std::filesystem::path& folder);

// Never throws for what the files hold; `warnings` tells of it.
Run read_run(const std::filesystem::path& folder);

// Whether a training process holds the run's folder at this moment.
bool is_training(const std::filesystem::path& folder);

// "model:\n  activation: relu\n" as {"model.activation", "relu"}: for the YAML that actlab itself writes.
std::vector<std::pair<std::string, std::string>> settings_of(const std::string& yaml);

}  // namespace actlab::report

#include "rundir/history.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>

#include "rundir/evaluation.h"
#include "rundir/files.h"

namespace actlab::report {
namespace {

namespace fs = std::filesystem;

// A layer's record: numbers under their names, the rest apart.
LayerRecord to_layer(const Json& in) {
  LayerRecord layer{.layer = text(in, "layer"),
                    .activation = text(in, "activation"),
                    .values = {},
                    .learned = {},
                    .dead_units = {},
                    .histogram = numbers(member(in, "histogram"))};
  constexpr size_t kMostBins = 256;
  if (layer.histogram.size() > kMostBins) layer.histogram.clear();
  for (double& count : layer.histogram) count = count >= 0 && count < 1e15 ? count : 0;  // NaN too
  for (const auto& [name, value] : in.items()) {
    if (value.is_number()) layer.values[name] = value.get<double>();
  }
  const Json& learned = member(in, "learned");
  if (learned.is_object()) {
    for (const auto& [name, value] : learned.items()) {
      if (value.is_number()) layer.learned[name] = value.get<double>();
    }
  }
  for (const double unit : numbers(member(in, "dead_units"))) {
    if (unit >= 0 && unit < 1e15) layer.dead_units.push_back(static_cast<int64_t>(unit));
  }
  return layer;
}

std::vector<Examination> to_examinations(const std::vector<Json>& lines) {
  std::vector<Examination> examinations;
  for (const auto& line : lines) {
    Examination one{.epoch = number(line, "epoch"),
                    .step = number(line, "step"),
                    .examples = number(line, "examples"),
                    .layers = {}};
    if (!std::isfinite(one.step)) one.step = one.epoch;
    const Json& layers = member(line, "layers");
    if (!std::isfinite(one.epoch) || !layers.is_array()) continue;
    for (const auto& layer : layers) {
      if (layer.is_object()) one.layers.push_back(to_layer(layer));
    }
    // A resumed run examines again.
    while (!examinations.empty() && examinations.back().step >= one.step) examinations.pop_back();
    examinations.push_back(std::move(one));
  }
  return examinations;
}

std::vector<Verdict> to_verdicts(const Json& list) {
  std::vector<Verdict> verdicts;
  if (!list.is_array()) return verdicts;
  for (const auto& in : list) {
    if (!in.is_object()) continue;
    Verdict verdict{
        text(in, "name"), texts(member(in, "layers")), text(in, "cause"), text(in, "evidence"), {}};
    const Json& remedies = member(in, "remedies");
    if (remedies.is_array()) {
      for (const auto& remedy : remedies)
        verdict.remedies.push_back({texts(member(remedy, "overrides")), text(remedy, "why")});
    }
    // It stands where there is nothing to mend, which the page says in its own words.
    if (verdict.name != "healthy") verdicts.push_back(std::move(verdict));
  }
  return verdicts;
}

std::vector<ActivationCurve> to_curves(const Json& list) {
  std::vector<ActivationCurve> curves;
  if (!list.is_array()) return curves;
  for (const auto& in : list) {
    if (!in.is_object()) continue;
    curves.push_back({text(in, "name"), text(in, "formula"), text(in, "derivative"),
                      texts(member(in, "layers")), numbers(member(in, "x")), numbers(member(in, "y")),
                      numbers(member(in, "slope"))});
  }
  return curves;
}

// Versions before 0.2 took NaN, for which JSON has null, for a loss like any other.
void drop_test_figures(Run& run) {
  run.evaluation.reset();
  run.summary = nullptr;
  if (run.divergence.empty()) run.divergence = "on the test data its loss is NaN or Inf";
}

// What the run is measured by, which a run that goes on tells only by a column's name.
Headline headline_of(const Run& run) {
  if (run.evaluation) return run.evaluation->headline;
  if (run.summary.is_object()) return headline_from_json(member(run.summary, "headline"));
  const std::string prefix = "validation_";
  for (const auto& [name, values] : run.epochs.values) {
    if (name.starts_with(prefix) && name != prefix + "loss")
      return known_headline(name.substr(prefix.size()));
  }
  return {};
}

}  // namespace

double LayerRecord::value(const std::string& key) const {
  const auto found = values.find(key);
  return found == values.end() ? std::numeric_limits<double>::quiet_NaN() : found->second;
}

std::string Run::setting(const std::string& key) const {
  for (const auto& [name, value] : settings) {
    if (name == key) return value;
  }
  return "";
}

std::string Run::data_name() const {
  const std::string name = text(member(record, "data"), "name");
  return name.empty() ? setting("data.type") : name;
}

double Run::planned_epochs() const {
  const std::string value = setting("train.epochs");
  double epochs = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), epochs);
  return error == std::errc() && end == value.data() + value.size()
             ? epochs
             : std::numeric_limits<double>::quiet_NaN();
}

double Run::test_value() const {
  return evaluation ? evaluation->value : number(summary, "test_" + headline.name);
}

double Run::speed() const {
  const double whole = number(summary, "samples_per_second");
  return std::isfinite(whole) ? whole : epochs.last("samples_per_second");
}

bool is_run(const fs::path& folder) {
  std::error_code ignored;
  return fs::is_regular_file(folder / run_files::kConfig, ignored) ||
         fs::is_regular_file(folder / run_files::kRun, ignored);
}

Run read_run(const fs::path& folder) {
  Run run;
  run.path = fs::absolute(folder).lexically_normal();
  if (!run.path.has_filename()) run.path = run.path.parent_path();
  run.name = run.path.filename().string();
  run.config = read_text(folder / run_files::kConfig, run.warnings);
  run.settings = settings_of(run.config);
  run.record = read_json(folder / run_files::kRun, run.warnings);
  if (std::error_code ignored; fs::exists(folder / "diverged.txt", ignored))
    run.divergence = read_text(folder / "diverged.txt", run.warnings);
  run.summary = read_json(folder / run_files::kSummary, run.warnings);
  run.epochs = to_columns(read_json_lines(folder / run_files::kEpochLines, run.warnings), "epoch");
  run.steps = read_csv(folder / run_files::kSteps, "step", run.warnings);
  run.examinations = to_examinations(read_json_lines(folder / run_files::kExaminations, run.warnings));
  run.by_step = std::ranges::adjacent_find(run.examinations, std::equal_to<>(), &Examination::epoch) !=
                run.examinations.end();
  const Json verdicts = read_json(folder / run_files::kVerdicts, run.warnings);
  run.diagnosed = verdicts.is_array();
  run.verdicts = to_verdicts(verdicts);
  run.evaluation = to_evaluation(read_json(folder / run_files::kEvaluation, run.warnings));
  if (run.summary.is_object() && run.summary.contains("test_loss") && run.summary["test_loss"].is_null())
    drop_test_figures(run);
  run.headline = headline_of(run);
  run.activations = to_curves(read_json(folder / run_files::kActivations, run.warnings));
  run.first_weights = to_first_weights(read_json(folder / run_files::kFirstWeights, run.warnings));
  return run;
}

// The trainer holds a lock on the folder. Asking takes a shared one for an instant.
bool is_training(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool held = ::flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(descriptor);
  return held;
}

std::vector<std::pair<std::string, std::string>> settings_of(const std::string& yaml) {
  std::vector<std::pair<std::string, std::string>> settings;
  std::vector<std::pair<size_t, std::string>> sections;  // indentation and name, from the outside in
  for (size_t begin = 0; begin < yaml.size();) {
    const size_t end = std::min(yaml.find('\n', begin), yaml.size());
    const std::string line = yaml.substr(begin, end - begin);
    begin = end + 1;
    const size_t indent = line.find_first_not_of(' ');
    const size_t colon = line.find(':');
    if (indent == std::string::npos || line[indent] == '#' || line[indent] == '-' ||
        colon == std::string::npos)
      continue;
    while (!sections.empty() && sections.back().first >= indent) sections.pop_back();
    std::string key;
    for (const auto& section : sections) key += section.second + ".";
    const std::string name = line.substr(indent, colon - indent);
    const size_t value = line.find_first_not_of(' ', colon + 1);
    if (value == std::string::npos) {
      if (sections.size() < 16) sections.emplace_back(indent, name);
    } else {
      settings.emplace_back(key + name, line.substr(value));
    }
  }
  return settings;
}

}  // namespace actlab::report

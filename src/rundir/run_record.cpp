#include "rundir/run_record.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "core/file.h"
#include "core/median.h"
#include "rundir/files.h"

namespace actlab {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// Empty where there is no such file.
std::string text_of(const fs::path& file) {
  return fs::is_regular_file(file) ? read_text(file, ExitStatus::kFailed) : "";
}

json parse(const std::string& text) {
  return json::parse(text, nullptr, /*allow_exceptions=*/false);
}

// The values of a file with one a line. A last line without its end is half a line, which a kill leaves.
// Throws Error (1) naming a damaged one.
std::vector<json> read_lines(const fs::path& file) {
  const std::string text = text_of(file);
  std::vector<json> lines;
  for (size_t begin = 0, end = 0; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    lines.push_back(parse(text.substr(begin, end - begin)));
    if (lines.back().is_object()) continue;
    throw Error(ExitStatus::kFailed, file.string() + ": line " + std::to_string(lines.size()) +
                                         " is damaged; delete it and what follows to go on");
  }
  return lines;
}

std::optional<double> number(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number()) return std::nullopt;
  return found->get<double>();
}

// Mean of that key over the layers that have it.
std::optional<double> mean_over_layers(const json& examination, const char* key) {
  const auto layers = examination.find("layers");
  if (layers == examination.end() || !layers->is_array()) return std::nullopt;
  double sum = 0;
  int64_t count = 0;
  for (const auto& layer : *layers) {
    const auto value = layer.is_object() ? number(layer, key) : std::nullopt;
    if (!value) continue;
    sum += *value;
    ++count;
  }
  if (count == 0) return std::nullopt;
  return sum / static_cast<double>(count);
}

}  // namespace

RunRecord read_run(const fs::path& run) {
  RunRecord record;
  const json summary = parse(text_of(run / run_files::kSummary));
  if (summary.is_object()) {
    record.finished = true;
    if (summary.contains("headline")) record.headline = headline_from_json(summary["headline"]);
    record.test_value = number(summary, ("test_" + record.headline.name).c_str());
    record.test_loss = number(summary, "test_loss");
  }
  // Written by a version that took NaN, for which JSON has null, for a loss like any other.
  if (record.finished && summary.contains("test_loss") && summary["test_loss"].is_null())
    record.divergence = "its test loss is NaN or Inf";
  if (fs::exists(run / run_files::kDivergence)) record.divergence = text_of(run / run_files::kDivergence);
  std::vector<double> seconds;
  for (const auto& epoch : read_lines(run / run_files::kEpochLines)) {
    ++record.epochs;
    if (const auto value = number(epoch, "seconds")) seconds.push_back(*value);
  }
  record.seconds_per_epoch = median(std::move(seconds));
  const auto examinations = read_lines(run / run_files::kExaminations);
  if (!examinations.empty()) {
    record.dead = mean_over_layers(examinations.back(), "dead");
    record.saturated = mean_over_layers(examinations.back(), "saturated");
    record.off = mean_over_layers(examinations.back(), "off");
  }
  return record;
}

}  // namespace actlab

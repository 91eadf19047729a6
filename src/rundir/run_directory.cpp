#include "rundir/run_directory.h"

#include <algorithm>
#include <utility>

#include "core/error.h"
#include "core/file.h"
#include "core/log.h"

namespace actlab {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const std::string kValidation = "validation_";

// Column names of metrics.csv and keys of metrics.jsonl, in order.
nlohmann::ordered_json to_json(const EpochRow& row) {
  const auto or_null = [](const std::optional<double>& value) {
    return value ? json(*value) : json(nullptr);
  };
  return {{"epoch", row.epoch},
          {"step", row.step},
          {"train_loss", row.train_loss},
          {"validation_loss", or_null(row.validation_loss)},
          {kValidation + row.headline.name, or_null(row.validation_headline)},
          {"learning_rate", row.learning_rate},
          {"samples_per_second", row.samples_per_second},
          {"seconds", row.seconds}};
}

// The key of the headline's figure on the validation data.
std::string headline_key(const json& in) {
  for (const auto& [key, value] : in.items()) {
    if (key.starts_with(kValidation) && key != kValidation + "loss") return key;
  }
  return kValidation + Headline().name;
}

EpochRow to_row(const json& in) {
  const auto optional = [&](const std::string& key) {
    return in.at(key).is_null() ? std::nullopt : std::optional<double>(in.at(key).get<double>());
  };
  const std::string key = headline_key(in);
  return {in.at("epoch").get<int64_t>(),
          in.at("step").get<int64_t>(),
          in.at("train_loss").get<double>(),
          optional("validation_loss"),
          known_headline(key.substr(kValidation.size())),
          optional(key),
          in.at("learning_rate").get<double>(),
          in.at("samples_per_second").get<double>(),
          in.at("seconds").get<double>()};
}

std::vector<EpochRow> read_rows(const fs::path& file) {
  std::vector<EpochRow> rows;
  if (!fs::exists(file)) return rows;
  const std::string text = read_text(file, ExitStatus::kFailed);
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    try {
      rows.push_back(to_row(json::parse(text.substr(begin, end - begin))));
    } catch (const json::exception&) {
      throw Error(ExitStatus::kFailed, file.string() + ": line " + std::to_string(rows.size() + 1) +
                                           " is damaged; delete it and what follows to go on");
    }
    begin = end + 1;
  }
  return rows;
}

// Another config may be called "name-2": then that folder's run.json says so. A run killed at its very start
// has none.
bool belongs_to(const fs::path& run, const std::string& name) {
  const fs::path file = run / run_files::kRun;
  if (!fs::exists(file)) return true;
  const json parsed = json::parse(read_text(file, ExitStatus::kFailed), nullptr, /*allow_exceptions=*/false);
  return parsed.is_object() && parsed.value("name", "") == name;
}

}  // namespace

RunDirectory::RunDirectory(fs::path path) : path_(std::move(path)), lock_(path_, "training") {
  make_folders(path_ / run_files::kCheckpoints);
}

RunDirectory RunDirectory::create(const fs::path& root, const std::string& name) {
  return RunDirectory(make_numbered_folder(root, name));
}

RunDirectory RunDirectory::open(const fs::path& path) {
  RunDirectory run(path);
  run.rows_ = read_rows(path / run_files::kEpochLines);
  return run;
}

std::optional<fs::path> RunDirectory::newest(const fs::path& root, const std::string& name) {
  return newest_numbered_folder(root, name, [&](const fs::path& run) { return belongs_to(run, name); });
}

void RunDirectory::begin(const std::string& config, const json& run) const {
  log_to_file(path_ / run_files::kLog);
  // Of the run as it was: a run has them when it is done.
  for (const char* stale : {run_files::kSummary, run_files::kEvaluation, run_files::kVerdicts,
                            run_files::kActivations, run_files::kDivergence})
    fs::remove(path_ / stale);
  write_file_atomically(path_ / run_files::kConfig, config);
  write_file_atomically(path_ / run_files::kRun,
                        run.dump(2, ' ', false, json::error_handler_t::replace) + "\n");
}

void RunDirectory::write_text(const std::string& name, const std::string& text) const {
  write_file_atomically(path_ / name, text);
}

void RunDirectory::write_json(const std::string& name, const nlohmann::ordered_json& json) const {
  write_file_atomically(path_ / name, json.dump(-1, ' ', false, json::error_handler_t::replace) + "\n");
}

void RunDirectory::keep_epochs(int64_t epochs) {
  if (static_cast<int64_t>(rows_.size()) <= epochs) return;
  rows_.resize(static_cast<size_t>(epochs));
  write_rows();
}

void RunDirectory::add(const EpochRow& row) {
  rows_.push_back(row);
  write_rows();
}

// Both files whole each time: a kill never leaves half a row, and they are small.
void RunDirectory::write_rows() const {
  std::string lines;
  std::string csv;
  for (const auto& row : rows_) {
    const auto columns = to_json(row);
    lines += columns.dump() + "\n";
    std::string names;
    std::string values;
    for (const auto& [name, value] : columns.items()) {
      names += (names.empty() ? "" : ",") + name;
      values += (values.empty() ? "" : ",") + (value.is_null() ? std::string() : value.dump());
    }
    if (csv.empty()) csv = names + "\n";
    csv += values + "\n";
  }
  write_file_atomically(path_ / run_files::kEpochLines, lines);
  write_file_atomically(path_ / run_files::kEpochTable, csv);
}

}  // namespace actlab

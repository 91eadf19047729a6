#include "rundir/run_directory.h"

#include <algorithm>
#include <utility>

#include "core/error.h"
#include "core/file.h"
#include "core/log.h"
#include "rundir/starts.h"

namespace actlab {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using nlohmann::ordered_json;

const std::string kValidation = "validation_";

// Column names of metrics.csv and keys of metrics.jsonl, in order.
ordered_json to_json(const EpochRow& row) {
  const auto or_null = [](const std::optional<double>& value) {
    return value ? json(*value) : json(nullptr);
  };
  ordered_json json = {{"epoch", row.epoch},
                       {"step", row.step},
                       {"train_loss", row.train_loss},
                       {"validation_loss", or_null(row.validation_loss)},
                       {kValidation + row.headline.name, or_null(row.validation_headline)},
                       {"learning_rate", row.learning_rate},
                       {"samples_per_second", row.samples_per_second},
                       {"seconds", row.seconds}};
  for (const auto& [name, value] : row.more) json[name] = value;
  return json;
}

// The key of the headline's figure on the validation data: the first but for the loss.
std::string headline_key(const ordered_json& in) {
  for (const auto& [key, value] : in.items()) {
    if (key.starts_with(kValidation) && key != kValidation + "loss") return key;
  }
  return kValidation + Headline().name;
}

EpochRow to_row(const ordered_json& in) {
  const auto optional = [&](const std::string& key) {
    return in.at(key).is_null() ? std::nullopt : std::optional<double>(in.at(key).get<double>());
  };
  const std::string key = headline_key(in);
  EpochRow row{.epoch = in.at("epoch").get<int64_t>(),
               .step = in.at("step").get<int64_t>(),
               .train_loss = in.at("train_loss").get<double>(),
               .validation_loss = optional("validation_loss"),
               .headline = known_headline(key.substr(kValidation.size())),
               .validation_headline = optional(key),
               .more = {},
               .learning_rate = in.at("learning_rate").get<double>(),
               .samples_per_second = in.at("samples_per_second").get<double>(),
               .seconds = in.at("seconds").get<double>()};
  const ordered_json known = to_json(row);
  for (const auto& [name, value] : in.items()) {
    if (!known.contains(name) && value.is_number()) row.more.emplace_back(name, value.get<double>());
  }
  return row;
}

std::vector<EpochRow> read_rows(const fs::path& file) {
  std::vector<EpochRow> rows;
  if (!fs::exists(file)) return rows;
  const std::string text = read_text(file, ExitStatus::kFailed);
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    try {
      rows.push_back(to_row(ordered_json::parse(text.substr(begin, end - begin))));
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
  if (parsed.is_object()) return parsed.contains("name") && parsed["name"] == name;
  throw Error(ExitStatus::kFailed, file.string() + " is damaged; delete it to go on with this run");
}

// A folder of somebody else's may hold links, through which a run would write over their targets.
void check_own(const fs::path& run) {
  if (fs::is_symlink(run / run_files::kCheckpoints)) {
    throw Error(ExitStatus::kFailed,
                (run / run_files::kCheckpoints).string() +
                    " is a link to another folder, and only a folder of the run's own is written to; move "
                    "what it holds there");
  }
  for (const char* file : {run_files::kLog, run_files::kSteps, run_files::kExaminations})
    check_own_file(run / file);
}

}  // namespace

RunDirectory::RunDirectory(fs::path path) : path_(std::move(path)), lock_(path_, "training") {}

RunDirectory RunDirectory::create(const fs::path& root, const std::string& name) {
  return RunDirectory(make_numbered_folder(root, name));
}

RunDirectory RunDirectory::open(const fs::path& path) {
  RunDirectory run(path);
  check_own(path);
  run.rows_ = read_rows(path / run_files::kEpochLines);
  return run;
}

std::vector<fs::path> RunDirectory::all(const fs::path& root, const std::string& name) {
  return numbered_folders(root, name, [&](const fs::path& run) { return belongs_to(run, name); });
}

void RunDirectory::begin(const std::string& config, const ordered_json& run, int64_t from_step) {
  record_ = with_start(read_object(run_files::kRun), run, from_step);
  log_to_file(path_ / run_files::kLog);
  make_folders(path_ / run_files::kCheckpoints);
  // Of the run as it was: a run has them when it is done.
  for (const char* stale : {run_files::kSummary, run_files::kEvaluation, run_files::kVerdicts,
                            run_files::kActivations, run_files::kFirstWeights, run_files::kDivergence})
    fs::remove(path_ / stale);
  write_file_atomically(path_ / run_files::kConfig, config);
  write_record();
}

void RunDirectory::end(double seconds) {
  record_["starts"].back()["seconds"] = seconds;
  write_record();
}

void RunDirectory::write_record() const {
  write_file_atomically(path_ / run_files::kRun,
                        record_.dump(2, ' ', false, json::error_handler_t::replace) + "\n");
}

void RunDirectory::keep_generations(int64_t keep) const {
  for (int64_t to = keep - 1; to > 0; --to) {
    const fs::path from = run_files::last_checkpoint(path_, to - 1);
    if (fs::exists(from)) name_again(from, run_files::last_checkpoint(path_, to));
  }
}

ordered_json RunDirectory::read_object(const std::string& name) const {
  const fs::path file = path_ / name;
  if (!fs::exists(file)) return nullptr;
  // What is deeper than any of ours is left out: who walks the value may then recurse.
  constexpr int kDeepest = 16;
  auto parsed = ordered_json::parse(
      read_text(file, ExitStatus::kFailed),
      [](int depth, ordered_json::parse_event_t, ordered_json&) { return depth <= kDeepest; },
      /*allow_exceptions=*/false);
  return parsed.is_object() ? std::move(parsed) : ordered_json(nullptr);
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

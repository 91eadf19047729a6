#include "train/run_directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

#include "core/error.h"
#include "core/file.h"
#include "core/log.h"

namespace actlab {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// Column names of metrics.csv and keys of metrics.jsonl, in order.
nlohmann::ordered_json to_json(const EpochRow& row) {
  const auto or_null = [](const std::optional<double>& value) {
    return value ? json(*value) : json(nullptr);
  };
  return {{"epoch", row.epoch},
          {"step", row.step},
          {"train_loss", row.train_loss},
          {"validation_loss", or_null(row.validation_loss)},
          {"validation_accuracy", or_null(row.validation_accuracy)},
          {"learning_rate", row.learning_rate},
          {"samples_per_second", row.samples_per_second},
          {"seconds", row.seconds}};
}

EpochRow to_row(const json& in) {
  const auto optional = [&](const char* key) {
    return in.at(key).is_null() ? std::nullopt : std::optional<double>(in.at(key).get<double>());
  };
  return {in.at("epoch").get<int64_t>(),
          in.at("step").get<int64_t>(),
          in.at("train_loss").get<double>(),
          optional("validation_loss"),
          optional("validation_accuracy"),
          in.at("learning_rate").get<double>(),
          in.at("samples_per_second").get<double>(),
          in.at("seconds").get<double>()};
}

std::vector<EpochRow> read_rows(const fs::path& file) {
  std::vector<EpochRow> rows;
  if (!fs::exists(file)) return rows;
  const Bytes bytes = read_file(file, ExitStatus::kFailed);
  const std::string text(bytes.begin(), bytes.end());
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

// N of "name-N", 1 of "name", 0 of anything else.
int64_t number_of(const std::string& folder, const std::string& name) {
  if (folder == name) return 1;
  if (!folder.starts_with(name + "-")) return 0;
  const std::string digits = folder.substr(name.size() + 1);
  int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return error == std::errc() && end == digits.data() + digits.size() && number >= 2 ? number : 0;
}

// Another config may be called "name-2": then that folder's run.json says so. A run killed at its very start
// has none.
bool belongs_to(const fs::path& run, const std::string& name) {
  const fs::path file = run / "run.json";
  if (!fs::exists(file)) return true;
  const Bytes bytes = read_file(file, ExitStatus::kFailed);
  const json parsed = json::parse(bytes.begin(), bytes.end(), nullptr, /*allow_exceptions=*/false);
  return parsed.is_object() && parsed.value("name", "") == name;
}

int lock_folder(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0)
    throw Error(ExitStatus::kFailed, "cannot open " + path.string() + ": " + std::strerror(errno));
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    ::close(descriptor);
    throw Error(ExitStatus::kFailed, path.string() + " is in use: another process is training there");
  }
  return descriptor;
}

void make_folders(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error)
    throw Error(ExitStatus::kFailed, "cannot make the folder " + path.string() + ": " + error.message());
}

}  // namespace

RunDirectory::RunDirectory(fs::path path, int lock) : path_(std::move(path)), lock_(lock) {}

RunDirectory::RunDirectory(RunDirectory&& other) noexcept
    : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)), rows_(std::move(other.rows_)) {}

RunDirectory::~RunDirectory() {
  if (lock_ >= 0) ::close(lock_);
}

RunDirectory RunDirectory::create(const fs::path& root, const std::string& name) {
  make_folders(root);
  for (int64_t number = 1;; ++number) {
    const fs::path path = root / (number == 1 ? name : name + "-" + std::to_string(number));
    std::error_code error;
    // Only one of two processes that try at once makes the folder.
    if (fs::create_directory(path, error)) {
      RunDirectory run(path, lock_folder(path));
      make_folders(path / "checkpoints");
      return run;
    }
    if (error && error != std::errc::file_exists) {
      throw Error(ExitStatus::kFailed,
                  "cannot make the run directory " + path.string() + ": " + error.message());
    }
  }
}

RunDirectory RunDirectory::open(const fs::path& path) {
  RunDirectory run(path, lock_folder(path));
  make_folders(path / "checkpoints");
  run.rows_ = read_rows(path / "metrics.jsonl");
  return run;
}

std::optional<fs::path> RunDirectory::newest(const fs::path& root, const std::string& name) {
  std::optional<fs::path> found;
  int64_t highest = 0;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(root, error)) {
    const int64_t number = number_of(entry.path().filename().string(), name);
    if (number <= highest || !entry.is_directory() || !belongs_to(entry.path(), name)) continue;
    highest = number;
    found = entry.path();
  }
  return found;
}

void RunDirectory::begin(const std::string& config, const json& run) const {
  log_to_file(path_ / "log.txt");
  write_file_atomically(path_ / "config.yaml", config);
  write_file_atomically(path_ / "run.json", run.dump(2) + "\n");
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
  write_file_atomically(path_ / "metrics.jsonl", lines);
  write_file_atomically(path_ / "metrics.csv", csv);
}

}  // namespace actlab

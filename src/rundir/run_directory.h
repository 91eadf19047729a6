#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/folder.h"
#include "rundir/files.h"
#include "rundir/headline.h"

namespace actlab {

// One finished epoch, as metrics.jsonl and metrics.csv have it.
struct EpochRow {
  int64_t epoch = 0;  // from 1
  int64_t step = 0;   // of the run, after the epoch
  double train_loss = 0;
  std::optional<double> validation_loss;
  Headline headline;
  std::optional<double> validation_headline;
  // What else the config asks for, under the names that it has there: "test_loss", "validation_f1".
  std::vector<std::pair<std::string, double>> more;
  double learning_rate = 0;       // of the epoch's last step
  double samples_per_second = 0;  // training only
  double seconds = 0;             // training only
};

// The folder of one run: config.yaml, run.json, log.txt, metrics.jsonl, metrics.csv, checkpoints/. While an
// object lives, no other process can open the same folder for writing.
class RunDirectory {
 public:
  // Makes root/name, or root/name-2, ... where those exist. Throws Error (1) when it cannot.
  static RunDirectory create(const std::filesystem::path& root, const std::string& name);

  // Opens an existing run to write on in it, and changes nothing yet. Throws Error (1) when another process
  // is writing there, or when a file or folder that is written on in is a link to elsewhere.
  static RunDirectory open(const std::filesystem::path& path);

  // The runs of that name under root, the newest last.
  static std::vector<std::filesystem::path> all(const std::filesystem::path& root, const std::string& name);

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path best_checkpoint() const { return run_files::best_checkpoint(path_); }
  std::filesystem::path last_checkpoint() const { return run_files::last_checkpoint(path_); }

  // The first call that changes anything. Writes config.yaml and run.json, which keeps the starts of before
  // (starts.h), and logs into log.txt from now on.
  void begin(const std::string& config, const nlohmann::ordered_json& run, int64_t from_step);
  // Writes down how long this start has taken.
  void end(double seconds);

  // Makes room for a new last checkpoint: the one that is there becomes the generation before it, as many of
  // them as `keep` says, the newest counted. At any time there is a last one.
  void keep_generations(int64_t keep) const;

  // What the run gave when it was finished (summary.json); null while there is none.
  nlohmann::ordered_json summary() const { return read_object(run_files::kSummary); }
  // The JSON object in a file of that name; null where there is none.
  nlohmann::ordered_json read_object(const std::string& name) const;

  // Writes a file of that name, whole or not at all.
  void write_text(const std::string& name, const std::string& text) const;
  void write_json(const std::string& name, const nlohmann::ordered_json& json) const;

  // Epochs recorded so far.
  const std::vector<EpochRow>& rows() const { return rows_; }

  // Forgets rows of later epochs, which a resumed run will write again.
  void keep_epochs(int64_t epochs);
  void add(const EpochRow& row);

 private:
  explicit RunDirectory(std::filesystem::path path);
  void write_rows() const;
  void write_record() const;

  std::filesystem::path path_;
  FolderLock lock_;
  nlohmann::ordered_json record_;  // run.json
  std::vector<EpochRow> rows_;
};

}  // namespace actlab

#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
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

  // Opens an existing run to write on in it. Throws Error (1) when another process is writing there.
  static RunDirectory open(const std::filesystem::path& path);

  // The newest of the runs of that name under root, if there is one.
  static std::optional<std::filesystem::path> newest(const std::filesystem::path& root,
                                                     const std::string& name);

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path best_checkpoint() const { return path_ / run_files::kCheckpoints / run_files::kBest; }
  std::filesystem::path last_checkpoint() const { return run_files::last_checkpoint(path_); }

  // Writes config.yaml and run.json, and logs into log.txt from now on.
  void begin(const std::string& config, const nlohmann::json& run) const;

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

  std::filesystem::path path_;
  FolderLock lock_;
  std::vector<EpochRow> rows_;
};

}  // namespace actlab

#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

// What lies in a run directory; docs/report.md has the fields. Written by RunDirectory, the journal and
// `train`, read by history.h and run_record.h.
namespace actlab::run_files {

inline constexpr const char* kConfig = "config.yaml";
inline constexpr const char* kRun = "run.json";  // what ran, where, and on which data
inline constexpr const char* kLog = "log.txt";
inline constexpr const char* kEpochLines = "metrics.jsonl";        // a line an epoch
inline constexpr const char* kEpochTable = "metrics.csv";          // the same
inline constexpr const char* kSteps = "steps.csv";                 // a line a step
inline constexpr const char* kExaminations = "diagnostics.jsonl";  // a line an examination
inline constexpr const char* kCheckpoints = "checkpoints";         // the folder of the next two
inline constexpr const char* kBest = "best.safetensors";
inline constexpr const char* kLast = "last.safetensors";  // with last-1, last-2, ... before it
// Once the run has ended:
inline constexpr const char* kSummary = "summary.json";
inline constexpr const char* kEvaluation = "evaluation.json";
inline constexpr const char* kVerdicts = "verdicts.json";
inline constexpr const char* kActivations = "activations.json";
inline constexpr const char* kFirstWeights = "first_weights.json";  // where they are pictures
inline constexpr const char* kReport = "report.html";
inline constexpr const char* kDivergence = "diverged.txt";  // why, where training diverged

// `generation` 0 is the newest one, 1 the one before: last-1.safetensors.
inline std::filesystem::path last_checkpoint(const std::filesystem::path& run, int64_t generation = 0) {
  const std::string before = "last-" + std::to_string(generation) + ".safetensors";
  return run / kCheckpoints / (generation == 0 ? kLast : before);
}
inline std::filesystem::path best_checkpoint(const std::filesystem::path& run) {
  return run / kCheckpoints / kBest;
}

}  // namespace actlab::run_files

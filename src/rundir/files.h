#pragma once

#include <filesystem>

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
inline constexpr const char* kLast = "last.safetensors";
// Once the run has ended:
inline constexpr const char* kSummary = "summary.json";
inline constexpr const char* kEvaluation = "evaluation.json";
inline constexpr const char* kVerdicts = "verdicts.json";
inline constexpr const char* kActivations = "activations.json";
inline constexpr const char* kDivergence = "diverged.txt";  // why, where training diverged

inline std::filesystem::path last_checkpoint(const std::filesystem::path& run) {
  return run / kCheckpoints / kLast;
}

}  // namespace actlab::run_files

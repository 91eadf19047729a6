#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "compare/candidates.h"
#include "compare/comparison.h"

namespace actlab::app {

// The same training over activations and seeds.
struct CompareRequest {
  std::filesystem::path config;
  std::vector<std::string> overrides = {};
  std::vector<Candidate> candidates;
  int64_t seeds = 5;                    // the config's and those after it
  std::optional<size_t> baseline = {};  // of the candidates; the best where none is given
  std::optional<int64_t> jobs = {};     // at a time
  bool resume = false;                  // go on with the newest comparison of this config
};

struct CompareResult {
  std::filesystem::path folder;
  Comparison comparison;
  int stopped = 0;              // by that signal; the comparison then says nothing yet
  nlohmann::ordered_json json;  // what `compare --json` prints
};

// Trains every candidate with every seed, and writes compare.json, table.md and a report. Throws Error: (2)
// when the request or the config is wrong, or other than what is to be resumed, (3) for the data, or with the
// message and status of a run that fails.
CompareResult compare(const CompareRequest& request);

}  // namespace actlab::app

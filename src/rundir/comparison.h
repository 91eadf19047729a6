#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "rundir/headline.h"
#include "rundir/tolerant.h"

// What a comparison directory tells: compare.json, and the run directories it names.
namespace actlab::report {

// NaN and none where the file has null.
struct Spread {
  double mean = 0;
  double sd = 0;
  std::optional<double> low;  // 95 % interval
  std::optional<double> high;
};

struct ComparedRun {
  std::string seed;
  double test_value = 0;       // of the headline
  std::filesystem::path path;  // where it is now; empty where it is nowhere
};

struct ComparisonRow {
  std::string activation;
  Spread score;  // the headline's
  Spread loss;
  Spread difference;  // to the baseline, paired by seed
  double p_holm = 0;
  double probability_best = 0;
  double seconds_per_epoch = 0;
  double dead = 0;
  double saturated = 0;
  double off = 0;
  double diverged = 0;
  std::vector<ComparedRun> runs;
};

struct Comparison {
  std::filesystem::path path;
  std::string baseline;
  bool baseline_chosen_by_data = false;
  Headline headline;
  std::vector<std::string> seeds;
  double epochs = 0;
  std::vector<ComparisonRow> rows;
  std::vector<std::string> notes;
  Warnings warnings;
};

bool is_comparison(const std::filesystem::path& folder);

// Never throws for what the file holds.
Comparison read_comparison(const std::filesystem::path& folder);

}  // namespace actlab::report

#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "compare/statistics.h"
#include "rundir/run_record.h"

namespace actlab {

// One activation, over all seeds. Runs that diverged count in `diverged` and nowhere else.
struct ComparisonRow {
  std::string activation;
  Summary score;  // the headline's, on the test data
  Summary loss;
  std::optional<PairedDifference> difference;  // of the score to the baseline's; none for the baseline
  std::optional<double> p_holm;
  std::optional<double> probability_best;
  std::optional<double> seconds_per_epoch;     // mean over the runs
  std::optional<double> dead, saturated, off;  // mean over layers and runs, at the end of training
  int64_t diverged = 0;
  std::vector<RunRecord> runs;     // one a seed
  std::vector<std::string> names;  // of their directories
};

struct Comparison {
  std::vector<int64_t> seeds;
  std::optional<std::string> baseline;  // none where every run diverged
  bool baseline_chosen_by_data = false;
  Headline headline;
  std::vector<ComparisonRow> rows;  // best mean score first
  std::vector<std::string> notes;   // what the figures can and cannot show, a sentence or two each
};

// An activation's runs, one a seed.
struct Contender {
  std::string activation;
  std::vector<RunRecord> runs;
  std::vector<std::string> names;
};

// Makes the rows and the notes. `baseline` is a place in `contenders`; without one it is the best mean. Equal
// runs, times aside, give an equal result.
Comparison compare_runs(const std::vector<Contender>& contenders, const std::vector<int64_t>& seeds,
                        std::optional<size_t> baseline);

// {baseline, baseline_chosen_by_data, seeds, rows, notes}, as compare.json has them; undefined figures are
// null.
nlohmann::ordered_json to_json(const Comparison& comparison);

}  // namespace actlab

#include "rundir/comparison.h"

#include "rundir/history.h"

namespace actlab::report {
namespace {

namespace fs = std::filesystem;

Spread to_spread(const Json& in) {
  Spread spread{number(in, "mean"), number(in, "sd"), std::nullopt, std::nullopt};
  const Json& interval = member(in, "ci95");
  if (interval.is_array() && interval.size() == 2 && interval[0].is_number() && interval[1].is_number()) {
    spread.low = interval[0].get<double>();
    spread.high = interval[1].get<double>();
  }
  return spread;
}

// The folder as named, or beside compare.json where the whole was moved.
fs::path find_run(const fs::path& comparison, const std::string& named) {
  if (named.empty()) return {};
  const fs::path run = comparison / fs::path(named).filename();
  return is_run(run) ? run : fs::path();
}

ComparisonRow to_row(const Json& in, const fs::path& folder, const std::string& score) {
  ComparisonRow row;
  row.activation = text(in, "activation");
  row.score = to_spread(member(in, score));
  row.loss = to_spread(member(in, "test_loss"));
  row.difference = to_spread(member(in, "difference"));
  row.p_holm = number(in, "p_holm");
  row.probability_best = number(in, "probability_best");
  row.seconds_per_epoch = number(in, "seconds_per_epoch");
  row.dead = number(in, "dead");
  row.saturated = number(in, "saturated");
  row.off = number(in, "off");
  row.diverged = number(in, "diverged");
  const Json& runs = member(in, "runs");
  if (!runs.is_array()) return row;
  for (const auto& run : runs)
    row.runs.push_back({text(run, "seed"), number(run, score), find_run(folder, text(run, "run"))});
  return row;
}

}  // namespace

bool is_comparison(const fs::path& folder) {
  std::error_code ignored;
  return fs::is_regular_file(folder / "compare.json", ignored);
}

Comparison read_comparison(const fs::path& folder) {
  Comparison comparison;
  comparison.path = fs::absolute(folder).lexically_normal();
  if (!comparison.path.has_filename()) comparison.path = comparison.path.parent_path();
  const Json in = read_json(folder / "compare.json", comparison.warnings);
  comparison.baseline = text(in, "baseline");
  comparison.baseline_chosen_by_data = truth(in, "baseline_chosen_by_data");
  comparison.headline = headline_from_json(member(in, "headline"));
  comparison.seeds = texts(member(in, "seeds"));
  comparison.epochs = number(in, "epochs");
  comparison.notes = texts(member(in, "notes"));
  const Json& rows = member(in, "rows");
  if (rows.is_array()) {
    const std::string score = "test_" + comparison.headline.name;
    for (const auto& row : rows) comparison.rows.push_back(to_row(row, folder, score));
  }
  return comparison;
}

}  // namespace actlab::report

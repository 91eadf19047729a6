#include "train/watch.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "core/error.h"
#include "core/suggest.h"
#include "core/text.h"

namespace actlab {
namespace {

const std::string kValidation = "validation_";
const char* const kTrainLoss = "train_loss";
const char* const kValidationLoss = "validation_loss";

// Names of a task's figures that are single numbers, those without a value among them.
std::vector<std::string> scalars_of(const Task& task) {
  std::vector<std::string> names;
  const auto figures = task.scores(/*detailed=*/false)->to_json();
  for (const auto& [name, value] : figures.items()) {
    if (!value.is_structured()) names.push_back(name);
  }
  return names;
}

bool larger_is_better(const std::string& figure, const Headline& headline) {
  if (!figure.starts_with(kValidation)) return false;
  const std::string name = figure.substr(kValidation.size());
  if (name == headline.name) return headline.larger_is_better;
  constexpr std::array kUp = {"accuracy", "precision", "recall", "f1", "auc", "r2"};
  return std::ranges::find(kUp, name) != kUp.end();
}

}  // namespace

double Watch::value_of(const EpochRow& row) const {
  std::optional<double> value;
  if (figure == kTrainLoss) value = row.train_loss;
  if (figure == kValidationLoss) value = row.validation_loss;
  if (figure == kValidation + row.headline.name) value = row.validation_headline;
  for (const auto& [name, number] : row.more) {
    if (name == figure) value = number;
  }
  if (value && std::isfinite(*value)) return *value;
  throw Error(ExitStatus::kData,
              "train.watch: " + figure + " has no value on these data; watch another figure");
}

bool Watch::last_is_best(const std::vector<double>& values) const {
  const double last = values.back();
  return std::all_of(values.begin(), values.end() - 1,
                     [&](double value) { return larger_is_better ? last > value : last < value; });
}

Watch watch_of(const TrainOptions& options, const Task& task, bool has_validation) {
  if (!options.watch.value) return {has_validation ? kValidationLoss : "", false, false};
  const std::string& figure = *options.watch.value;
  std::vector<std::string> known = {kTrainLoss, kValidationLoss};
  for (const auto& name : scalars_of(task)) known.push_back(kValidation + name);
  const std::string what = "; what can be watched: " + join(known);
  if (figure.starts_with("test_"))
    throw Error(ExitStatus::kUsage,
                "train.watch: '" + figure + "' is of test data, which choose nothing" + what);
  if (std::ranges::find(known, figure) == known.end())
    throw Error(ExitStatus::kUsage,
                "train.watch: '" + figure + "' is not recorded" + did_you_mean(figure, known) + what);
  if (figure.starts_with(kValidation) && !has_validation)
    throw Error(ExitStatus::kUsage,
                "train.watch: " + figure + " needs validation data; hold some out with data.validation=0.1");
  return {figure, larger_is_better(figure, task.headline()), true};
}

bool stops_early(const EarlyStoppingOptions& options, const std::vector<double>& values,
                 bool larger_is_better) {
  if (options.patience == 0) return false;
  const double sign = larger_is_better ? -1 : 1;
  double best = std::numeric_limits<double>::infinity();
  int64_t stale = 0;
  for (const double value : values) {
    const bool better = sign * value < best - options.min_delta;
    if (better) best = sign * value;
    stale = better ? 0 : stale + 1;
    if (stale >= options.patience) return true;
  }
  return false;
}

}  // namespace actlab

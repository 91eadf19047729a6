#include "train/run_journal.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/log.h"

namespace actlab {
namespace {

// As short as reads back the same.
std::string text_of(double value) {
  return nlohmann::json(value).dump();
}

// Both are -1 where the line is damaged.
int64_t step_of_csv(const std::string& line) {
  int64_t step = -1;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), step);
  return error == std::errc() && std::count(line.begin(), line.end(), ',') == 2 ? step : -1;
}

int64_t step_of_json(const std::string& line) {
  try {
    const auto json = nlohmann::json::parse(line);
    return json.at("layers").is_array() && json.at("step").is_number_integer()
               ? examination_from_json(json).step
               : -1;
  } catch (const nlohmann::json::exception&) {
    return -1;
  }
}

}  // namespace

RunJournal::RunJournal(RunDirectory& run, const TrainState& state, int64_t keep, bool replace_last)
    : run_(run),
      epochs_(state.epoch),
      keep_(keep),
      replace_last_(replace_last),
      steps_(run.path() / run_files::kSteps, "step,loss,learning_rate"),
      diagnostics_(run.path() / run_files::kExaminations) {
  steps_.read(state.step, step_of_csv);
  for (const auto& line : diagnostics_.read(state.step, step_of_json)) {
    examinations_.push_back(examination_from_json(nlohmann::json::parse(line)));
  }
}

void RunJournal::forget_later() {
  if (std::ssize(run_.rows()) > epochs_) {
    log_warning("epochs after " + std::to_string(epochs_) + " are trained again");
    run_.keep_epochs(epochs_);
  }
  steps_.cut();
  diagnostics_.cut();
}

void RunJournal::step(const StepRecord& record, const TrainState&) {
  steps_.add(std::to_string(record.step) + "," + text_of(record.loss) + "," + text_of(record.learning_rate));
}

void RunJournal::examined(const Examination& examination) {
  diagnostics_.add(to_json(examination).dump());
  diagnostics_.flush();
}

void RunJournal::epoch(const EpochRow& row, bool) {
  steps_.flush();
  run_.add(row);
}

void RunJournal::save(const Checkpoint& checkpoint, Saved as) {
  steps_.flush();
  if (as == Saved::kBest) return save_checkpoint(run_.best_checkpoint(), checkpoint);
  if (!std::exchange(replace_last_, false)) run_.keep_generations(keep_);
  save_checkpoint(run_.last_checkpoint(), checkpoint);
}

void RunJournal::end() {
  steps_.flush();
}

}  // namespace actlab

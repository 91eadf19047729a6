#include "app/resumption.h"

#include "core/error.h"
#include "core/log.h"
#include "core/number_text.h"
#include "core/text.h"
#include "train/evaluator.h"
#include "train/resume.h"

namespace actlab::app {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

// "epoch 2 of 10 and 37 steps"
std::string standing(const StoredRun& stored) {
  const TrainState& state = stored.state;
  return "epoch " + std::to_string(state.epoch) + " of " + std::to_string(stored.config.train.epochs) +
         (state.batch > 0 ? " and " + counted(state.batch, "step") : "");
}

std::optional<double> number_in(const ordered_json& json, const std::string& key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_number() ? std::optional(found->get<double>()) : std::nullopt;
}

// Whether it is what TrainResult::to_json gives of a finished run in that state.
bool is_summary(const ordered_json& summary, const TrainState& state) {
  if (!summary.is_object() || !number_in(summary, "samples_per_second") || !number_in(summary, "seconds"))
    return false;
  const auto headline = summary.find("headline");
  return headline != summary.end() && headline->is_object() && number_in(*headline, "value") &&
         number_in(summary, "test_loss") && number_in(summary, "epochs") == static_cast<double>(state.epoch);
}

// In words, as the run said it.
std::string test_text_of(const RunDirectory& run, const TrainResult& result) {
  Evaluation evaluation;
  evaluation.headline = result.headline;
  evaluation.value = *result.test_value;
  const ordered_json record = run.read_object(run_files::kEvaluation);
  const auto interval = record.find(result.headline.name + "_ci95");
  if (interval != record.end() && interval->is_array() && interval->size() == 2 &&
      interval->at(0).is_number() && interval->at(1).is_number())
    evaluation.interval = {interval->at(0).get<double>(), interval->at(1).get<double>()};
  return headline_text(evaluation);
}

// A run directory may have been moved since.
void update_paths(ordered_json& summary, const TrainResult& result) {
  if (summary.contains("run_dir") && summary["run_dir"] == result.run_dir.string()) return;
  summary["run_dir"] = result.run_dir.string();
  summary["checkpoint"] = result.best_checkpoint.value_or(result.last_checkpoint).string();
  summary["last_checkpoint"] = result.last_checkpoint.string();
  if (result.report) summary["report"] = result.report->string();
}

}  // namespace

std::optional<Resumption> load_resumption(const ResumePoint& point) {
  for (const auto& file : point.checkpoints) {
    Checkpoint checkpoint;
    try {
      checkpoint = load_checkpoint(file);
    } catch (const Error& e) {
      if (point.named_file) throw;
      log_warning(e.what());
      continue;
    }
    const bool from_last = file.filename() == run_files::kLast;
    if (!from_last && !point.named_file) {
      log_warning("going on from " + file.string() + " instead of " + run_files::kLast +
                  ", which is missing or damaged; what came after it is trained again");
    }
    return Resumption{check_stored(std::move(checkpoint), file.string()), from_last};
  }
  if (point.checkpoints.empty()) return std::nullopt;
  throw Error(ExitStatus::kFailed,
              "cannot resume " + point.run->string() +
                  ": none of its checkpoints is whole; start a new run without --resume");
}

void tell_resumption(const ResumePoint& point, const StoredRun& stored, const Config& config) {
  const fs::path run = point.run.value_or(stored.name);
  const bool longer = config.train.epochs > stored.config.train.epochs;
  log_info("resuming " + run.filename().string() + " (" + standing(stored) + ")" +
           (longer ? ", now to " + std::to_string(config.train.epochs) : "") + ", in " +
           run.parent_path().string());
  if (!point.others.empty()) {
    std::vector<std::string> names;
    for (const auto& other : point.others) names.push_back(other.filename().string());
    log_info("older runs of this name, which --resume PATH goes on with: " + join(names));
  }
  const auto moved = differences_of_place(stored.config, config);
  if (moved.empty()) return;
  log_warning(
      "going on elsewhere: " + join(moved) +
      "; the data are the same, but the checkpoints' bytes will not be those of a run that stayed: they "
      "name where the data lie, and other threads add up in another order");
}

std::optional<TrainResult> finished_before(const RunDirectory& run, const Trainer& trainer,
                                           TrainResult result) {
  ordered_json summary = run.summary();
  if (!trainer.finished() || !is_summary(summary, trainer.state())) return std::nullopt;
  result.test_loss = number_in(summary, "test_loss");
  result.test_value = number_in(summary["headline"], "value");
  result.test_text = test_text_of(run, result);
  result.samples_per_second = *number_in(summary, "samples_per_second");
  result.seconds = *number_in(summary, "seconds");
  if (const auto report = summary.find("report"); report != summary.end() && report->is_string())
    result.report = run.path() / run_files::kReport;
  update_paths(summary, result);
  result.summary = std::move(summary);
  return result;
}

void tell_finished(const Trainer& trainer, const TrainOptions& options) {
  const int64_t epochs = trainer.state().epoch;
  std::string text = "already trained: ";
  if (epochs < options.epochs) text += "stopped early after ";
  text += std::to_string(epochs) + " of " + counted(options.epochs, "epoch");
  if (epochs >= options.epochs) text += "; more with train.epochs=" + std::to_string(2 * options.epochs);
  log_info(text);
}

}  // namespace actlab::app

#include "app/training.h"

#include "app/catalogue.h"
#include "app/resume_point.h"
#include "checkpoint/checkpoint.h"
#include "config/emit.h"
#include "core/log.h"
#include "core/machine.h"
#include "core/median.h"
#include "core/stopwatch.h"
#include "core/text.h"
#include "data/registry.h"
#include "diagnose/verdict.h"
#include "report/page.h"
#include "train/activation_record.h"
#include "train/device.h"
#include "train/model_state.h"
#include "train/run_journal.h"

namespace actlab::app {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

// `auto` means what the interrupted run found.
void adopt_machine(Config& config, const Config& stored) {
  if (config.device == "auto") config.device = stored.device;
  if (!config.threads.value) config.threads = stored.threads;
}

double median_speed(const std::vector<EpochRow>& rows) {
  std::vector<double> speeds;
  for (const auto& row : rows) {
    if (row.samples_per_second > 0) speeds.push_back(row.samples_per_second);
  }
  return median(speeds).value_or(0);
}

double training_seconds(const std::vector<EpochRow>& rows) {
  double sum = 0;
  for (const auto& row : rows) sum += row.seconds;
  return sum;
}

ordered_json record_of(const Config& config, const DataParts& data, const std::string& command) {
  return {{"name", config.run.name},
          {"command", command},
          {"started", utc_time()},
          {"actlab", ACTLAB_VERSION},
          {"libtorch", libtorch_version()},
          {"machine", machine()},
          {"device", config.device},
          {"threads", *config.threads.value},
          {"seed", config.seed},
          {"data",
           {{"fingerprint", data.fingerprint},
            {"train", data.train.size()},
            {"validation", data.validation.size()},
            {"test", data.test.size()},
            {"classes", data.class_names}}}};
}

// A checkpoint that was copied out of its run directory and resumed leaves the best one behind.
fs::path best_or_last(const RunDirectory& run) {
  if (fs::exists(run.best_checkpoint())) return run.best_checkpoint();
  log_warning(run.best_checkpoint().string() + " is not there; the last checkpoint stands in for it");
  return run.last_checkpoint();
}

// Writes what reports are made of, beside the metrics.
void record_findings(const RunDirectory& run, const Config& config, const Trainer& trainer,
                     const Model& model, const std::string& divergence = "") {
  run.write_json(run_files::kActivations, record_activations(model));
  const Findings findings{trainer.monitor()->examinations(), nullptr, trainer.state().train_losses,
                          divergence};
  ordered_json verdicts = ordered_json::array();
  if (!findings.history.empty()) {
    TrainingSetup setup = setup_of(config);
    trainer.task().describe(setup);
    for (const auto& verdict : judge(setup, findings)) {
      verdicts.push_back(to_json(verdict));
      if (verdict.name == "healthy" || !divergence.empty()) continue;  // an error says that soon
      log_warning(verdict.name + ": " + verdict.evidence +
                  "; actlab diagnose tells more, its --try tries remedies");
    }
  }
  run.write_json(run_files::kVerdicts, verdicts);
}

// Whether there is one now: without it the run is done all the same.
bool try_to_report(const RunDirectory& run, const fs::path& report) {
  try {
    write_report({run.path()}, report);
    return true;
  } catch (const Error& e) {
    log_warning(std::string("there is no report: ") + e.what());
    return false;
  }
}

// What there is to learn from it: why, what the layers were like, how the loss went.
void record_divergence(const RunDirectory& run, const Config& config, const Trainer& trainer,
                       const Model& model, const std::string& why) {
  run.write_text(run_files::kDivergence, why);
  if (trainer.monitor() != nullptr) record_findings(run, config, trainer, model, why);
  try_to_report(run, default_report_path({run.path()}));
}

void describe_start(const Config& config, const DataParts& data, const RunDirectory& run,
                    const Trainer& trainer) {
  log_info(component_type(config.model) + " on " + component_type(config.data) + ": " +
           std::to_string(data.train.size()) + " training, " + std::to_string(data.validation.size()) +
           " validation, " + std::to_string(data.test.size()) + " test examples; " + config.device + ", " +
           std::to_string(*config.threads.value) + (*config.threads.value == 1 ? " thread" : " threads"));
  const bool fresh = trainer.state().step == 0;
  log_info((fresh ? "run directory " : "resuming at step " + std::to_string(trainer.state().step) + " in ") +
           run.path().string());
}

void log_share_of(const Monitor& monitor) {
  constexpr double kMuch = 0.03;
  constexpr double kLong = 1;  // of a run that is over at once, a large share is little
  if (monitor.examinations().empty()) return;
  const bool much = monitor.share() > kMuch && monitor.seconds() > kLong;
  log_info(formatted("diagnosis took %.1f %% of the time", 100 * monitor.share()) +
           (much ? "; less with diagnose.examples or diagnose.every" : ""));
}

// The checkpoint that a run goes on from, and its config.
struct Stored {
  Checkpoint checkpoint;
  Config config;
  std::string name;
};

std::optional<Stored> load_stored(const ResumePoint& point) {
  if (!point.checkpoint) return std::nullopt;
  Stored stored{load_checkpoint(*point.checkpoint), {}, point.checkpoint->string()};
  Problems problems;
  stored.config = parse_checked_config(stored.checkpoint.config, stored.name, {}, problems);
  problems.throw_if_any();
  return stored;
}

TrainResult summarize(const Trainer& trainer, const RunDirectory& run, const Config& config) {
  TrainResult result;
  result.run_dir = run.path();
  result.state = trainer.state();
  if (result.state.best_epoch > 0) result.best_checkpoint = best_or_last(run);
  result.last_checkpoint = run.last_checkpoint();
  if (!result.state.train_losses.empty()) result.train_loss = result.state.train_losses.back();
  result.headline = trainer.task().headline();
  result.samples_per_second = median_speed(run.rows());
  result.device = config.device;
  result.threads = *config.threads.value;
  return result;
}

// Evaluates the best weights, which the model then has.
void test(TrainResult& result, Trainer& trainer, const RunDirectory& run, const DataParts& data) {
  const fs::path best = result.best_checkpoint.value_or(result.last_checkpoint);
  trainer.load_weights(load_checkpoint(best), best.string());
  const Evaluation evaluation = trainer.test();
  ordered_json record = {{"split", "test"}};
  record.update(evaluation.to_json());
  record.update(evaluation.scores->details(data.test));
  run.write_json(run_files::kEvaluation, record);
  result.test_loss = evaluation.loss;
  result.test_value = evaluation.value;
  result.test_text = headline_text(evaluation);
}

}  // namespace

ordered_json TrainResult::to_json() const {
  const auto or_null = [](const auto& value) { return value ? ordered_json(*value) : ordered_json(nullptr); };
  const auto path = [](const std::optional<fs::path>& of) {
    return of ? ordered_json(of->string()) : ordered_json(nullptr);
  };
  ordered_json json = {{"run_dir", run_dir.string()},
                       {"checkpoint", path(best_checkpoint)},
                       {"last_checkpoint", last_checkpoint.string()},
                       {"epochs", state.epoch},
                       {"best_epoch", state.best_epoch},
                       {"train_loss", or_null(train_loss)},
                       {"test_loss", or_null(test_loss)}};
  json["test_" + headline.name] = or_null(test_value);
  json["headline"] = test_value ? actlab::to_json(headline, *test_value) : ordered_json(nullptr);
  json["samples_per_second"] = samples_per_second;
  json["seconds"] = seconds;
  json["device"] = device;
  json["threads"] = threads;
  if (test_value) json["report"] = path(report);
  return json;
}

TrainResult train(TrainRequest request) {
  const Stopwatch stopwatch;
  Config& config = request.config;
  const ResumePoint point = find_resume_point(request.resume, config);
  const std::optional<Stored> stored = load_stored(point);
  if (stored) adopt_machine(config, stored->config);
  const torch::Device device = choose_device(config.device);
  config.device = device.str();
  config.threads.value = choose_threads(config.threads.value);

  const DataParts data = load_data(config.data, config.seed);
  const auto model = new_model(config, data.train.shape());
  Trainer trainer(config, data, model, request.make_task(config.loss, model->output(), data.class_names),
                  device);
  if (stored) trainer.resume(stored->checkpoint, stored->config, stored->name);

  RunDirectory run =
      point.run ? RunDirectory::open(*point.run) : RunDirectory::create(config.run.root, config.run.name);
  run.begin(to_yaml(to_node(config)), record_of(config, data, request.command));
  RunJournal journal(run, trainer.state());
  describe_start(config, data, run, trainer);
  const double trained_before = training_seconds(run.rows());
  request.journals.push_back(&journal);
  Journals journals(request.journals);
  int stopped = 0;
  try {
    stopped = trainer.run(journals, request.stop, journal.examinations());
  } catch (const Error& e) {
    if (e.status() == ExitStatus::kDiverged) record_divergence(run, config, trainer, *model, e.what());
    throw;
  }
  TrainResult result = summarize(trainer, run, config);
  result.stopped = stopped;
  if (stopped == 0) {
    log_share_of(*trainer.monitor());
    test(result, trainer, run, data);
    record_findings(run, config, trainer, *model);
  }
  result.seconds = trained_before + stopwatch.seconds();
  if (stopped != 0) return result;
  result.report = default_report_path({run.path()});
  run.write_json(run_files::kSummary, result.to_json());
  if (!try_to_report(run, *result.report)) result.report.reset();
  return result;
}

}  // namespace actlab::app

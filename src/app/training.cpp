#include "app/training.h"

#include "app/catalogue.h"
#include "app/forecast.h"
#include "app/idle_options.h"
#include "app/resumption.h"
#include "checkpoint/checkpoint.h"
#include "config/emit.h"
#include "core/log.h"
#include "core/machine.h"
#include "core/median.h"
#include "core/notice.h"
#include "core/number_text.h"
#include "core/shell.h"
#include "core/stopwatch.h"
#include "core/text.h"
#include "data/registry.h"
#include "diagnose/verdict.h"
#include "report/page.h"
#include "train/activation_record.h"
#include "train/device.h"
#include "train/model_state.h"
#include "train/run_journal.h"
#include "train/training_setup.h"
#include "train/weight_record.h"

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

int64_t parameters_of(const Model& model) {
  int64_t count = 0;
  for (const auto& parameter : model.parameters()) count += parameter.numel();
  return count;
}

ordered_json record_of(const Config& config, const DataParts& data, const Model& model,
                       const std::string& command) {
  return {{"name", config.run.name},
          {"command", command},
          {"started", utc_time()},
          {"actlab", ACTLAB_VERSION},
          {"libtorch", libtorch_version()},
          {"machine", machine()},
          {"device", config.device},
          {"threads", *config.threads.value},
          {"seed", config.seed},
          {"parameters", parameters_of(model)},
          {"data",
           {{"name", data.name},
            {"fingerprint", data.fingerprint},
            {"test_fingerprint", data.test_fingerprint},
            {"train", data.train.size()},
            {"validation", data.validation.size()},
            {"test", data.test.size()},
            {"classes", data.class_names}}}};
}

// Writes what reports are made of, beside the metrics.
void record_findings(const RunDirectory& run, const Config& config, const Trainer& trainer,
                     const Model& model, const std::string& divergence = "") {
  run.write_json(run_files::kActivations, record_activations(model));
  const ordered_json weights = record_first_weights(model, trainer.state().shape);
  if (!weights.is_null()) run.write_json(run_files::kFirstWeights, weights);
  const Findings findings{.history = trainer.monitor()->examinations(),
                          .train_losses = trainer.state().train_losses,
                          .divergence = divergence,
                          .steps = trainer.state().step,
                          .predict = forecast_of(config, trainer.state().shape)};
  if (findings.history.empty()) return;  // an empty list would say that there is nothing to mend
  ordered_json verdicts = ordered_json::array();
  bool warned = false;
  for (const auto& verdict : judge(training_setup(config, trainer.task()), findings)) {
    verdicts.push_back(to_json(verdict));
    if (verdict.name == "healthy" || !divergence.empty()) continue;  // an error says that soon
    log_warning(verdict.name + ": " + verdict.evidence);
    warned = true;
  }
  if (warned)
    log_info("to try the remedies: " + shell_text({"actlab", "diagnose", run.path().string(), "--try"}));
  run.write_json(run_files::kVerdicts, verdicts);
}

// Whether there is one now, whole. Without it the run is done all the same.
bool try_to_report(const RunDirectory& run, const fs::path& report) {
  try {
    const auto unread = write_report({run.path()}, report);
    for (const auto& what : unread) log_error(what);
    return unread.empty();
  } catch (const Error& e) {
    log_error(std::string("there is no report: ") + e.what());
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

void describe_start(const Config& config, const DataParts& data) {
  log_info(component_type(config.model) + " on " + data.name + ": " + std::to_string(data.train.size()) +
           " training, " + std::to_string(data.validation.size()) + " validation, " +
           std::to_string(data.test.size()) + " test examples; " + config.device + ", " +
           counted(*config.threads.value, "thread"));
  for (const auto& warning : data.warnings) log_warning(warning);
  for (const auto& idle : idle_options(config, data.train.size())) log_warning(idle);
}

void log_share_of(const Monitor& monitor) {
  constexpr double kMuch = 0.03;
  constexpr double kLong = 5;  // seconds: of a run that is over at once, a large share is little
  if (monitor.examinations().empty() || monitor.seconds() < kLong * monitor.share()) return;
  const bool much = monitor.share() > kMuch && monitor.seconds() > 1;
  log_info(formatted("diagnosis took %.1f %% of the time", 100 * monitor.share()) +
           (much ? "; less with diagnose.examples or diagnose.every" : ""));
}

TrainResult summarize(const Trainer& trainer, const RunDirectory& run, const Config& config) {
  TrainResult result;
  result.run_dir = run.path();
  result.state = trainer.state();
  if (result.state.best_epoch > 0) {
    result.best_checkpoint =
        fs::exists(run.best_checkpoint()) ? run.best_checkpoint() : run.last_checkpoint();
  }
  result.last_checkpoint = run.last_checkpoint();
  if (!result.state.train_losses.empty()) result.train_loss = result.state.train_losses.back();
  result.headline = trainer.task().headline();
  result.samples_per_second = median_speed(run.rows());
  result.device = config.device;
  result.threads = *config.threads.value;
  return result;
}

// The weights of the best checkpoint, or of the last one in its place: a checkpoint that was copied out of
// its run directory and resumed leaves the best one behind, and one may have been damaged meanwhile.
void take_best_weights(TrainResult& result, Trainer& trainer, const RunDirectory& run) {
  const auto take = [&](const fs::path& file) { trainer.load_weights(load_checkpoint(file), file.string()); };
  if (result.state.best_epoch == 0) return take(result.last_checkpoint);
  try {
    result.best_checkpoint = run.best_checkpoint();
    take(run.best_checkpoint());
  } catch (const Error& e) {
    log_warning(std::string(e.what()) + "; the last checkpoint stands in for the best");
    result.best_checkpoint = result.last_checkpoint;
    take(result.last_checkpoint);
  }
}

// Evaluates the best weights, which the model then has.
void test(TrainResult& result, Trainer& trainer, const RunDirectory& run, const DataParts& data) {
  take_best_weights(result, trainer, run);
  const Notice notice("evaluating " + std::to_string(data.test.size()) + " test examples");
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
  if (summary) return *summary;
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
  json["data"] = data;
  json["device"] = device;
  json["threads"] = threads;
  if (test_value) json["report"] = path(report);
  return json;
}

namespace {

// Trains what is left, and concludes the run unless training was stopped.
TrainResult run_to_end(const TrainRequest& request, const DataParts& data, Model& model, Trainer& trainer,
                       RunDirectory& run, RunJournal& journal, const Stopwatch& stopwatch) {
  std::vector<Journal*> all = request.journals;
  all.push_back(&journal);
  Journals journals(all);
  const double trained_before = training_seconds(run.rows());
  TrainResult result;
  try {
    int stopped = trainer.run(journals, request.stop, journal.examinations());
    if (stopped == 0) stopped = request.stop();  // asked during the last step, after which nobody looked
    result = summarize(trainer, run, request.config);
    result.stopped = stopped;
    result.data = data.name;
    if (stopped == 0) {
      log_share_of(*trainer.monitor());
      test(result, trainer, run, data);
    }
  } catch (const Error& e) {
    if (e.status() == ExitStatus::kDiverged) {
      record_divergence(run, request.config, trainer, model, e.what());
      run.end(stopwatch.seconds());
    }
    throw;
  }
  if (result.stopped == 0) record_findings(run, request.config, trainer, model);
  result.seconds = trained_before + stopwatch.seconds();
  run.end(stopwatch.seconds());
  if (result.stopped != 0) return result;
  result.report = default_report_path({run.path()});
  run.write_json(run_files::kSummary, result.to_json());  // which the report reads
  if (try_to_report(run, *result.report)) return result;
  result.report.reset();
  run.write_json(run_files::kSummary, result.to_json());
  return result;
}

}  // namespace

TrainResult train(TrainRequest request) {
  const Stopwatch stopwatch;
  Config& config = request.config;
  const ResumePoint point = find_resume_point(request.resume, config);
  // Its lock comes before anything that takes time.
  std::optional<RunDirectory> run;
  if (point.run) run.emplace(RunDirectory::open(*point.run));
  const std::optional<Resumption> resumed = load_resumption(point);
  if (resumed) adopt_machine(config, resumed->stored.config);
  const torch::Device device = choose_device(config.device);
  config.device = device.str();
  config.threads.value = choose_threads(config.threads.value);

  const DataParts data = load_data(config.data, config.seed);
  const auto model = new_model(config, data.train.shape());
  Trainer trainer(config, data, model, request.make_task(config.loss, model->output(), data.class_names),
                  device);
  if (resumed) {
    const StoredRun& stored = resumed->stored;
    trainer.resume(stored.checkpoint, stored.config, stored.name);
    auto done = run ? finished_before(*run, trainer, summarize(trainer, *run, config)) : std::nullopt;
    if (done) {
      tell_resumption(point, stored, config);
      tell_finished(trainer, config.train);
      return *done;
    }
  }
  if (!run) run.emplace(RunDirectory::create(config.run.root, config.run.name));
  RunJournal journal(*run, trainer.state(), config.checkpoint.keep, resumed && !resumed->from_last);
  run->begin(to_yaml(to_node(config)), record_of(config, data, *model, request.command),
             trainer.state().step);
  if (resumed) tell_resumption(point, resumed->stored, config);
  if (request.resume == "last" && !point.run)
    log_info("no run called " + config.run.name + " is in " + config.run.root.string() + " to go on with");
  if (!resumed || !point.run) log_info("run directory " + run->path().string());
  describe_start(config, data);
  journal.forget_later();
  return run_to_end(request, data, *model, trainer, *run, journal, stopwatch);
}

}  // namespace actlab::app

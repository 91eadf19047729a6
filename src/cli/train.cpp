#include <chrono>
#include <csignal>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "checkpoint/checkpoint.h"
#include "cli/catalogue.h"
#include "cli/command.h"
#include "cli/machine.h"
#include "cli/print.h"
#include "cli/run_name.h"
#include "core/log.h"
#include "core/median.h"
#include "core/signals.h"
#include "data/registry.h"
#include "diagnose/verdict.h"
#include "report/page.h"
#include "train/activation_record.h"
#include "train/device.h"
#include "train/model_state.h"
#include "train/trainer.h"

namespace actlab {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

// What --resume names: a checkpoint to go on from, if there is one, and the run directory to write on in.
struct ResumePoint {
  std::optional<fs::path> run;
  std::optional<fs::path> checkpoint;
};

ResumePoint find_resume_point(const std::string& resume, const Config& config) {
  if (resume.empty()) return {};
  if (resume == "last") {
    ResumePoint point{RunDirectory::newest(config.run.root, config.run.name), std::nullopt};
    if (!point.run) return point;
    const fs::path last = *point.run / "checkpoints" / "last.safetensors";
    if (fs::exists(last)) point.checkpoint = last;
    return point;
  }
  const fs::path path = fs::absolute(resume);
  const fs::path checkpoint = fs::is_directory(path) ? path / "checkpoints" / "last.safetensors" : path;
  if (!fs::exists(checkpoint)) {
    throw Error(ExitStatus::kFailed, "cannot resume: " + checkpoint.string() + " does not exist");
  }
  // A checkpoint that was moved out of its run directory starts a new one.
  const fs::path folder = checkpoint.parent_path();
  if (folder.filename() != "checkpoints") return {std::nullopt, checkpoint};
  return {folder.parent_path(), checkpoint};
}

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

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

ordered_json run_record(const Config& config, const DataParts& data, const std::string& command_line) {
  return {{"name", config.run.name},
          {"command", command_line},
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

ordered_json summarize(const Trainer& trainer, const RunDirectory& run, const Config& config,
                       double seconds) {
  const TrainState& state = trainer.state();
  ordered_json summary = {{"run_dir", run.path().string()}};
  summary["checkpoint"] = state.best_epoch > 0 ? ordered_json(best_or_last(run).string()) : nullptr;
  summary["last_checkpoint"] = run.last_checkpoint().string();
  summary["epochs"] = state.epoch;
  summary["best_epoch"] = state.best_epoch;
  summary["train_loss"] =
      state.train_losses.empty() ? ordered_json(nullptr) : ordered_json(state.train_losses.back());
  summary["test_loss"] = nullptr;
  summary["test_accuracy"] = nullptr;
  summary["samples_per_second"] = median_speed(run.rows());
  summary["seconds"] = seconds;
  summary["device"] = config.device;
  summary["threads"] = *config.threads.value;
  return summary;
}

void print_summary(const ordered_json& summary, const Metrics& test) {
  const auto [low, high] = test.accuracy_interval();
  std::printf("test accuracy %.2f %% (95 %% interval %.2f to %.2f), loss %.4f, %.0f samples/s, %s\n",
              100 * test.accuracy(), 100 * low, 100 * high, test.loss(),
              summary["samples_per_second"].get<double>(), summary["checkpoint"].get<std::string>().c_str());
}

ExitStatus stopped(int signal, const ordered_json& summary, bool json) {
  log_info(std::string("stopped by ") + (signal == SIGINT ? "SIGINT" : "SIGTERM") +
           " and saved; go on with --resume " + summary["last_checkpoint"].get<std::string>());
  if (json) print_json(summary);
  return signal == SIGINT ? ExitStatus::kInterrupted : ExitStatus::kTerminated;
}

// Writes what reports are made of, beside the metrics.
void record_findings(const RunDirectory& run, const Config& config, const Trainer& trainer,
                     const Model& model, const std::string& divergence = "") {
  run.write_json("activations.json", record_activations(model));
  const Findings findings{read_examinations(run.path() / "diagnostics.jsonl"), nullptr,
                          trainer.state().train_losses, divergence};
  ordered_json verdicts = ordered_json::array();
  if (!findings.history.empty()) {
    for (const auto& verdict : judge(setup_of(config, trainer.state().shape.classes), findings)) {
      verdicts.push_back(to_json(verdict));
      if (verdict.name == "healthy" || !divergence.empty()) continue;  // an error says that soon
      log_warning(verdict.name + ": " + verdict.evidence +
                  "; actlab diagnose tells more, its --try tries remedies");
    }
  }
  run.write_json("verdicts.json", verdicts);
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
  run.write_text(kDivergenceFile, why);
  record_findings(run, config, trainer, model, why);
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

ExitStatus train(const Invocation& invocation) {
  const auto begin = std::chrono::steady_clock::now();
  // Until the process ends: a signal that comes when all is saved must not turn success into death.
  static const StopSignals& signals = *new StopSignals;
  Problems problems;
  const fs::path file = invocation.arguments[0];
  Config config = load_checked_config(file, invocation.overrides, problems);
  problems.throw_if_any();
  config.run.name = run_name(config, file);

  const ResumePoint point = find_resume_point(invocation.value("resume"), config);
  std::optional<Checkpoint> checkpoint;
  Config stored;
  if (point.checkpoint) {
    checkpoint = load_checkpoint(*point.checkpoint);
    stored = parse_checked_config(checkpoint->config, point.checkpoint->string(), {}, problems);
    problems.throw_if_any();
    adopt_machine(config, stored);
  }
  const torch::Device device = choose_device(config.device);
  config.device = device.str();
  config.threads.value = choose_threads(config.threads.value);

  const DataParts data = load_data(config.data, config.seed);
  const auto model = new_model(config, data.train.shape);
  Trainer trainer(config, data, model, device);
  if (checkpoint) trainer.resume(*checkpoint, stored, point.checkpoint->string());

  RunDirectory run =
      point.run ? RunDirectory::open(*point.run) : RunDirectory::create(config.run.root, config.run.name);
  run.begin(to_yaml(to_node(config)), run_record(config, data, invocation.command_line));
  if (static_cast<int64_t>(run.rows().size()) > trainer.state().epoch) {
    log_warning("epochs after " + std::to_string(trainer.state().epoch) + " are trained again");
    run.keep_epochs(trainer.state().epoch);
  }
  describe_start(config, data, run, trainer);
  const double trained_before = training_seconds(run.rows());
  int signal = 0;
  try {
    signal = trainer.run(run, signals);
  } catch (const Error& e) {
    if (e.status() == ExitStatus::kDiverged) record_divergence(run, config, trainer, *model, e.what());
    throw;
  }

  const auto seconds = [&] { return trained_before + seconds_since(begin); };
  if (signal != 0) return stopped(signal, summarize(trainer, run, config, seconds()), invocation.json());
  const EvaluationRecord test = trainer.test(best_or_last(run));
  run.write_json("evaluation.json", test.json);
  ordered_json summary = summarize(trainer, run, config, seconds());
  const fs::path report = default_report_path({run.path()});
  summary["report"] = report.string();
  summary["test_loss"] = test.metrics.loss();
  summary["test_accuracy"] = test.metrics.accuracy();
  record_findings(run, config, trainer, *model);
  run.write_json("summary.json", summary);
  if (!try_to_report(run, report)) summary["report"] = nullptr;
  if (invocation.json()) {
    print_json(summary);
  } else {
    print_summary(summary, test.metrics);
    if (invocation.has("open-report") && !summary["report"].is_null())
      std::printf("%s\n", summary["report"].get<std::string>().c_str());
  }
  return ExitStatus::kDone;
}

}  // namespace

Command train_command() {
  return {
      .name = "train",
      .arguments = "CONFIG [key=value ...]",
      .summary = "train the model of a config file and save it",
      .details =
          "Examples:\n"
          "  actlab train configs/mnist_binary.yaml\n"
          "  actlab train configs/mnist_cnn.yaml model.activation=elu train.epochs=1\n"
          "  actlab train configs/mnist_cnn.yaml model.activation='{type: leaky_relu, negative_slope: 0.2}'\n"
          "  actlab train configs/mnist_cnn.yaml --resume last\n",
      .min_arguments = 1,
      .max_arguments = 1,
      .takes_overrides = true,
      .computes = true,
      .flags =
          {{"resume", "PATH|last",
            "go on from a checkpoint, or from the newest run of this config, with the same results as an "
            "uninterrupted run"},
           {"open-report", "", "print the path of the run's report at the end"}},
      .run = train};
}

}  // namespace actlab

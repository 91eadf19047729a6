#include <unistd.h>

#include <cstdio>
#include <optional>

#include "app/catalogue.h"
#include "app/run_name.h"
#include "app/training.h"
#include "cli/command.h"
#include "cli/print.h"
#include "core/log.h"
#include "core/progress_text.h"
#include "core/shell.h"
#include "core/signals.h"
#include "core/text.h"
#include "train/progress.h"

namespace actlab {
namespace {

// From its first step to its last, training is stopped by a signal once a step is finished and saved. Before
// and after, a signal ends the program at once: there is nothing to save, or all is.
class HeldSignals : public Journal {
 public:
  void begin_epoch(const TrainState&, int64_t) override {
    if (!signals_) signals_.emplace();
  }
  void end() override { signals_.reset(); }

 private:
  std::optional<StopSignals> signals_;
};

// What goes on with the run, as a shell takes it.
std::string resuming_command(const Invocation& invocation, const std::filesystem::path& checkpoint) {
  std::vector<std::string> words = {invocation.program, "train", invocation.arguments[0]};
  words.insert(words.end(), invocation.overrides.begin(), invocation.overrides.end());
  words.insert(words.end(), {"--resume", checkpoint.string()});
  return shell_text(words);
}

ExitStatus stopped(const app::TrainResult& result, const Invocation& invocation) {
  log_info("stopped by " + signal_name(result.stopped) +
           " and saved; go on with: " + resuming_command(invocation, result.last_checkpoint));
  if (invocation.json()) print_json(result.to_json());
  return status_after(result.stopped);
}

// What came of it, below the epochs.
void log_result(const app::TrainResult& result) {
  const std::string accuracy = result.test_text + formatted(", loss %.4f", *result.test_loss);
  log_info("test        " + accuracy, "test        " + emphasized(accuracy, Color::kGreen));
  log_info("time        " + clock_text(result.seconds) +
           formatted(", %.0f samples/s in training", result.samples_per_second));
  log_info("checkpoint  " + result.best_checkpoint.value_or(result.last_checkpoint).string());
  log_info("report      " + (result.report ? result.report->string() : "none"));
}

ExitStatus train(const Invocation& invocation) {
  const std::filesystem::path file = invocation.arguments[0];
  Problems problems;
  app::TrainRequest request{.config = load_checked_config(file, invocation.overrides, problems)};
  problems.throw_if_any();
  request.config.run.name = run_name(request.config, file, invocation.overrides);
  request.resume = invocation.value("resume");
  request.command = invocation.command_line;
  request.stop = stop_signal;
  const int64_t epochs = request.config.train.epochs;
  ProgressBar bar(epochs);
  EpochLog log(epochs);
  HeldSignals signals;
  request.journals = {&signals, &bar, &log};

  const app::TrainResult result = app::train(std::move(request));
  if (result.stopped != 0) return stopped(result, invocation);
  log_result(result);
  const ExitStatus status = result.report ? ExitStatus::kDone : ExitStatus::kFailed;
  if (invocation.json()) {
    print_json(result.to_json());
    return status;
  }
  // Who reads the log in a terminal has just been told; scripts read this line.
  if (isatty(STDOUT_FILENO) == 0 || isatty(STDERR_FILENO) == 0)
    std::printf("test %s, loss %.4f, %.0f samples/s, %s\n", result.test_text.c_str(), *result.test_loss,
                result.samples_per_second, result.best_checkpoint.value_or(result.last_checkpoint).c_str());
  if (invocation.has("open-report") && result.report) std::printf("%s\n", result.report->c_str());
  return status;
}

}  // namespace

Command train_command() {
  return {
      .name = "train",
      .arguments = "CONFIG [key=value ...]",
      .summary = "train the model of a config file and save it",
      .details =
          "The commonest keys: train.epochs, train.batch_size, optimizer.lr, model.activation, seed;\n"
          "actlab config show CONFIG prints all of them with their values.\n\n"
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

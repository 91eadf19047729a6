#include <cstdio>

#include "app/catalogue.h"
#include "app/run_name.h"
#include "app/training.h"
#include "cli/command.h"
#include "cli/print.h"
#include "core/log.h"
#include "core/signals.h"
#include "train/progress.h"

namespace actlab {
namespace {

ExitStatus stopped(const app::TrainResult& result, bool json) {
  log_info("stopped by " + signal_name(result.stopped) + " and saved; go on with --resume " +
           result.last_checkpoint.string());
  if (json) print_json(result.to_json());
  return status_after(result.stopped);
}

ExitStatus train(const Invocation& invocation) {
  // Until the process ends: a signal that comes when all is saved must not turn success into death.
  static const StopSignals& signals = *new StopSignals;
  const std::filesystem::path file = invocation.arguments[0];
  Problems problems;
  app::TrainRequest request{.config = load_checked_config(file, invocation.overrides, problems)};
  problems.throw_if_any();
  request.config.run.name = run_name(request.config, file);
  request.resume = invocation.value("resume");
  request.command = invocation.command_line;
  request.stop = [] { return signals.requested(); };
  const int64_t epochs = request.config.train.epochs;
  ProgressBar bar(epochs);
  EpochLog log(epochs);
  request.journals = {&bar, &log};

  const app::TrainResult result = app::train(std::move(request));
  if (result.stopped != 0) return stopped(result, invocation.json());
  if (invocation.json()) {
    print_json(result.to_json());
    return ExitStatus::kDone;
  }
  std::printf("test %s, loss %.4f, %.0f samples/s, %s\n", result.test_text.c_str(), *result.test_loss,
              result.samples_per_second, result.best_checkpoint.value_or(result.last_checkpoint).c_str());
  if (invocation.has("open-report") && result.report) std::printf("%s\n", result.report->c_str());
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

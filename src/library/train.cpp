#include <actlab/train.h>

#include "app/training.h"
#include "core/nan.h"
#include "library/config_parts.h"
#include "train/progress.h"

namespace actlab::v0 {
namespace {

// Tells the caller of each epoch.
class EpochCaller : public Journal {
 public:
  explicit EpochCaller(const TrainingOptions& options) : options_(options) {}

  void epoch(const EpochRow& row, bool best) override {
    if (!options_.on_epoch) return;
    EpochResult result{.epoch = row.epoch,
                       .train_loss = row.train_loss,
                       .validation_loss = row.validation_loss,
                       .best = best,
                       .learning_rate = row.learning_rate,
                       .samples_per_second = row.samples_per_second,
                       .seconds = row.seconds};
    if (row.validation_headline) result.validation = {row.headline.name, *row.validation_headline};
    options_.on_epoch(result);
  }

 private:
  const TrainingOptions& options_;
};

}  // namespace

TrainingResult train(const TrainingConfig& config, const TrainingOptions& options) {
  app::TrainRequest request{.config = config.parts_->config, .resume = options.resume};
  if (options.stop) request.stop = [&options] { return options.stop() ? 1 : 0; };
  EpochLog log(request.config.train.epochs);
  EpochCaller caller(options);
  request.journals = {&log, &caller};
  const app::TrainResult done = app::train(std::move(request));
  return {.run_dir = done.run_dir,
          .checkpoint = done.best_checkpoint.value_or(""),
          .last_checkpoint = done.last_checkpoint,
          .epochs = done.state.epoch,
          .stopped = done.stopped != 0,
          .train_loss = done.train_loss.value_or(kNaN),
          .headline = {done.headline.name, done.test_value.value_or(kNaN)},
          .test_loss = done.test_loss.value_or(kNaN),
          .samples_per_second = done.samples_per_second,
          .seconds = done.seconds};
}

}  // namespace actlab::v0

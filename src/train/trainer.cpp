#include "train/trainer.h"

#include <torch/utils.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/random.h"
#include "core/stopwatch.h"
#include "data/order.h"
#include "train/finite.h"
#include "train/model_state.h"
#include "train/resume.h"
#include "train/snapshot.h"

namespace actlab {
namespace {

int64_t count_steps(int64_t examples, const TrainOptions& options) {
  const int64_t steps = options.drop_last ? examples / options.batch_size
                                          : (examples + options.batch_size - 1) / options.batch_size;
  if (steps > 0) return steps;
  throw Error(ExitStatus::kData, "the training part has " + std::to_string(examples) +
                                     " examples, too few for one batch of train.batch_size=" +
                                     std::to_string(options.batch_size) + " with train.drop_last");
}

// Learned parameters of activations: decaying them would pull PReLU towards ReLU.
std::vector<std::string> without_decay(const Model& model) {
  std::vector<std::string> names;
  for (const auto& layer : model.layers()) {
    if (layer.activation == nullptr) continue;
    for (const auto& parameter : layer.activation->named_parameters()) {
      names.push_back(layer.name + "." + parameter.key());
    }
  }
  return names;
}

// Batch normalisation has no variance over one value a channel.
void check_last_batch(const Model& model, int64_t examples, const TrainOptions& options) {
  const int64_t rest = examples % options.batch_size;
  if (options.batch_size > 1 && (rest != 1 || options.drop_last)) return;
  if (std::ranges::none_of(model.layers(), &BuiltLayer::mixes_batch)) return;
  throw Error(ExitStatus::kUsage, "batch_norm cannot train on a batch of one example, which the last of " +
                                      std::to_string(examples) +
                                      " leaves; set train.drop_last=true or another train.batch_size");
}

std::vector<NamedTensor> named_parameters(const Model& model) {
  std::vector<NamedTensor> parameters;
  for (const auto& item : model.named_parameters()) parameters.emplace_back(item.key(), item.value());
  return parameters;
}

}  // namespace

Trainer::Trainer(const Config& config, const DataParts& data, std::shared_ptr<Model> model,
                 std::shared_ptr<const Task> task, torch::Device device)
    : config_(config),
      data_(data),
      device_(device),
      model_(std::move(model)),
      task_(std::move(task)),
      train_(data.train, data.normalization, device, model_->convolutional()),
      test_(data.test, data.normalization, device, model_->convolutional()) {
  if (data.validation.size() > 0) {
    validation_.emplace(data.validation, data.normalization, device, model_->convolutional());
  }
  const int64_t steps = count_steps(data.train.size(), config.train);
  check_last_batch(*model_, data.train.size(), config.train);
  place(*model_, device);
  parameters_ = named_parameters(*model_);
  optimizer_ = make_optimizer(config.optimizer, parameters_, without_decay(*model_));
  plan_ = {optimizer_->base_lr(), config.train.epochs, steps};
  schedule_ = make_schedule(config.schedule, plan_);
  stepper_.emplace(*model_, *task_, *optimizer_, parameters_, config_.train.clip, device.is_cuda());
  state_.data_fingerprint = data.fingerprint;
  state_.shape = data.train.shape();
  state_.class_names = data.class_names;
  torch::manual_seed(stream_seed(config.seed, "dropout"));
}

bool Trainer::finished() const {
  return state_.epoch >= config_.train.epochs || stops_early(config_.train.early_stopping, state_.watched);
}

int Trainer::run(Journal& journal, const StopRequest& stop, std::vector<Examination> examined) {
  monitor_.emplace(config_.diagnose, plan_.steps_per_epoch, *model_, *task_, train_, std::move(examined));
  int stopped = 0;
  try {
    stopped = run_epochs(journal, stop);
  } catch (...) {  // the steps before a divergence show how it came
    journal.end();
    throw;
  }
  journal.end();
  return stopped;
}

int Trainer::run_epochs(Journal& journal, const StopRequest& stop) {
  if (monitor_->begins(state_.step)) journal.examined(monitor_->examine(state_.step));
  model_->train();
  bool saved = false;
  while (!finished()) {
    journal.begin_epoch(state_, train_.size());
    const int64_t examples_before = state_.examples;
    double seconds = 0;
    if (const int stopped = run_epoch(journal, stop, seconds)) {
      save(journal, Saved::kLast);
      return stopped;
    }
    const EpochRow row = finish_epoch(seconds, state_.examples - examples_before);
    const bool best = record(row);
    journal.epoch(row, best && validation_.has_value());
    const Interval& every = config_.checkpoint.every;
    saved = finished() || (every.epochs > 0 && state_.epoch % every.epochs == 0);
    if (best && (validation_ || saved)) save(journal, Saved::kBest);
    if (saved) save(journal, Saved::kLast);
  }
  // Nothing was left to train of a checkpoint that begins a new run.
  if (!saved) save(journal, Saved::kLast);
  return 0;
}

int Trainer::run_epoch(Journal& journal, const StopRequest& stop, double& seconds) {
  Stopwatch stopwatch;
  const auto order = epoch_order(train_.size(), config_.train.shuffle, config_.seed, state_.epoch);
  const int64_t interval = config_.checkpoint.every.steps;
  int stopped = stop();
  while (stopped == 0 && state_.batch < plan_.steps_per_epoch) {
    monitor_->before_step(state_.step);
    next_step(order);
    const bool examine = monitor_->due(state_.step);
    const bool checkpoint = interval > 0 && state_.step % interval == 0;
    const bool last = state_.batch == plan_.steps_per_epoch;
    if (!last) stopped = stop();
    if (examine || checkpoint || last || stopped != 0 || stepper_->due()) tell_steps(journal);
    seconds += stopwatch.seconds();
    if (examine) journal.examined(monitor_->examine(state_.step));
    if (checkpoint) save(journal, Saved::kLast);
    stopwatch = {};
  }
  return stopped;
}

void Trainer::next_step(std::span<const int64_t> order) {
  const int64_t first = state_.batch * config_.train.batch_size;
  const int64_t size = std::min(config_.train.batch_size, train_.size() - first);
  const auto examples = order.subspan(static_cast<size_t>(first), static_cast<size_t>(size));
  stepper_->step(train_.gather(examples), schedule_->rate(state_.step, state_.watched));
  ++state_.step;
  ++state_.batch;
}

void Trainer::count(const StepResult& result) {
  ++steps_read_;
  if (!result.bad.empty()) diverge(result.bad, steps_read_);
  state_.examples += result.examples;
  state_.loss_sum += result.loss * static_cast<double>(result.examples);
}

void Trainer::tell_steps(Journal& journal) {
  for (const auto& result : stepper_->read()) {
    count(result);
    journal.step({steps_read_, result.loss, result.learning_rate}, state_);
  }
}

std::vector<double> Trainer::run_steps(int64_t steps) {
  std::vector<double> losses;
  std::vector<int64_t> order;
  model_->train();
  for (int64_t i = 0; i < steps; ++i) {
    if (state_.batch == plan_.steps_per_epoch) begin_next_epoch();
    if (i == 0 || state_.batch == 0) {
      order = epoch_order(train_.size(), config_.train.shuffle, config_.seed, state_.epoch);
    }
    next_step(order);
    if (!stepper_->due() && i + 1 < steps) continue;
    for (const auto& result : stepper_->read()) {
      count(result);
      losses.push_back(result.loss);
    }
  }
  return losses;
}

void Trainer::diverge(const std::string& what, int64_t step) const {
  throw Error(ExitStatus::kDiverged,
              "training diverged at step " + std::to_string(step) + " (epoch " +
                  std::to_string(state_.epoch + 1) + "): " + what +
                  " holds NaN or Inf. This step was not saved; lower optimizer.lr, or clip with "
                  "train.clip.norm=1");
}

EpochRow Trainer::finish_epoch(double seconds, int64_t examples) {
  EpochRow row;
  row.epoch = state_.epoch + 1;
  row.step = state_.step;
  row.train_loss = state_.loss_sum / static_cast<double>(state_.examples);
  row.learning_rate = schedule_->rate(state_.step - 1, state_.watched);
  row.seconds = seconds;
  row.samples_per_second = seconds > 0 ? static_cast<double>(examples) / seconds : 0;
  row.headline = task_->headline();
  if (validation_) {
    const Evaluation evaluation = evaluate(*model_, *task_, *validation_);
    if (!std::isfinite(evaluation.loss)) diverge("the validation loss", state_.step + 1);
    row.validation_loss = evaluation.loss;
    row.validation_headline = evaluation.value;
  }
  return row;
}

bool Trainer::record(const EpochRow& row) {
  const double watched = row.validation_loss.value_or(row.train_loss);
  // Without validation data nothing may choose an epoch, so the last one counts as the best.
  const bool best = !validation_ || state_.watched.empty() ||
                    watched < *std::min_element(state_.watched.begin(), state_.watched.end());
  state_.train_losses.push_back(row.train_loss);
  state_.watched.push_back(watched);
  begin_next_epoch();
  if (best) state_.best_epoch = state_.epoch;
  return best;
}

void Trainer::begin_next_epoch() {
  ++state_.epoch;
  state_.batch = 0;
  state_.loss_sum = 0;
  state_.examples = 0;
}

void Trainer::save(Journal& journal, Saved as) const {
  const std::string bad = first_non_finite(trained_tensors(*model_, *optimizer_));
  if (!bad.empty()) diverge(bad, state_.step + 1);
  journal.save(take_snapshot(config_, state_, *model_, *optimizer_, data_.normalization, device_), as);
}

void Trainer::resume(const Checkpoint& checkpoint, const Config& stored, const std::string& name) {
  TrainState state = TrainState::from_json(checkpoint.state, name);
  check_resume(stored, state, config_, *schedule_, plan_, name);
  if (state.data_fingerprint != state_.data_fingerprint) {
    throw Error(ExitStatus::kData, "cannot resume " + name +
                                       ": data.root or other data files have changed since (" +
                                       "fingerprint " + state.data_fingerprint.substr(0, 12) + " then, " +
                                       state_.data_fingerprint.substr(0, 12) + " now)");
  }
  restore_snapshot(checkpoint, *model_, *optimizer_, device_, name);
  state_ = std::move(state);
  steps_read_ = state_.step;
}

void Trainer::load_weights(const Checkpoint& checkpoint, const std::string& name) {
  restore(checkpoint, {"model."}, model_tensors(*model_), name);
}

Evaluation Trainer::test() {
  return evaluate(*model_, *task_, test_, /*detailed=*/true);
}

Evaluation Trainer::held_out() {
  constexpr int64_t kExamples = 1000;
  if (validation_) return evaluate(*model_, *task_, *validation_);
  return evaluate(*model_, *task_, train_, /*detailed=*/false, kExamples);
}

}  // namespace actlab

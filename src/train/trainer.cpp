#include "train/trainer.h"

#include <torch/utils.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/memory.h"
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
  const int64_t steps = batches_of(examples, options);
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
  const auto layer = std::ranges::find_if(model.layers(), &BuiltLayer::needs_two);
  if (layer == model.layers().end()) return;
  throw Error(ExitStatus::kUsage,
              "batch_norm (" + layer->name +
                  ") cannot train on a batch of one example, of which it sees one "
                  "value a unit and so no variance; " +
                  (options.batch_size == 1 ? "set train.batch_size above 1"
                                           : "the last batch of " + std::to_string(examples) +
                                                 " examples is one; set "
                                                 "train.drop_last=true or another train.batch_size"));
}

// What to do about a divergence, but for what is done already.
std::string remedy(const ClipOptions& clip, const std::string& what, int64_t step) {
  const bool clips = clip.norm > 0 || clip.value > 0;
  if (what == kGradientNorm) {
    return "This step was not saved; clip elements instead (train.clip={value: 1}), or lower optimizer.lr";
  }
  // What holds one before the first step was taken is none of its doing.
  if (step == 1 && (what.starts_with("the ") || what == "a gradient")) {
    return "No step was taken before it: the model starts so; set model.init=auto, another model.activation, "
           "or data.normalize=auto";
  }
  return std::string("This step was not saved; lower optimizer.lr, or ") +
         (clips ? "set model.init=auto" : "clip with train.clip.norm=1");
}

// What steps are for which memory runs out.
std::string training_text(const Part& train, const TrainOptions& options) {
  const ExampleShape shape = train.shape();
  return "training on batches of " + std::to_string(std::min(options.batch_size, train.size())) + " x " +
         to_text({shape.channels, shape.height, shape.width}) + " (train.batch_size)";
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
  watch_ = watch_of(config.train, *task_, validation_.has_value());
  const int64_t steps = count_steps(data.train.size(), config.train);
  check_last_batch(*model_, data.train.size(), config.train);
  place(*model_, device);
  parameters_ = named_parameters(*model_);
  optimizer_ = with_memory_for("the optimizer's state", [&] {
    return make_optimizer(config.optimizer, parameters_, without_decay(*model_));
  });
  plan_ = {optimizer_->base_lr(), config.train.epochs, steps};
  schedule_ = make_schedule(config.schedule, plan_);
  stepper_.emplace(*model_, *task_, *optimizer_, parameters_, config_.train.clip, device.is_cuda());
  state_.data_fingerprint = data.fingerprint;
  state_.shape = data.train.shape();
  state_.class_names = data.class_names;
  torch::manual_seed(stream_seed(config.seed, "dropout"));
}

bool Trainer::finished() const {
  const auto& values = watch_.asked ? state_.watched_figure : state_.watched;
  return state_.epoch >= config_.train.epochs ||
         stops_early(config_.train.early_stopping, values, watch_.larger_is_better);
}

int Trainer::run(Journal& journal, const StopRequest& stop, std::vector<Examination> examined) {
  monitor_.emplace(config_.diagnose, plan_.steps_per_epoch, *model_, *task_, train_, std::move(examined));
  int stopped = 0;
  try {
    stopped =
        with_memory_for(training_text(data_.train, config_.train), [&] { return run_epochs(journal, stop); });
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
    const bool chosen = best && !watch_.figure.empty();
    journal.epoch(row, chosen);
    const Interval& every = config_.checkpoint.every;
    saved = finished() || (every.epochs > 0 && state_.epoch % every.epochs == 0);
    if (chosen || (best && saved)) save(journal, Saved::kBest);
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

std::vector<double> Trainer::run_steps(int64_t steps, Journal* journal) {
  std::vector<double> losses;
  std::vector<int64_t> order;
  const std::string what = training_text(data_.train, config_.train);
  model_->train();
  for (int64_t i = 0; i < steps; ++i) {
    if (state_.batch == plan_.steps_per_epoch) begin_next_epoch();
    if (i == 0 || state_.batch == 0) {
      order = epoch_order(train_.size(), config_.train.shuffle, config_.seed, state_.epoch);
    }
    with_memory_for(what, [&] { next_step(order); });
    if (!stepper_->due() && i + 1 < steps) continue;
    for (const auto& result : stepper_->read()) {
      count(result);
      losses.push_back(result.loss);
      if (journal != nullptr) journal->step({steps_read_, result.loss, result.learning_rate}, state_);
    }
  }
  return losses;
}

void Trainer::diverge(const std::string& what, int64_t step) const {
  throw Error(ExitStatus::kDiverged, "training diverged at step " + std::to_string(step) + " (epoch " +
                                         std::to_string(state_.epoch + 1) + "): " + what +
                                         " holds NaN or Inf. " + remedy(config_.train.clip, what, step));
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
  evaluate_epoch(row);
  return row;
}

void Trainer::evaluate_epoch(EpochRow& row) {
  if (validation_) {
    const std::string part = "the validation data after epoch " + std::to_string(row.epoch);
    const Evaluation evaluation = evaluate(*model_, *task_, *validation_, part);
    row.validation_loss = evaluation.loss;
    row.validation_headline = evaluation.value;
    const std::string headline = row.headline.name;
    for (const auto& [name, value] : evaluation.figures.items()) {
      if (watch_.figure == "validation_" + name && name != headline && value.is_number())
        row.more.emplace_back(watch_.figure, value.get<double>());
    }
  }
  if (config_.train.test_every_epoch) {
    const std::string part = "the test data after epoch " + std::to_string(row.epoch);
    const Evaluation evaluation = evaluate(*model_, *task_, test_, part);
    row.more.emplace_back("test_loss", evaluation.loss);
    row.more.emplace_back("test_" + row.headline.name, evaluation.value);
  }
}

bool Trainer::record(const EpochRow& row) {
  state_.train_losses.push_back(row.train_loss);
  state_.watched.push_back(row.validation_loss.value_or(row.train_loss));
  if (watch_.asked) state_.watched_figure.push_back(watch_.value_of(row));
  const bool best =
      watch_.figure.empty() || watch_.last_is_best(watch_.asked ? state_.watched_figure : state_.watched);
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
  check_state(state, stored.train, std::nullopt, name);
  check_resume(stored, state, config_, *schedule_, plan_, name);
  if (state.data_fingerprint != state_.data_fingerprint) {
    throw Error(ExitStatus::kData, "cannot resume " + name +
                                       ": data.root or other data files have changed since (" +
                                       "fingerprint " + state.data_fingerprint.substr(0, 12) + " then, " +
                                       state_.data_fingerprint.substr(0, 12) + " now)");
  }
  check_state(state, stored.train, train_.size(), name);
  if (std::ssize(state.watched_figure) != (watch_.asked ? state.epoch : 0)) {
    throw Error(ExitStatus::kFailed,
                name + ": its training state is damaged: watched_figure is not what train.watch asks for");
  }
  check_data(state, name);
  check_snapshot(checkpoint, stored, state, *model_, name);
  restore_snapshot(checkpoint, *model_, *optimizer_, device_);
  state_ = std::move(state);
  steps_read_ = state_.step;
}

// With the same data, what the state says of them must be what they are.
void Trainer::check_data(const TrainState& state, const std::string& name) const {
  if (state.shape == state_.shape && state.class_names == state_.class_names) return;
  throw Error(ExitStatus::kFailed, name +
                                       ": its training state is damaged: shape or class_names are not those "
                                       "of its data; use another checkpoint");
}

void Trainer::load_weights(const Checkpoint& checkpoint, const std::string& name) {
  check_snapshot(checkpoint, config_, TrainState::from_json(checkpoint.state, name), *model_, name);
  restore(checkpoint, model_tensors(*model_));
}

Evaluation Trainer::test() {
  return evaluate(*model_, *task_, test_, "the test data", /*detailed=*/true);
}

Evaluation Trainer::held_out() {
  constexpr int64_t kExamples = 1000;
  if (validation_) return evaluate(*model_, *task_, *validation_, "the validation data");
  return evaluate(*model_, *task_, train_, "the training data", /*detailed=*/false, kExamples);
}

}  // namespace actlab

#include "train/trainer.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>

#include "checkpoint/resume.h"
#include "core/error.h"
#include "core/log.h"
#include "core/random.h"
#include "core/suggest.h"
#include "core/text.h"
#include "data/order.h"
#include "rundir/line_log.h"
#include "train/evaluator.h"
#include "train/finite.h"
#include "train/model_state.h"
#include "train/monitor.h"

namespace actlab {
namespace {

using Clock = std::chrono::steady_clock;
using torch::Tensor;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

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
  for (const auto& module : model.named_modules("", /*include_self=*/false)) {
    if (module.value()->as<Activation>() == nullptr) continue;
    for (const auto& parameter : module.value()->named_parameters()) {
      names.push_back(module.key() + "." + parameter.key());
    }
  }
  return names;
}

// Batch normalisation has no variance over one value a channel.
void check_last_batch(const Model& model, int64_t examples, const TrainOptions& options) {
  const int64_t rest = examples % options.batch_size;
  if (options.batch_size > 1 && (rest != 1 || options.drop_last)) return;
  for (const auto& module : model.modules(/*include_self=*/false)) {
    if (module->as<torch::nn::BatchNorm1d>() == nullptr && module->as<torch::nn::BatchNorm2d>() == nullptr)
      continue;
    throw Error(ExitStatus::kUsage, "batch_norm cannot train on a batch of one example, which the last of " +
                                        std::to_string(examples) +
                                        " leaves; set train.drop_last=true or another train.batch_size");
  }
}

std::vector<NamedTensor> named_parameters(const Model& model) {
  std::vector<NamedTensor> parameters;
  for (const auto& item : model.named_parameters()) parameters.emplace_back(item.key(), item.value());
  return parameters;
}

// The generators that dropout draws from.
std::vector<std::pair<std::string, at::Generator>> generators(torch::Device device) {
  std::vector<std::pair<std::string, at::Generator>> list = {
      {"random.cpu", at::globalContext().defaultGenerator(torch::kCPU)}};
  if (device.is_cuda()) list.emplace_back("random.cuda", at::globalContext().defaultGenerator(device));
  return list;
}

Tensor generator_state(at::Generator generator) {
  const std::scoped_lock lock(generator.mutex());
  return generator.get_state();
}

std::string text_of(double value) {
  return nlohmann::json(value).dump();
}

std::string share_line(double share, double seconds) {
  constexpr double kMuch = 0.03;
  constexpr double kLong = 1;  // of a run that is over at once, a large share is little
  return formatted("diagnosis took %.1f %% of the time", 100 * share) +
         (share > kMuch && seconds > kLong ? "; less with diagnose.examples or diagnose.every" : "");
}

int64_t step_of_csv(const std::string& line) {
  int64_t step = -1;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), step);
  return error == std::errc() && std::count(line.begin(), line.end(), ',') == 2 ? step : -1;
}

}  // namespace

struct Trainer::Session {
  RunDirectory& run;
  const StopSignals& signals;
  Progress progress;
  LineLog steps;
  Monitor monitor;
};

Trainer::Trainer(const Config& config, const DataParts& data, std::shared_ptr<Model> model,
                 torch::Device device)
    : config_(config),
      data_(data),
      classes_(data.train.shape.classes),
      device_(device),
      model_(std::move(model)),
      loss_(config.loss, model_->output(), classes_),
      normalization_(data.normalization),
      train_(data.train, data.normalization, device, model_->convolutional()),
      test_(data.test, data.normalization, device, model_->convolutional()),
      steps_per_epoch_(count_steps(data.train.size(), config.train)) {
  if (data.validation.size() > 0) {
    validation_.emplace(data.validation, data.normalization, device, model_->convolutional());
  }
  check_last_batch(*model_, data.train.size(), config.train);
  place(*model_, device);
  parameters_ = named_parameters(*model_);
  optimizer_ = make_optimizer(config.optimizer, parameters_, without_decay(*model_));
  schedule_ = make_schedule(config.schedule, {optimizer_->base_lr(), config.train.epochs, steps_per_epoch_});
  state_.data_fingerprint = data.fingerprint;
  state_.shape = data.train.shape;
  state_.class_names = data.class_names;
  torch::manual_seed(stream_seed(config.seed, "dropout"));
}

bool Trainer::finished() const {
  return state_.epoch >= config_.train.epochs || stops_early(config_.train.early_stopping, state_.watched);
}

int Trainer::run(RunDirectory& run, const StopSignals& signals) {
  Session session{run, signals, Progress(config_.train.epochs, train_.size()),
                  LineLog(run.path() / "steps.csv", "step,loss,learning_rate"),
                  Monitor(config_.diagnose, steps_per_epoch_, *model_, loss_, train_, run, state_.step)};
  session.steps.keep(state_.step, step_of_csv);
  session.monitor.begin();
  model_->train();
  while (!finished()) {
    session.progress.begin_epoch(state_.epoch + 1, state_.examples);
    const int64_t examples_before = state_.examples;
    double seconds = 0;
    bool complete = false;
    try {
      complete = signals.requested() == 0 && run_epoch(session, seconds);
    } catch (const Error&) {  // the steps before a divergence show how it came
      session.progress.clear();
      session.steps.flush();
      throw;
    }
    session.progress.clear();
    session.steps.flush();
    if (!complete) {
      save(run.last_checkpoint());
      return signals.requested();
    }
    finish_epoch(session, seconds, state_.examples - examples_before);
  }
  if (!session.monitor.examinations().empty())
    log_info(share_line(session.monitor.share(), session.monitor.seconds()));
  // Nothing was left to train of a checkpoint that began a new run.
  if (!std::filesystem::exists(run.last_checkpoint())) save(run.last_checkpoint());
  return 0;
}

bool Trainer::run_epoch(Session& session, double& seconds) {
  auto begin = Clock::now();
  const auto order = epoch_order(train_.size(), config_.train.shuffle, config_.seed, state_.epoch);
  while (state_.batch < steps_per_epoch_) {
    const double rate = schedule_->rate(state_.step, state_.watched);
    session.monitor.before_step(state_.step);
    const double loss = next_step(order);
    session.steps.add(std::to_string(state_.step) + "," + text_of(loss) + "," + text_of(rate));
    session.progress.update(state_.examples, state_.loss_sum / static_cast<double>(state_.examples));
    if (session.monitor.due(state_.step)) {
      seconds += seconds_since(begin);
      session.monitor.examine(state_.step);
      begin = Clock::now();
    }
    const int64_t interval = config_.checkpoint.every.steps;
    if (interval > 0 && state_.step % interval == 0) {
      seconds += seconds_since(begin);
      session.steps.flush();
      save(session.run.last_checkpoint());
      begin = Clock::now();
    }
    if (session.signals.requested() != 0 && state_.batch < steps_per_epoch_) return false;
  }
  seconds += seconds_since(begin);
  return true;
}

std::vector<double> Trainer::run_steps(int64_t count) {
  std::vector<double> losses;
  std::vector<int64_t> order;
  model_->train();
  for (int64_t i = 0; i < count; ++i) {
    if (state_.batch == steps_per_epoch_) begin_next_epoch();
    if (i == 0 || state_.batch == 0) {
      order = epoch_order(train_.size(), config_.train.shuffle, config_.seed, state_.epoch);
    }
    losses.push_back(next_step(order));
  }
  return losses;
}

double Trainer::next_step(std::span<const int64_t> order) {
  const int64_t first = state_.batch * config_.train.batch_size;
  const int64_t size = std::min(config_.train.batch_size, train_.size() - first);
  return step(order.subspan(static_cast<size_t>(first), static_cast<size_t>(size)));
}

double Trainer::step(std::span<const int64_t> examples) {
  const Batch batch = train_.gather(examples);
  optimizer_->zero_grad();
  const Tensor output = model_->forward(batch.inputs);
  // Before the loss: binary cross-entropy stops with an assertion of its own on a NaN.
  if (!all_finite({output.detach()})) diverge("the model's output");
  const Tensor loss = loss_(output, loss_.targets(batch.labels));
  const double value = loss.item<double>();
  if (!std::isfinite(value)) diverge("the loss");
  loss.backward();
  check_gradients();
  clip_gradients();
  optimizer_->step(schedule_->rate(state_.step, state_.watched));
  check_parameters();
  ++state_.step;
  ++state_.batch;
  state_.examples += static_cast<int64_t>(examples.size());
  state_.loss_sum += value * static_cast<double>(examples.size());
  return value;
}

// Looks all tensors through at once; which one it was is only asked when one is bad.
void Trainer::check_gradients() const {
  std::vector<Tensor> gradients;
  for (const auto& [name, parameter] : parameters_) gradients.push_back(parameter.grad());
  if (all_finite(gradients)) return;
  for (const auto& [name, parameter] : parameters_) {
    if (!all_finite({parameter.grad()})) diverge("the gradient of " + name);
  }
}

void Trainer::check_parameters() const {
  const std::string bad = first_non_finite(parameters_);
  if (!bad.empty()) diverge(bad);
}

void Trainer::clip_gradients() {
  const ClipOptions& clip = config_.train.clip;
  if (clip.norm > 0) torch::nn::utils::clip_grad_norm_(model_->parameters(), clip.norm);
  if (clip.value > 0) torch::nn::utils::clip_grad_value_(model_->parameters(), clip.value);
}

void Trainer::diverge(const std::string& tensor) const {
  throw Error(
      ExitStatus::kDiverged,
      "training diverged at step " + std::to_string(state_.step + 1) + " (epoch " +
          std::to_string(state_.epoch + 1) + "): " + tensor +
          " holds NaN or Inf. This step was not saved; lower optimizer.lr, or clip with train.clip.norm=1");
}

void Trainer::finish_epoch(Session& session, double seconds, int64_t examples) {
  EpochRow row;
  row.epoch = state_.epoch + 1;
  row.step = state_.step;
  row.train_loss = state_.loss_sum / static_cast<double>(state_.examples);
  row.learning_rate = schedule_->rate(state_.step - 1, state_.watched);
  row.seconds = seconds;
  row.samples_per_second = seconds > 0 ? static_cast<double>(examples) / seconds : 0;
  if (validation_) {
    const Metrics metrics = evaluate(*model_, loss_, *validation_, classes_);
    if (!std::isfinite(metrics.loss())) diverge("the validation loss");
    row.validation_loss = metrics.loss();
    row.validation_accuracy = metrics.accuracy();
  }
  const double watched = row.validation_loss.value_or(row.train_loss);
  // Without validation data nothing may choose an epoch, so the last one counts as the best.
  const bool best = !validation_ || state_.watched.empty() ||
                    watched < *std::min_element(state_.watched.begin(), state_.watched.end());
  state_.train_losses.push_back(row.train_loss);
  state_.watched.push_back(watched);
  begin_next_epoch();
  if (best) state_.best_epoch = state_.epoch;
  log_info(epoch_line(row, config_.train.epochs, best && validation_.has_value()));
  RunDirectory& run = session.run;
  run.add(row);
  const Interval& every = config_.checkpoint.every;
  const bool due = finished() || (every.epochs > 0 && state_.epoch % every.epochs == 0);
  if (best && (validation_ || due)) save(run.best_checkpoint());
  if (due) save(run.last_checkpoint());
}

void Trainer::begin_next_epoch() {
  ++state_.epoch;
  state_.batch = 0;
  state_.loss_sum = 0;
  state_.examples = 0;
}

std::vector<NamedTensor> Trainer::tensors() const {
  auto tensors = model_tensors(*model_);
  for (const auto& [name, tensor] : optimizer_->state()) tensors.emplace_back("optimizer." + name, tensor);
  return tensors;
}

void Trainer::save(const std::filesystem::path& path) const {
  auto saved = tensors();
  const std::string bad = first_non_finite(saved);
  if (!bad.empty()) diverge(bad);
  for (const auto& [name, generator] : generators(device_))
    saved.emplace_back(name, generator_state(generator));
  for (auto& tensor : normalization_tensors(normalization_)) saved.push_back(std::move(tensor));
  Node config = to_node(config_);
  for (const char* section : kNotTrained) config.erase(section);
  save_checkpoint(path, {to_yaml(config), state_.to_json(), saved});
}

void Trainer::check_config(const Config& stored, const TrainState& state, const std::string& name) const {
  Config with_our_epochs = stored;
  with_our_epochs.train.epochs = config_.train.epochs;
  const auto differences = config_differences(to_node(with_our_epochs), to_node(config_));
  if (!differences.empty()) {
    throw Error(ExitStatus::kUsage,
                "cannot resume " + name + ": the config differs in " + join(differences) +
                    "; only train.epochs may grow. Start a new run without --resume instead");
  }
  if (config_.train.epochs < stored.train.epochs) {
    throw Error(ExitStatus::kUsage, "cannot resume " + name + ": train.epochs is " +
                                        std::to_string(config_.train.epochs) + ", but was " +
                                        std::to_string(stored.train.epochs) + "; it may only grow");
  }
  const auto planned =
      make_schedule(stored.schedule, {optimizer_->base_lr(), stored.train.epochs, steps_per_epoch_});
  for (int64_t step = 0; step < state.step; ++step) {
    if (planned->rate(step, state.watched) == schedule_->rate(step, state.watched)) continue;
    throw Error(ExitStatus::kUsage,
                "cannot resume " + name + " with train.epochs=" + std::to_string(config_.train.epochs) +
                    ": the schedule " + component_type(config_.schedule) + " spans the whole run, so step " +
                    std::to_string(step) + " would have had another learning rate");
  }
}

void Trainer::resume(const Checkpoint& checkpoint, const Config& stored, const std::string& name) {
  const TrainState state = TrainState::from_json(checkpoint.state, name);
  check_config(stored, state, name);
  if (state.data_fingerprint != state_.data_fingerprint) {
    throw Error(ExitStatus::kData, "cannot resume " + name +
                                       ": data.root or other data files have changed since (" +
                                       "fingerprint " + state.data_fingerprint.substr(0, 12) + " then, " +
                                       state_.data_fingerprint.substr(0, 12) + " now)");
  }
  auto targets = tensors();
  auto random = generators(device_);
  std::vector<Tensor> states;
  for (const auto& [key, generator] : random) {
    states.push_back(generator_state(generator).clone());
    targets.emplace_back(key, states.back());
  }
  restore(checkpoint, {"model.", "optimizer.", "random."}, targets, name);
  for (size_t i = 0; i < random.size(); ++i) {
    const std::scoped_lock lock(random[i].second.mutex());
    random[i].second.set_state(states[i]);
  }
  state_ = state;
}

EvaluationRecord Trainer::test(const std::filesystem::path& checkpoint) {
  restore(load_checkpoint(checkpoint), {"model."}, model_tensors(*model_), checkpoint.string());
  return record_evaluation(*model_, loss_, test_, data_.test, "test", data_.class_names);
}

Metrics Trainer::held_out() {
  constexpr int64_t kExamples = 1000;
  if (validation_) return evaluate(*model_, loss_, *validation_, classes_);
  return evaluate(*model_, loss_, train_, classes_, {}, kExamples);
}

}  // namespace actlab

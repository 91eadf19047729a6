#include "train/monitor.h"

#include <algorithm>

namespace actlab {
namespace {

// One in two hundred costs about one in fifty of an epoch's time; fewer than 100 would call too many units
// dead.
int64_t examples_to_examine(const Auto<int64_t>& wanted, int64_t available) {
  const int64_t count = wanted.value.value_or(std::clamp<int64_t>(available / 200, 100, 1000));
  return std::min(count, available);
}

// -1 where the line is damaged.
int64_t step_of_json(const std::string& line) {
  try {
    const auto json = nlohmann::json::parse(line);
    return json.at("layers").is_array() && json.at("step").is_number_integer()
               ? examination_from_json(json).step
               : -1;
  } catch (const nlohmann::json::exception&) {
    return -1;
  }
}

}  // namespace

Monitor::Monitor(const DiagnoseOptions& options, int64_t steps_per_epoch, Model& model, const Loss& loss,
                 const Loader& train, const RunDirectory& run, int64_t step)
    : steps_per_epoch_(steps_per_epoch),
      interval_(options.every.steps > 0 ? options.every.steps : options.every.epochs * steps_per_epoch),
      count_(examples_to_examine(options.examples, train.size())),
      step_(step),
      model_(model),
      loss_(loss),
      train_(train),
      log_(run.path() / "diagnostics.jsonl") {
  for (const auto& line : log_.keep(step, step_of_json)) {
    examinations_.push_back(examination_from_json(nlohmann::json::parse(line)));
    lives_.follow(examinations_.back());
  }
}

void Monitor::begin() {
  if (step_ == 0 && count_ > 0 && model_.hidden().size() > 0 && examinations_.empty()) examine(0);
}

void Monitor::before_step(int64_t step) {
  if (!due(step + 1)) return;
  const auto begin = Clock::now();
  update_.emplace(model_);
  seconds_ += std::chrono::duration<double>(Clock::now() - begin).count();
}

double Monitor::share() const {
  const double all = std::chrono::duration<double>(Clock::now() - begun_).count();
  return all > 0 ? seconds_ / all : 0;
}

void Monitor::examine(int64_t step) {
  const auto begin = Clock::now();
  const auto gather = [this](int64_t first, int64_t n) {
    const Batch batch = train_.gather_spread(first, n, count_);
    return std::pair{batch.inputs, batch.labels};
  };
  const auto loss = [this](const torch::Tensor& output, const torch::Tensor& labels) {
    return loss_(output, loss_.targets(labels));
  };
  Examination found = actlab::examine(model_, loss, {count_, gather});
  found.epoch = step / steps_per_epoch_;
  found.step = step;
  lives_.follow(found);
  if (update_) add_update_ratios(found, update_->measure());
  update_.reset();
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  seconds_ += seconds;
  found.seconds = seconds;
  found.share = share();
  log_.add(to_json(found).dump());
  log_.flush();
  examinations_.push_back(std::move(found));
}

}  // namespace actlab

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

}  // namespace

Monitor::Monitor(const DiagnoseOptions& options, int64_t steps_per_epoch, Model& model, const Task& task,
                 const Loader& train, std::vector<Examination> before)
    : steps_per_epoch_(steps_per_epoch),
      interval_(options.every.steps > 0 ? options.every.steps : options.every.epochs * steps_per_epoch),
      count_(examples_to_examine(options.examples, train.size())),
      model_(model),
      task_(task),
      train_(train),
      examinations_(std::move(before)) {
  for (auto& examination : examinations_) lives_.follow(examination);
}

bool Monitor::begins(int64_t step) const {
  return step == 0 && count_ > 0 && !model_.hidden().empty() && examinations_.empty();
}

void Monitor::before_step(int64_t step) {
  if (!due(step + 1)) return;
  const Stopwatch stopwatch;
  update_.emplace(model_);
  seconds_ += stopwatch.seconds();
}

double Monitor::share() const {
  const double all = since_begun_.seconds();
  return all > 0 ? seconds_ / all : 0;
}

const Examination& Monitor::examine(int64_t step) {
  const Stopwatch stopwatch;
  const auto gather = [this](int64_t first, int64_t n) {
    const Batch batch = train_.gather_spread(first, n, count_);
    return std::pair{batch.inputs, batch.labels};
  };
  const auto loss = [this](const torch::Tensor& output, const torch::Tensor& labels) {
    return task_.loss(output, labels);
  };
  Examination found = actlab::examine(model_, loss, {count_, gather});
  found.epoch = step / steps_per_epoch_;
  found.step = step;
  lives_.follow(found);
  if (update_) add_update_ratios(found, update_->measure());
  update_.reset();
  const double seconds = stopwatch.seconds();
  seconds_ += seconds;
  found.seconds = seconds;
  found.share = share();
  examinations_.push_back(std::move(found));
  return examinations_.back();
}

}  // namespace actlab

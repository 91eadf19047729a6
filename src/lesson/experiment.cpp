#include "lesson/experiment.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "data/registry.h"
#include "train/device.h"
#include "train/model_state.h"

namespace actlab {
namespace {

Config prepared(Config config, int64_t draw) {
  // Seeds go up to the largest number there is.
  config.seed = config.seed <= INT64_MAX - draw ? config.seed + draw : config.seed - draw;
  if (config.device == "auto") config.device = "cpu";
  config.threads.value = choose_threads(config.threads.value.value_or(1));
  return config;
}

}  // namespace

Experiment::Experiment(Config config, int64_t draw)
    : config_(prepared(std::move(config), draw)),
      device_(choose_device(config_.device)),
      data_(load_data(config_.data, config_.seed)),
      model_(new_model(config_, data_.train.shape())),
      task_(make_task(config_.loss, model_->output(), data_.class_names)),
      trainer_(config_, data_, model_, task_, device_),
      loader_(data_.train, data_.normalization, device_, model_->convolutional()) {}

Batch Experiment::batch(int64_t count) const {
  std::vector<int64_t> indices(static_cast<size_t>(std::min(count, loader_.size())));
  std::iota(indices.begin(), indices.end(), 0);
  return loader_.gather(indices);
}

double Experiment::input_second(int64_t examples) const {
  return batch(examples).inputs.square().mean(torch::kFloat64).item<double>();
}

Examination Experiment::examine(int64_t examples) {
  const Batch all = batch(examples);
  const ExaminedSet set{all.labels.size(0), [&](int64_t first, int64_t n) {
                          return std::pair(all.inputs.slice(0, first, first + n),
                                           all.labels.slice(0, first, first + n));
                        }};
  Examination examination = actlab::examine(
      *model_,
      [&](const torch::Tensor& output, const torch::Tensor& labels) { return task_->loss(output, labels); },
      set);
  examination.non_finite.throw_if_any("the training data", examination.examples);
  return examination;
}

}  // namespace actlab

#include "app/activation_timing.h"

#include <torch/autograd.h>

#include "core/error.h"
#include "core/median.h"
#include "core/stopwatch.h"

namespace actlab {
namespace {

using torch::Tensor;

constexpr int64_t kElements = 1 << 20;  // 4 MiB of floats, beyond the caches of a core
constexpr int kPasses = 7;
constexpr double kSeconds = 0.2;  // who asks for a formula shall not wait

// A number of features that the activation can follow.
int64_t fitting_width(const Activation& activation) {
  constexpr int64_t kWidth = 256;
  for (int64_t width = kWidth;; ++width) {
    try {
      activation.output_width(width);
      return width;
    } catch (const Error&) {
      if (width > 16 * kWidth) throw;
    }
  }
}

class TimedActivation {
 public:
  explicit TimedActivation(const ActivationSpec& spec) : activation_(spec) {
    const int64_t width = fitting_width(activation_);
    x_ = at::randn({kElements / width, width}).requires_grad_(true);
    inputs_ = activation_.parameters();
    inputs_.push_back(x_);
  }

  void pass() {
    const Stopwatch forward;
    const Tensor y = activation_.forward(x_);
    forward_.push_back(forward.seconds());
    const Tensor upstream = at::ones_like(y);
    const Stopwatch backward;
    torch::autograd::grad({y}, inputs_, {upstream}, std::nullopt, false, /*allow_unused=*/true);
    backward_.push_back(backward.seconds());
  }

  ActivationTime time() const {
    const double scale = 1e9 / static_cast<double>(x_.numel());
    return {scale * median(forward_).value(), scale * median(backward_).value()};
  }

 private:
  Activation activation_;
  Tensor x_;
  torch::autograd::variable_list inputs_;
  std::vector<double> forward_, backward_;  // seconds a pass
};

}  // namespace

TimedPair time_beside_relu(const ActivationSpec& spec) {
  TimedActivation activation(spec);
  TimedActivation relu({"relu", {}});
  const Stopwatch watch;
  for (int i = 0; i < kPasses && (i == 0 || watch.seconds() < kSeconds); ++i) {
    activation.pass();
    relu.pass();
  }
  return {activation.time(), relu.time()};
}

}  // namespace actlab

#include "app/activation_timing.h"

#include <chrono>

#include "core/error.h"
#include "core/median.h"

namespace actlab {
namespace {

using torch::Tensor;

constexpr int64_t kElements = 1 << 23;  // 32 MiB of floats
constexpr int kPasses = 7;

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

double nanoseconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count();
}

class Stopwatch {
 public:
  explicit Stopwatch(const ActivationSpec& spec) : activation_(spec) {
    const int64_t width = fitting_width(activation_);
    x_ = at::randn({kElements / width, width}).requires_grad_(true);
    inputs_ = activation_.parameters();
    inputs_.push_back(x_);
  }

  void pass() {
    auto start = std::chrono::steady_clock::now();
    const Tensor y = activation_.forward(x_);
    forward_.push_back(nanoseconds_since(start));
    const Tensor upstream = at::ones_like(y);
    start = std::chrono::steady_clock::now();
    torch::autograd::grad({y}, inputs_, {upstream}, std::nullopt, false, /*allow_unused=*/true);
    backward_.push_back(nanoseconds_since(start));
  }

  ActivationTime time() const {
    const auto elements = static_cast<double>(x_.numel());
    return {median(forward_).value() / elements, median(backward_).value() / elements};
  }

 private:
  Activation activation_;
  Tensor x_;
  torch::autograd::variable_list inputs_;
  std::vector<double> forward_, backward_;
};

}  // namespace

TimedPair time_beside_relu(const ActivationSpec& spec) {
  Stopwatch activation(spec);
  Stopwatch relu({"relu", {}});
  for (int i = 0; i < kPasses; ++i) {
    activation.pass();
    relu.pass();
  }
  return {activation.time(), relu.time()};
}

}  // namespace actlab

// What a formula costs beside LibTorch's own function: forward and backward of the activation alone, by
// operations on whole tensors ("plain") too, and in whole training steps of SimpleCNN.
//   formula [THREADS] [ROUNDS]
#include <ATen/Parallel.h>
#include <torch/torch.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "activation/formula_function.h"
#include "app/catalogue.h"
#include "core/stopwatch.h"
#include "core/tuning.h"
#include "formula/parser.h"
#include "lesson/experiment.h"

namespace {

using actlab::FormulaFunction;
using actlab::parse_formula;
using torch::Tensor;
using Activation = std::function<Tensor(const Tensor&)>;

constexpr int64_t kBatch = 100;
constexpr int64_t kSteps = 10;

struct Contest {
  std::string name;
  Activation builtin;
  std::string formula;
};

double seconds_of(const std::function<void()>& work) {
  const actlab::Stopwatch watch;
  work();
  return watch.seconds();
}

// The medians of both, measured in turns, so that both see the same disturbances.
std::pair<double, double> medians(const std::function<void()>& a, const std::function<void()>& b,
                                  int rounds) {
  std::vector<double> of_a;
  std::vector<double> of_b;
  a();
  b();
  for (int i = 0; i < rounds; ++i) {
    of_a.push_back(seconds_of(a));
    of_b.push_back(seconds_of(b));
  }
  const auto median = [](std::vector<double>& all) {
    std::nth_element(all.begin(), all.begin() + static_cast<long>(all.size() / 2), all.end());
    return all[all.size() / 2];
  };
  return {median(of_a), median(of_b)};
}

std::function<void()> function_alone(const Activation& f, const Tensor& x, const Tensor& upstream) {
  return [=] {
    const Tensor input = x.detach().requires_grad_();
    f(input).backward(upstream);
  };
}

// Some steps of the tutorial's SimpleCNN by the program's own trainer.
std::function<void()> training_steps(const std::string& activation, int threads) {
  const std::string text =
      "data: {type: synthetic, shape: [1, 28, 28], examples: 2000}\n"
      "model: {type: simple_cnn, activation: " +
      activation +
      "}\n"
      "loss: nll\n"
      "optimizer: {type: adam, lr: 0.001}\n"
      "train: {batch_size: " +
      std::to_string(kBatch) +
      "}\n"
      "threads: " +
      std::to_string(threads) + "\n";
  actlab::Problems problems;
  const actlab::Config config = actlab::parse_checked_config(text, "benchmark", {}, problems);
  problems.throw_if_any();
  const auto experiment = std::make_shared<actlab::Experiment>(config);
  return [=] { experiment->train(kSteps); };
}

void report(const std::string& what, const std::pair<double, double>& seconds) {
  std::printf("%-38s %8.2f ms %8.2f ms %7.2f\n", what.c_str(), 1e3 * seconds.first, 1e3 * seconds.second,
              seconds.second / seconds.first);
}

void run(const Contest& contest, int threads, int rounds) {
  const auto function = std::make_shared<FormulaFunction>(parse_formula(contest.formula));
  const Activation formula = [function](const Tensor& x) { return (*function)(x); };
  const Activation plain = [function](const Tensor& x) { return function->plain(x); };
  for (const auto& shape : {std::vector<int64_t>{kBatch, 32, 28, 28}, {kBatch, 64, 14, 14}, {kBatch, 100}}) {
    Tensor x = torch::randn(shape);
    if (shape.size() == 4) x = x.contiguous(at::MemoryFormat::ChannelsLast);
    const Tensor upstream = torch::randn_like(x);
    const std::string name = contest.name + " [" + std::to_string(shape[0]) + ", " +
                             std::to_string(shape[1]) +
                             (shape.size() == 4 ? ", " + std::to_string(shape[2]) + "^2]" : "]");
    const auto builtin = function_alone(contest.builtin, x, upstream);
    report(name, medians(builtin, function_alone(formula, x, upstream), rounds));
    report(name + " plain", medians(builtin, function_alone(plain, x, upstream), rounds));
  }
  report(contest.name + ", 10 steps of SimpleCNN",
         medians(training_steps(contest.name, threads),
                 training_steps("{formula: \"" + contest.formula + "\"}", threads), rounds));
}

}  // namespace

int main(int argc, char** argv) {
  actlab::restart_for_speed(argv);
  actlab::keep_freed_memory();
  const int threads = argc > 1 ? std::atoi(argv[1]) : 2;
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 40;
  if (threads < 1 || rounds < 1) {
    std::fprintf(stderr, "usage: formula [THREADS] [ROUNDS]\n");
    return EXIT_FAILURE;
  }
  at::set_num_threads(threads);
  std::printf("%-38s %11s %11s %7s\n", "median of a round", "built-in", "formula", "ratio");
  for (const auto& contest : std::vector<Contest>{
           {"silu", [](const Tensor& x) { return at::silu(x); }, "x * sigmoid(x)"},
           {"gelu", [](const Tensor& x) { return at::gelu(x); }, "0.5 * x * (1 + erf(x / sqrt(2)))"}}) {
    run(contest, threads, rounds);
  }
  return EXIT_SUCCESS;
}

// What a formula costs beside LibTorch's own function: forward and backward of the activation alone, and
// whole training steps of the two-convolution network of configs/mnist_cnn.yaml.
//   formula [THREADS] [ROUNDS]
#include <ATen/Parallel.h>
#include <torch/torch.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "models/formula_function.h"

namespace {

using actlab::FormulaFunction;
using actlab::parse_formula;
using torch::Tensor;
using Activation = std::function<Tensor(const Tensor&)>;

constexpr int64_t kBatch = 100;

struct Contest {
  std::string name;
  Activation builtin;
  std::string formula;
};

struct Network : torch::nn::Module {
  explicit Network(Activation f) : activation(std::move(f)) {
    register_module("conv1", conv1);
    register_module("conv2", conv2);
    register_module("fc", fc);
    to(at::kFloat);
    for (auto& parameter : parameters()) {
      if (parameter.dim() == 4) parameter.set_data(parameter.contiguous(at::MemoryFormat::ChannelsLast));
    }
  }

  Tensor forward(const Tensor& x) {
    Tensor h = at::max_pool2d(activation(conv1->forward(x)), 2);
    h = at::max_pool2d(activation(conv2->forward(h)), 2);
    return fc->forward(h.flatten(1));
  }

  Activation activation;
  torch::nn::Conv2d conv1{torch::nn::Conv2dOptions(1, 32, 3).padding(1)};
  torch::nn::Conv2d conv2{torch::nn::Conv2dOptions(32, 64, 3).padding(1)};
  torch::nn::Linear fc{64 * 7 * 7, 10};
};

double seconds_of(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
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

std::function<void()> training_step(const Activation& f) {
  torch::manual_seed(1);
  const auto network = std::make_shared<Network>(f);
  const auto optimizer =
      std::make_shared<torch::optim::Adam>(network->parameters(), torch::optim::AdamOptions(0.001));
  const Tensor x = torch::rand({kBatch, 1, 28, 28}).contiguous(at::MemoryFormat::ChannelsLast);
  const Tensor labels = torch::randint(10, {kBatch});
  return [=] {
    optimizer->zero_grad();
    torch::nn::functional::cross_entropy(network->forward(x), labels).backward();
    optimizer->step();
  };
}

void report(const std::string& what, const std::pair<double, double>& seconds) {
  std::printf("%-34s %8.2f ms %8.2f ms %7.2f\n", what.c_str(), 1e3 * seconds.first, 1e3 * seconds.second,
              seconds.second / seconds.first);
}

void run(const Contest& contest, int rounds) {
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
  const auto builtin = training_step(contest.builtin);
  report(contest.name + " training step", medians(builtin, training_step(formula), rounds));
  report(contest.name + " training step, plain", medians(builtin, training_step(plain), rounds));
}

}  // namespace

int main(int argc, char** argv) {
  const int threads = argc > 1 ? std::atoi(argv[1]) : 2;
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 40;
  if (threads < 1 || rounds < 1) {
    std::fprintf(stderr, "usage: formula [THREADS] [ROUNDS]\n");
    return EXIT_FAILURE;
  }
  at::set_num_threads(threads);
  std::printf("%-34s %11s %11s %7s\n", "median of a round", "built-in", "formula", "ratio");
  for (const auto& contest : std::vector<Contest>{
           {"silu", [](const Tensor& x) { return at::silu(x); }, "x * sigmoid(x)"},
           {"gelu", [](const Tensor& x) { return at::gelu(x); }, "0.5 * x * (1 + erf(x / sqrt(2)))"}}) {
    run(contest, rounds);
  }
  return EXIT_SUCCESS;
}

// Trains one of the two models through LibTorch's own data API: datasets::MNIST, Normalize, Stack,
// DataLoader, and torch::optim::Adam, as its tutorials do. A peer of benchmarks/compare_pytorch, which reads
// what it prints.
#include <torch/torch.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <utility>

namespace {

namespace nn = torch::nn;
using torch::Tensor;

constexpr int64_t kBatch = 100;

struct Arguments {
  std::string model;
  std::string data;
  int64_t examples;
  int64_t epochs;
  int threads;
  uint64_t seed;
};

nn::Sequential make_model(const std::string& name) {
  if (name == "classifier") {
    return nn::Sequential(nn::Flatten(), nn::Linear(784, 100), nn::ReLU(), nn::Linear(100, 1), nn::Sigmoid());
  }
  return nn::Sequential(nn::Conv2d(nn::Conv2dOptions(1, 32, 3).padding(1)), nn::ReLU(), nn::MaxPool2d(2),
                        nn::Conv2d(nn::Conv2dOptions(32, 64, 3).padding(1)), nn::ReLU(), nn::MaxPool2d(2),
                        nn::Flatten(), nn::Linear(64 * 7 * 7, 10), nn::LogSoftmax(1));
}

Tensor loss_of(const std::string& name, const Tensor& output, const Tensor& labels) {
  if (name != "classifier") return torch::nll_loss(output, labels);
  return torch::binary_cross_entropy(output, labels.remainder(2).to(torch::kFloat32).unsqueeze(1));
}

int train(const Arguments& arguments) {
  at::set_num_threads(arguments.threads);
  torch::manual_seed(arguments.seed);
  auto data = torch::data::datasets::MNIST(arguments.data)
                  .map(torch::data::transforms::Normalize<>(0.1307, 0.3081))
                  .map(torch::data::transforms::Stack<>());
  // A sampler of fewer examples than the data have draws from the first ones.
  auto loader =
      torch::data::make_data_loader(std::move(data), torch::data::samplers::RandomSampler(arguments.examples),
                                    torch::data::DataLoaderOptions().batch_size(kBatch));
  auto model = make_model(arguments.model);
  torch::optim::Adam optimizer(model->parameters(), torch::optim::AdamOptions(0.001));
  std::string speeds;
  double train_loss = 0;
  for (int64_t epoch = 0; epoch < arguments.epochs; ++epoch) {
    const auto begin = std::chrono::steady_clock::now();
    Tensor total = torch::zeros({});
    for (auto& batch : *loader) {
      optimizer.zero_grad();
      Tensor loss = loss_of(arguments.model, model->forward(batch.data), batch.target);
      loss.backward();
      optimizer.step();
      total += loss.detach() * batch.data.size(0);
    }
    train_loss = total.item<double>() / static_cast<double>(arguments.examples);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    speeds +=
        (epoch > 0 ? ", " : "") + std::to_string(static_cast<double>(arguments.examples) / seconds.count());
  }
  std::printf("{\"samples_per_second\": [%s], \"train_loss\": %g}\n", speeds.c_str(), train_loss);
  return EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 7) {
    std::fprintf(stderr, "usage: libtorch_dataloader classifier|cnn DATA EXAMPLES EPOCHS THREADS SEED\n");
    return EXIT_FAILURE;
  }
  try {
    return train({argv[1], argv[2], std::stoll(argv[3]), std::stoll(argv[4]), std::stoi(argv[5]),
                  std::stoull(argv[6])});
  } catch (const std::exception& e) {
    std::fprintf(stderr, "libtorch_dataloader: %s\n", e.what());
    return EXIT_FAILURE;
  }
}

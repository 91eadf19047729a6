// Trains one of actlab's models and asks it about an image; docs/library.md says more.
#include <actlab/actlab.h>
#include <torch/types.h>

#include <iostream>

int main() try {
  const auto config = actlab::TrainingConfig::from_text(R"(
    data: {type: synthetic, examples: 2000, validation: 0.1}
    model: {type: simple_cnn, activation: elu}
    loss: nll
    train: {epochs: 2}
  )");
  const actlab::TrainingResult run = actlab::train(config);
  std::cout << run.headline.name << ' ' << run.headline.value << " after " << run.epochs << " epochs\n"
            << "saved as " << run.checkpoint.string() << '\n';

  const auto model = actlab::load_model(run.checkpoint);
  const torch::Tensor image = torch::randint(256, {1, 1, 28, 28});
  std::cout << "class " << model->predict(image).argmax(1).item<int64_t>() << '\n';
} catch (const actlab::Error& error) {
  std::cerr << error.what() << '\n';
  return static_cast<int>(error.status());
}

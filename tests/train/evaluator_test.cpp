#include "train/evaluator.h"

#include <gtest/gtest.h>
#include <torch/utils.h>

#include <cmath>

#include "models/registry.h"
#include "train/tasks.h"

namespace actlab::test {
namespace {

// On the CPU the loss would throw; on a GPU its assertion ends the process's use of it.
TEST(Evaluate, AnOutputThatIsNanMakesTheLossNanAndNoFailure) {
  const auto model =
      make_model(resolved(model_section(), "{type: binary_classifier, hidden: 4}"), {1, 1, 3}, 2);
  {
    const torch::NoGradGuard no_grad;
    model->parameters()[0].fill_(std::nan(""));
  }
  const Part data({1, 1, 3, 2}, Bytes(12, 7), {0, 1, 0, 1});
  const Loader loader(data, {{0}, {1}}, torch::kCPU, false);
  const Evaluation evaluation = evaluate(*model, classification("bce", model->output(), 2), loader);
  EXPECT_TRUE(std::isnan(evaluation.loss));
  EXPECT_EQ(evaluation.examples, 4);
}

}  // namespace
}  // namespace actlab::test

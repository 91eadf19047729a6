#include "train/evaluator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/utils.h>

#include <cmath>

#include "core/test_support.h"
#include "models/registry.h"
#include "train/tasks.h"

namespace actlab::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

class EvaluateBadNumbers : public testing::Test {
 protected:
  // What is said of five examples whose only pixels are these, of a linear model with weights of 1.
  std::string error_on(const std::string& model_yaml, const std::string& loss, const Bytes& pixels,
                       float scale) {
    const auto model = make_model(resolved(model_section(), model_yaml), {1, 1, 1}, 2);
    {
      const torch::NoGradGuard no_grad;
      for (auto& parameter : model->parameters()) parameter.fill_(1);
    }
    const Part data({1, 1, 1, 2}, pixels, {0, 1, 0, 1, 0});
    const Loader loader(data, {{0}, {1 / scale}}, torch::kCPU, false);
    const Classification task = classification(loss, model->output(), 2);
    return error_of([&] { evaluate(*model, task, loader, "the test data"); }, ExitStatus::kDiverged);
  }
};

constexpr const char* kExponential = "{type: mlp, hidden: 2, activation: {formula: \"exp(x)\"}}";

TEST_F(EvaluateBadNumbers, OutputsAreCountedAndTheFirstIsNamed) {
  EXPECT_THAT(error_on(kExponential, "cross_entropy", {1, 1, 255, 1, 255}, 200),
              AllOf(StartsWith("the test data: 2 of 5 examples have outputs"), HasSubstr("is example 2 ")));
}

// The outputs are finite, their square is not.
TEST_F(EvaluateBadNumbers, SoAreLosses) {
  EXPECT_THAT(error_on("{type: mlp, hidden: 1, outputs: 1}", "mse", {0, 255, 0, 0, 0}, 1e30F),
              AllOf(HasSubstr("1 of 5 examples"), HasSubstr("is example 1 ")));
}

// On the CPU the loss would throw; on a GPU its assertion ends the process's use of it.
TEST_F(EvaluateBadNumbers, BinaryCrossEntropyIsNotAskedOfNan) {
  const auto model =
      make_model(resolved(model_section(), "{type: binary_classifier, hidden: 4}"), {1, 1, 3}, 2);
  {
    const torch::NoGradGuard no_grad;
    model->parameters()[0].fill_(std::nan(""));
  }
  const Part data({1, 1, 3, 2}, Bytes(12, 7), {0, 1, 0, 1});
  const Loader loader(data, {{0}, {1}}, torch::kCPU, false);
  const Classification task = classification("bce", model->output(), 2);
  EXPECT_THAT(error_of([&] { evaluate(*model, task, loader, "the test data"); }, ExitStatus::kDiverged),
              HasSubstr("4 of 4 examples"));
}

}  // namespace
}  // namespace actlab::test

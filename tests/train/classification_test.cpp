#include "train/classification.h"

#include <gtest/gtest.h>

#include "train/tasks.h"

namespace actlab::test {
namespace {

using torch::Tensor;

TEST(PredictedClass, OfTwoEqualOnesIsTheSecondOfTwoAndTheFirstOfMore) {
  EXPECT_EQ(predicted_class(std::vector<float>{0.5F, 0.5F}), 1);
  EXPECT_EQ(predicted_class(std::vector<float>{0.6F, 0.4F}), 0);
  EXPECT_EQ(predicted_class(std::vector<float>{0.2F, 0.4F, 0.4F}), 1);
}

TEST(Classification, TargetsAreWhatTheLossTakes) {
  const Tensor labels = torch::tensor({1, 0, 1});
  EXPECT_TRUE(classification("cross_entropy", {"logits", 3}, 3).targets(labels).equal(labels));
  const Tensor column = torch::tensor({{1.F}, {0.F}, {1.F}});
  EXPECT_TRUE(classification("bce", {"sigmoid", 1}, 2).targets(labels).equal(column));
  const Tensor rows = torch::tensor({{0.F, 1.F, 0.F}, {1.F, 0.F, 0.F}, {0.F, 1.F, 0.F}});
  EXPECT_TRUE(classification("mse", {"softmax", 3}, 3).targets(labels).equal(rows));
}

TEST(Classification, ProbabilitiesFollowFromWhatTheModelPutsOut) {
  const auto of = [](const std::string& loss, const std::string& kind, const Tensor& output) {
    const int64_t classes = output.size(1) == 1 ? 2 : output.size(1);
    return classification(loss, {kind, output.size(1)}, classes).probabilities(output);
  };
  const Tensor logits = torch::tensor({{0.5F, -1.F, 2.F}, {0.F, 0.F, 0.F}});
  const Tensor expected = logits.softmax(1);
  EXPECT_TRUE(of("cross_entropy", "logits", logits).allclose(expected));
  EXPECT_TRUE(of("nll", "log_softmax", logits.log_softmax(1)).allclose(expected));
  EXPECT_TRUE(of("mse", "softmax", expected).equal(expected));
  const Tensor sigmoids = logits.sigmoid();
  EXPECT_TRUE(of("mse", "sigmoid", sigmoids).allclose(sigmoids / sigmoids.sum(1, true)));

  const Tensor one = torch::tensor({{2.F}, {-1.F}});
  const auto both = [](const Tensor& p) { return at::cat({1 - p, p}, 1); };
  EXPECT_TRUE(of("bce_with_logits", "logits", one).allclose(both(one.sigmoid())));
  EXPECT_TRUE(of("bce", "sigmoid", one.sigmoid()).allclose(both(one.sigmoid())));
  // The output itself is the estimate, held to what a probability can be.
  EXPECT_TRUE(of("mse", "logits", one).equal(both(torch::tensor({{1.F}, {0.F}}))));
}

}  // namespace
}  // namespace actlab::test

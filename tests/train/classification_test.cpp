#include "train/classification.h"

#include <gtest/gtest.h>

#include "train/tasks.h"

namespace actlab::test {
namespace {

using torch::Tensor;

TEST(PredictedClass, OfTwoEqualOnesIsTheSecondOfTwoAndTheFirstOfMore) {
  EXPECT_EQ(predicted_class(std::vector<double>{0.5, 0.5}), 1);
  EXPECT_EQ(predicted_class(std::vector<double>{0.6, 0.4}), 0);
  EXPECT_EQ(predicted_class(std::vector<double>{0.2, 0.4, 0.4}), 1);
}

TEST(Classification, TargetsAreWhatTheLossTakes) {
  const Tensor labels = torch::tensor({1, 0, 1});
  EXPECT_TRUE(classification("cross_entropy", {"logits", 3}, 3).targets(labels).equal(labels));
  const Tensor column = torch::tensor({{1.F}, {0.F}, {1.F}});
  EXPECT_TRUE(classification("bce", {"sigmoid", 1}, 2).targets(labels).equal(column));
  const Tensor rows = torch::tensor({{0.F, 1.F, 0.F}, {1.F, 0.F, 0.F}, {0.F, 1.F, 0.F}});
  EXPECT_TRUE(classification("mse", {"softmax", 3}, 3).targets(labels).equal(rows));
  EXPECT_TRUE(classification("bce", {"sigmoid", 3}, 3).targets(labels).equal(rows));
  EXPECT_TRUE(classification("bce_with_logits", {"logits", 3}, 3).targets(labels).equal(rows));
}

// As PyTorch's BCELoss has it with one-hot targets: mean over examples and outputs.
TEST(Classification, SeveralSigmoidsAreAYesOrNoEach) {
  const Tensor logits = torch::tensor({{0.5F, -1.F, 2.F}, {0.F, -3.F, 1.F}});
  const Tensor labels = torch::tensor({2, 0});
  const Tensor p = logits.sigmoid();
  const double expected = -(at::log(1 - p[0][0]) + at::log(1 - p[0][1]) + at::log(p[0][2]) +
                            at::log(p[1][0]) + at::log(1 - p[1][1]) + at::log(1 - p[1][2]))
                               .item<double>() /
                          6;
  const auto bce = classification("bce", {"sigmoid", 3}, 3);
  const auto with_logits = classification("bce_with_logits", {"logits", 3}, 3);
  EXPECT_NEAR(bce.loss(p, labels).item<double>(), expected, 1e-6);
  EXPECT_NEAR(with_logits.loss(logits, labels).item<double>(), expected, 1e-6);
  EXPECT_TRUE(with_logits.probabilities(logits).allclose(p / p.sum(1, true)));
  EXPECT_TRUE(bce.probabilities(p).allclose(p / p.sum(1, true)));
  // Far below what a float's sigmoid can hold, the larger one still is the larger one.
  const Tensor low = with_logits.probabilities(torch::tensor({{-120.F, -119.F, -130.F}}));
  EXPECT_EQ(low.argmax(1).item<int64_t>(), 1);
  EXPECT_NEAR(low.sum().item<double>(), 1, 1e-6);
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

TEST(Classification, DecisionsAreTheLogOddsOfTheProbabilities) {
  const auto of = [](const std::string& loss, const std::string& kind, const Tensor& logits) {
    const int64_t classes = logits.size(1) == 1 ? 2 : logits.size(1);
    return classification(loss, {kind, logits.size(1)}, classes).decisions(logits);
  };
  const auto log_odds = [](const Tensor& p) { return at::log(p / (1 - p)); };
  const Tensor logits = torch::tensor({{0.5F, -1.F, 2.F}, {0.F, 0.F, 0.F}});
  const Tensor expected = log_odds(logits.to(torch::kFloat64).softmax(1));
  EXPECT_TRUE(of("cross_entropy", "logits", logits).allclose(expected));
  EXPECT_TRUE(of("nll", "log_softmax", logits).allclose(expected));
  EXPECT_TRUE(of("mse", "softmax", logits).allclose(expected));
  const Tensor sigmoids = logits.to(torch::kFloat64).sigmoid();
  EXPECT_TRUE(of("mse", "sigmoid", logits).allclose(log_odds(sigmoids / sigmoids.sum(1, true))));
  const Tensor one = torch::tensor({{2.F}, {-1.F}});
  EXPECT_TRUE(of("bce", "sigmoid", one).equal(torch::tensor({{-2., 2.}, {1., -1.}}, torch::kFloat64)));
  EXPECT_TRUE(of("mse", "logits", one).equal(torch::tensor({{-1.5, 1.5}, {1.5, -1.5}}, torch::kFloat64)));
}

// Their probabilities are all 0 or 1 in float: a curve of them would be a guess.
TEST(Classification, DecisionsKeepTheOrderThatProbabilitiesLose) {
  const Tensor logits = torch::tensor({{0.F, 200.F, 10.F}, {0.F, 300.F, 10.F}, {300.F, 0.F, 20.F}});
  const Tensor decisions = classification("cross_entropy", {"logits", 3}, 3).decisions(logits);
  const auto at = [&](int64_t example, int64_t c) { return decisions[example][c].item<double>(); };
  EXPECT_NEAR(at(0, 1), 190, 1e-3);
  EXPECT_NEAR(at(1, 1), 290, 1e-3);
  EXPECT_NEAR(at(2, 1), -300, 1e-3);
  EXPECT_NEAR(at(2, 2), -280, 1e-3);
  EXPECT_TRUE(decisions.isfinite().all().item<bool>());
}

TEST(Classification, AucComesFromTheOrderOfTheOutputs) {
  const Classification task = classification("bce", {"sigmoid", 1}, 2);
  const Tensor logits = torch::tensor({{30.F}, {40.F}, {50.F}, {60.F}});  // sigmoid: 1 for all
  const auto scores = task.scores(/*detailed=*/true);
  scores->add(at::sigmoid(logits), logits, torch::tensor({0, 1, 0, 1}));
  EXPECT_EQ(scores->to_json()["auc"], 0.75);
  const Part part({1, 1, 1, 2}, Bytes(4), {0, 1, 0, 1});
  EXPECT_EQ(scores->details(part)["roc"][0]["auc"], 0.75);
}

}  // namespace
}  // namespace actlab::test

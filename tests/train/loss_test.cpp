#include "train/loss.h"

#include <gtest/gtest.h>

#include <cmath>

#include "parity.h"

namespace actlab::test {
namespace {

std::optional<ContractProblem> check_contract(const std::string& loss, const std::string& output,
                                              int64_t outputs, int64_t classes) {
  return Loss(resolved(loss_section(), loss)).check({output, outputs}, classes);
}

TEST(Contract, AcceptsWhatGoesTogether) {
  EXPECT_FALSE(check_contract("bce", "sigmoid", 1, 2));
  EXPECT_FALSE(check_contract("bce_with_logits", "logits", 1, 2));
  EXPECT_FALSE(check_contract("bce", "sigmoid", 10, 10));
  EXPECT_FALSE(check_contract("bce", "sigmoid", 2, 2));
  EXPECT_FALSE(check_contract("bce_with_logits", "logits", 3, 3));
  EXPECT_FALSE(check_contract("cross_entropy", "logits", 10, 10));
  EXPECT_FALSE(check_contract("cross_entropy", "logits", 2, 2));
  EXPECT_FALSE(check_contract("nll", "log_softmax", 10, 10));
  EXPECT_FALSE(check_contract("mse", "sigmoid", 1, 2));
  EXPECT_FALSE(check_contract("mse", "logits", 10, 10));
  EXPECT_FALSE(check_contract("mse", "softmax", 3, 3));
}

TEST(Contract, NamesTheMendForWhatDoesNot) {
  struct Case {
    const char *loss, *output;
    int64_t outputs, classes;
    const char* mend;
  };
  for (const Case& c : {Case{"bce", "sigmoid", 1, 10, "data.labels={positive: [...]}"},
                        {"bce", "sigmoid", 1, 10, "model.outputs=10"},
                        {"bce", "logits", 1, 2, "model.output=sigmoid, or loss=bce_with_logits"},
                        {"bce_with_logits", "sigmoid", 1, 2, "model.output=logits, or loss=bce"},
                        {"bce", "sigmoid", 3, 2, "model.outputs=1"},
                        {"bce", "sigmoid", 9, 10, "model.outputs=10"},
                        {"bce", "logits", 10, 10, "model.output=sigmoid, or loss=bce_with_logits"},
                        {"cross_entropy", "sigmoid", 10, 10, "model.output=logits, or loss=bce"},
                        {"nll", "logits", 10, 10, "model.output=log_softmax, or loss=cross_entropy"},
                        {"cross_entropy", "log_softmax", 10, 10, "model.output=logits, or loss=nll"},
                        {"cross_entropy", "logits", 1, 2, "loss=bce_with_logits"},
                        {"nll", "log_softmax", 5, 10, "model.outputs=10"},
                        {"mse", "log_softmax", 10, 10, "model.output=softmax"},
                        {"mse", "sigmoid", 1, 10, "model.outputs=10"}}) {
    const auto problem = check_contract(c.loss, c.output, c.outputs, c.classes);
    ASSERT_TRUE(problem) << c.loss << " " << c.output;
    EXPECT_NE(problem->suggestion.find(c.mend), std::string::npos)
        << c.loss << " " << c.output << ": " << problem->suggestion;
    EXPECT_NE(problem->message.find(c.loss), std::string::npos);
  }
}

double chance(const std::string& loss, const std::string& output, int64_t outputs, int64_t classes) {
  return Loss(resolved(loss_section(), loss)).chance({output, outputs}, classes);
}

TEST(Loss, ChanceIsTheLossOfEqualProbabilities) {
  EXPECT_DOUBLE_EQ(chance("bce", "sigmoid", 1, 2), std::log(2));
  EXPECT_DOUBLE_EQ(chance("bce_with_logits", "logits", 1, 2), std::log(2));
  EXPECT_DOUBLE_EQ(chance("cross_entropy", "logits", 10, 10), std::log(10));
  EXPECT_DOUBLE_EQ(chance("nll", "log_softmax", 10, 10), std::log(10));
  // -ln(1/10) at the right class, -ln(9/10) at nine others, over ten outputs.
  EXPECT_DOUBLE_EQ(chance("bce", "sigmoid", 10, 10), (std::log(10) - 9 * std::log(0.9)) / 10);
  EXPECT_DOUBLE_EQ(chance("mse", "sigmoid", 1, 2), 0.25);
  // (1 - 1/10)^2 at the right class, (1/10)^2 at nine others, over ten outputs.
  EXPECT_DOUBLE_EQ(chance("mse", "softmax", 10, 10), (0.81 + 9 * 0.01) / 10);
}

}  // namespace
}  // namespace actlab::test

#include "formula/blocks.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "formula/derivative.h"
#include "formula/formula_support.h"
#include "formula/parser.h"

namespace actlab::test {
namespace {

std::vector<double> points(size_t count) {
  std::vector<double> x(count);
  for (size_t i = 0; i < count; ++i) x[i] = 0.01 * static_cast<double>(i) - 4.03;
  return x;
}

// A whole block, and what is left of one.
TEST(FormulaBlocks, AreTheFormulaAtEveryPoint) {
  for (const auto& example : formula_examples()) {
    const Formula formula = parse_formula(example.text, example.parameters);
    const FormulaBlocks blocks(formula);
    FormulaBlocks::Worker<double> worker(blocks, example.values);
    for (const size_t size : {kFormulaBlock, size_t{77}, size_t{0}}) {
      const auto x = points(size);
      std::vector<double> y(size);
      worker.run(x.data(), size, {y.data()});
      for (size_t i = 0; i < size; ++i) {
        const double expected = evaluate(formula, x[i], example.values);
        EXPECT_NEAR(y[i], expected, 1e-12 * (1 + std::abs(expected))) << example.name << " at " << x[i];
      }
    }
  }
}

TEST(FormulaBlocks, GiveAPointTheSameBitsAnywhere) {
  const FormulaBlocks blocks(parse_formula("x * erf(x) + tanh(x)"));
  FormulaBlocks::Worker<float> worker(blocks, {});
  std::vector<float> x(kFormulaBlock, 0.7F);
  std::vector<float> y(kFormulaBlock);
  worker.run(x.data(), x.size(), {y.data()});
  for (const float value : y) EXPECT_EQ(value, y[0]);
  for (size_t size = 1; size < 40; ++size) {
    std::vector<float> part(size);
    worker.run(x.data(), size, {part.data()});
    for (const float value : part) EXPECT_EQ(value, y[0]) << size;
  }
}

TEST(FormulaBlocks, TakeWhatIsNoOperation) {
  const FormulaBlocks blocks(with_derivatives(parse_formula("x"), {"x", "x"}));
  FormulaBlocks::Worker<double> worker(blocks, {});
  const auto x = points(kFormulaBlock);
  std::vector<std::vector<double>> results(3, std::vector<double>(x.size()));
  worker.run(x.data(), x.size(), {results[0].data(), results[1].data(), results[2].data()});
  EXPECT_EQ(results[0], x);
  EXPECT_EQ(results[1], std::vector<double>(x.size(), 1));
  EXPECT_EQ(results[2], results[1]);
}

TEST(FormulaBlocks, GiveAllResults) {
  const Formula formula = with_derivatives(parse_formula("b * x^3", {"b"}), {"x", "b"});
  const FormulaBlocks blocks(formula);
  ASSERT_EQ(blocks.results(), 3U);
  FormulaBlocks::Worker<double> worker(blocks, {2});
  const auto x = points(kFormulaBlock);
  std::vector<std::vector<double>> results(3, std::vector<double>(x.size()));
  worker.run(x.data(), x.size(), {results[0].data(), results[1].data(), results[2].data()});
  for (size_t i = 0; i < x.size(); ++i) {
    EXPECT_NEAR(results[0][i], 2 * std::pow(x[i], 3), 1e-12);
    EXPECT_NEAR(results[1][i], 6 * std::pow(x[i], 2), 1e-12);
    EXPECT_NEAR(results[2][i], std::pow(x[i], 3), 1e-12);
  }
}

}  // namespace
}  // namespace actlab::test

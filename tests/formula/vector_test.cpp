#include "formula/vector.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace actlab::test {
namespace {

template <class T>
using Block = std::array<T, kFormulaBlock>;

// Every one of these with every other, as far as a block goes.
template <class T>
std::vector<T> numbers() {
  constexpr T kInfinity = std::numeric_limits<T>::infinity();
  std::vector<T> all = {
      0,  T(-0.0), 1,    -1,        T(0.5),     T(-0.5),  2,
      -3, 30,      -100, kInfinity, -kInfinity, T(1e-30), std::numeric_limits<T>::quiet_NaN()};
  for (T x = -6; x < 6; x += T(0.77)) all.push_back(x);
  return all;
}

template <class T>
void expect_same(double found, double expected, const std::string& what) {
  if (std::isnan(expected) || std::isinf(expected)) {
    EXPECT_TRUE(std::isnan(expected) ? std::isnan(found) : found == expected) << what << " is " << found;
  } else {
    const double rounding = std::numeric_limits<T>::epsilon();
    EXPECT_NEAR(found, expected, std::numeric_limits<T>::min() + 32 * rounding * std::abs(expected)) << what;
  }
}

template <class T>
void check_all_operations() {
  const auto values = numbers<T>();
  Block<T> a, b, c, out;
  for (size_t i = 0; i < kFormulaBlock; ++i) {
    a[i] = values[i % values.size()];
    b[i] = values[i / values.size() % values.size()];
    c[i] = values[(i + i / values.size() + 5) % values.size()];
  }
  for (const auto& info : formula_ops()) {
    if (info.arguments == 0) continue;
    apply_to_block(info.op, out.data(), a.data(), b.data(), c.data());
    for (size_t i = 0; i < kFormulaBlock; ++i) {
      const double expected = info.evaluate(a[i], b[i], c[i]);
      expect_same<T>(out[i], static_cast<double>(static_cast<T>(expected)),
                     std::string(info.text) + " of " + std::to_string(a[i]) + ", " + std::to_string(b[i]) +
                         ", " + std::to_string(c[i]));
    }
  }
}

TEST(FormulaVector, IsTheOperationOnEveryNumberOfABlock) {
  check_all_operations<float>();
  check_all_operations<double>();
}

TEST(FormulaVector, MayWriteOverAnOperand) {
  Block<double> x;
  for (size_t i = 0; i < kFormulaBlock; ++i) x[i] = 0.01 * static_cast<double>(i);
  Block<double> y = x;
  apply_to_block(FormulaOp::kMultiply, y.data(), y.data(), x.data(), nullptr);
  apply_to_block(FormulaOp::kTanh, y.data(), y.data(), nullptr, nullptr);
  for (size_t i = 0; i < kFormulaBlock; ++i) EXPECT_NEAR(y[i], std::tanh(x[i] * x[i]), 1e-15) << i;
}

}  // namespace
}  // namespace actlab::test

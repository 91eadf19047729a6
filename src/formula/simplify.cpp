#include "formula/simplify.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/number_text.h"

namespace actlab {
namespace {

using Op = FormulaOp;

constexpr size_t kNone = std::numeric_limits<size_t>::max();
constexpr double kLargestExponent = 1e6;

bool is_whole_exponent(double value) {
  return value >= 1 && value <= kLargestExponent && value == std::floor(value);
}

}  // namespace

size_t FormulaSimplifier::make(FormulaOp op, size_t a, size_t b, size_t c) {
  switch (op) {
    case Op::kAdd:
      return add(a, b);
    case Op::kSubtract:
      return subtract(a, b);
    case Op::kMultiply:
      return multiply(a, b);
    case Op::kDivide:
      return divide(a, b);
    case Op::kNegate:
      return negate(a);
    case Op::kPower:
      return power(a, b);
    case Op::kSquare:
      return power(a, number(2));
    case Op::kWhere:
      return where(a, b, c);
    default:
      return make_call(op, a, b, c);
  }
}

size_t FormulaSimplifier::make_call(FormulaOp op, size_t a, size_t b, size_t c) {
  if (op == Op::kLog && steps_[a].op == Op::kE) return number(1);
  const size_t folded = fold(op, a, b, c, kNone);
  return folded != kNone ? folded : steps_.add(op, a, b, c);
}

size_t FormulaSimplifier::fold(FormulaOp op, size_t a, size_t b, size_t c, size_t none) {
  const FormulaOpInfo& info = formula_op(op);
  const size_t arguments[] = {a, b, c};
  double values[3] = {};
  size_t length = info.function ? std::string(info.text).size() : 0;
  for (size_t i = 0; i < info.arguments; ++i) {
    if (!steps_.is_number(arguments[i])) return none;
    values[i] = steps_[arguments[i]].number;
    length += number_text(values[i]).size();
  }
  if (info.arguments == 0) return none;
  const double result = info.evaluate(values[0], values[1], values[2]);
  return std::isfinite(result) && number_text(result).size() <= length ? number(result) : none;
}

bool FormulaSimplifier::is_choice_of_zero(size_t step) const {
  const FormulaStep& where = steps_[step];
  return where.op == Op::kWhere &&
         (steps_.is_number(where.arguments[1], 0) || steps_.is_number(where.arguments[2], 0));
}

template <class Change>
size_t FormulaSimplifier::inside_choice(size_t step, Change change) {
  const auto [condition, a, b] = steps_[step].arguments;
  if (steps_.is_number(b, 0)) return where(condition, change(a), b);
  return where(condition, a, change(b));
}

size_t FormulaSimplifier::add(size_t a, size_t b) {
  if (steps_.is_number(a, 0)) return b;
  if (steps_.is_number(b, 0)) return a;
  if (steps_.is_number(b) && steps_[b].number < 0 && !steps_.is_number(a)) return subtract(a, negate(b));
  if (steps_[b].op == Op::kNegate) return subtract(a, steps_[b].arguments[0]);
  if (steps_[a].op == Op::kNegate) return subtract(b, steps_[a].arguments[0]);
  const size_t simple = fold(Op::kAdd, a, b, 0, collect(a, b, 1, kNone));
  return simple != kNone ? simple : steps_.add(Op::kAdd, a, b);
}

size_t FormulaSimplifier::subtract(size_t a, size_t b) {
  if (a == b) return number(0);
  if (steps_.is_number(b, 0)) return a;
  if (steps_.is_number(a, 0)) return negate(b);
  if (steps_.is_number(b) && steps_[b].number < 0) return add(a, negate(b));
  if (steps_[b].op == Op::kNegate) return add(a, steps_[b].arguments[0]);
  if (steps_[b].op == Op::kSubtract && steps_[b].arguments[0] == a) return steps_[b].arguments[1];
  const size_t simple = fold(Op::kSubtract, a, b, 0, collect(a, b, -1, kNone));
  return simple != kNone ? simple : steps_.add(Op::kSubtract, a, b);
}

// 2 * x + 3 * x = 5 * x
size_t FormulaSimplifier::collect(size_t a, size_t b, double sign_of_b, size_t none) {
  Product left;
  Product right;
  take_apart(a, left);
  take_apart(b, right);
  const auto equal = [](const Factor& f, const Factor& g) {
    return f.base == g.base && f.exponent == g.exponent;
  };
  if (left.factors.empty() || !std::equal(left.factors.begin(), left.factors.end(), right.factors.begin(),
                                          right.factors.end(), equal)) {
    return none;
  }
  if (left.numbers.size() > 1 || right.numbers.size() > 1) return none;
  const auto coefficient = [&](const Product& product) {
    const double size = product.numbers.empty() ? 1 : steps_[product.numbers[0]].number;
    return product.negative ? -size : size;
  };
  const size_t sum =
      fold(Op::kAdd, number(coefficient(left)), number(sign_of_b * coefficient(right)), 0, kNone);
  if (sum == kNone) return none;
  left.numbers.clear();
  left.negative = false;
  take_number(sum, left);
  return put_together(left);
}

size_t FormulaSimplifier::multiply(size_t a, size_t b) {
  if (is_choice_of_zero(b)) return inside_choice(b, [&](size_t value) { return multiply(a, value); });
  if (is_choice_of_zero(a)) return inside_choice(a, [&](size_t value) { return multiply(value, b); });
  Product product;
  take_apart(a, product);
  take_apart(b, product);
  return put_together(product);
}

void FormulaSimplifier::take_apart(size_t step, Product& product) {
  const FormulaStep found = steps_[step];
  if (found.op == Op::kMultiply) {
    take_apart(found.arguments[0], product);
    take_apart(found.arguments[1], product);
  } else if (found.op == Op::kNegate) {
    product.negative = !product.negative;
    take_apart(found.arguments[0], product);
  } else if (found.op == Op::kNumber) {
    take_number(step, product);
  } else if (found.op == Op::kPower && steps_.is_number(found.arguments[1]) &&
             is_whole_exponent(steps_[found.arguments[1]].number)) {
    take_factor(found.arguments[0], steps_[found.arguments[1]].number, product);
  } else {
    take_factor(step, 1, product);
  }
}

void FormulaSimplifier::take_number(size_t step, Product& product) {
  const double value = steps_[step].number;
  if (value < 0) product.negative = !product.negative;
  const size_t size = number(std::abs(value));
  if (product.numbers.empty()) {
    product.numbers.push_back(size);
    return;
  }
  const size_t folded = fold(Op::kMultiply, product.numbers.back(), size, 0, kNone);
  if (folded == kNone) {
    product.numbers.push_back(size);
  } else {
    product.numbers.back() = folded;
  }
}

void FormulaSimplifier::take_factor(size_t base, double exponent, Product& product) {
  for (auto& factor : product.factors) {
    if (factor.base != base || factor.exponent + exponent > kLargestExponent) continue;
    factor.exponent += exponent;
    return;
  }
  product.factors.push_back({base, exponent});
}

size_t FormulaSimplifier::put_together(const Product& product) {
  std::vector<size_t> parts;
  bool negative = product.negative;
  for (size_t part : product.numbers) {
    if (steps_.is_number(part, 0)) return number(0);
    if (!steps_.is_number(part, 1)) parts.push_back(part);
  }
  if (negative && !parts.empty()) {
    parts[0] = number(-steps_[parts[0]].number);
    negative = false;
  }
  for (const bool with_x : {false, true}) {
    for (const auto& factor : product.factors) {
      if (steps_.with_x(factor.base) == with_x) parts.push_back(power(factor.base, number(factor.exponent)));
    }
  }
  if (parts.empty()) return number(negative ? -1 : 1);
  size_t result = parts[0];
  for (size_t i = 1; i < parts.size(); ++i) result = steps_.add(Op::kMultiply, result, parts[i]);
  return negative ? steps_.add(Op::kNegate, result) : result;
}

size_t FormulaSimplifier::divide(size_t a, size_t b) {
  if (steps_.is_number(a, 0)) return a;
  if (steps_.is_number(b, 1)) return a;
  if (steps_[a].op == Op::kNegate) return negate(divide(steps_[a].arguments[0], b));
  if (steps_[b].op == Op::kNegate) return negate(divide(a, steps_[b].arguments[0]));
  if (steps_.is_number(b) && steps_[b].number < 0) return negate(divide(a, negate(b)));
  if (is_choice_of_zero(a)) return inside_choice(a, [&](size_t value) { return divide(value, b); });
  const size_t folded = fold(Op::kDivide, a, b, 0, kNone);
  return folded != kNone ? folded : steps_.add(Op::kDivide, a, b);
}

size_t FormulaSimplifier::negate(size_t a) {
  const FormulaStep step = steps_[a];
  if (step.op == Op::kNumber) return number(step.number == 0 ? 0 : -step.number);
  if (step.op == Op::kNegate) return step.arguments[0];
  if (step.op == Op::kSubtract) return subtract(step.arguments[1], step.arguments[0]);
  if (step.op != Op::kMultiply) return steps_.add(Op::kNegate, a);
  Product product;
  take_apart(a, product);
  product.negative = !product.negative;
  return put_together(product);
}

size_t FormulaSimplifier::power(size_t base, size_t exponent) {
  if (steps_.is_number(exponent, 0)) return number(1);
  if (steps_.is_number(exponent, 1) || steps_.is_number(base, 1)) return base;
  const bool whole = steps_.is_number(exponent) && is_whole_exponent(steps_[exponent].number);
  const FormulaStep inner = steps_[base];
  if (whole && inner.op == Op::kNegate && std::fmod(steps_[exponent].number, 2) == 0) {
    return power(inner.arguments[0], exponent);
  }
  if (whole && inner.op == Op::kPower && steps_.is_number(inner.arguments[1])) {
    const double product = steps_[inner.arguments[1]].number * steps_[exponent].number;
    if (is_whole_exponent(steps_[inner.arguments[1]].number) && is_whole_exponent(product)) {
      return power(inner.arguments[0], number(product));
    }
  }
  return make_call(Op::kPower, base, exponent, 0);
}

size_t FormulaSimplifier::where(size_t condition, size_t a, size_t b) {
  if (a == b) return a;
  if (steps_.is_number(condition)) return steps_[condition].number != 0 ? a : b;
  const auto chosen = [&](size_t step, size_t branch) {
    const FormulaStep& inner = steps_[step];
    return inner.op == Op::kWhere && inner.arguments[0] == condition ? inner.arguments[branch] : step;
  };
  const size_t from_a = chosen(a, 1);
  const size_t from_b = chosen(b, 2);
  return from_a == from_b ? from_a : steps_.add(Op::kWhere, condition, from_a, from_b);
}

}  // namespace actlab

#pragma once

#include <vector>

#include "formula/steps.h"

namespace actlab {

// Makes steps in the simplest form that obvious rules give: numbers are calculated where the result is not
// longer than what it replaces, 0 and 1 vanish, equal terms and factors are collected, numbers and parameters
// stand before x, and what is multiplied by where(c, a, 0) goes inside, so that no 0 * inf arises.
class FormulaSimplifier {
 public:
  // Any operation, simplified.
  size_t make(FormulaOp op, size_t a, size_t b = 0, size_t c = 0);

  size_t add(size_t a, size_t b);
  size_t subtract(size_t a, size_t b);
  size_t multiply(size_t a, size_t b);
  size_t divide(size_t a, size_t b);
  size_t negate(size_t a);
  size_t power(size_t base, size_t exponent);
  size_t where(size_t condition, size_t a, size_t b);
  size_t number(double value) { return steps_.number(value); }

  FormulaSteps& steps() { return steps_; }
  const FormulaSteps& steps() const { return steps_; }

 private:
  // A product taken apart; an exponent is a positive whole number.
  struct Factor {
    size_t base;
    double exponent;
  };
  struct Product {
    std::vector<size_t> numbers;  // one, unless the product of two is longer than they are
    std::vector<Factor> factors;
    bool negative = false;
  };

  size_t make_call(FormulaOp op, size_t a, size_t b, size_t c);
  // The number that an operation on numbers makes, if it is worth writing; else `none`.
  size_t fold(FormulaOp op, size_t a, size_t b, size_t c, size_t none);
  size_t collect(size_t a, size_t b, double sign_of_b, size_t none);
  void take_apart(size_t step, Product& product);
  void take_number(size_t step, Product& product);
  void take_factor(size_t base, double exponent, Product& product);
  size_t put_together(const Product& product);
  bool is_choice_of_zero(size_t step) const;
  // where(c, a, 0) with a, or the 0 and a swapped, replaced by what `change` makes of a.
  template <class Change>
  size_t inside_choice(size_t step, Change change);

  FormulaSteps steps_;
};

}  // namespace actlab

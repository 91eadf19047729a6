#pragma once

#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

#include "formula/formula.h"

namespace actlab {

// A formula under construction: equal steps exist once.
class FormulaSteps {
 public:
  // The index of that step, new or not.
  size_t add(const FormulaStep& step);
  size_t add(FormulaOp op, size_t a = 0, size_t b = 0, size_t c = 0);
  size_t number(double value);

  const FormulaStep& operator[](size_t step) const { return steps_[step]; }
  size_t size() const { return steps_.size(); }
  bool is_number(size_t step) const { return steps_[step].op == FormulaOp::kNumber; }
  bool is_number(size_t step, double value) const { return is_number(step) && steps_[step].number == value; }
  bool with_x(size_t step) const { return with_x_[step]; }

  // What the results need, in the order in which a text would say it: equal formulas have equal steps.
  Formula formula(const std::vector<size_t>& results, const std::vector<std::string>& parameters) const;

 private:
  using Key = std::tuple<FormulaOp, std::array<size_t, 3>, uint64_t, size_t>;

  std::vector<FormulaStep> steps_;
  std::vector<bool> with_x_;
  std::map<Key, size_t> known_;
};

}  // namespace actlab

#include "formula/steps.h"

#include <bit>
#include <limits>

namespace actlab {
namespace {

constexpr size_t kUnplaced = std::numeric_limits<size_t>::max();

}  // namespace

size_t FormulaSteps::add(const FormulaStep& step) {
  const Key key{step.op, step.arguments, std::bit_cast<uint64_t>(step.number), step.parameter};
  const auto [place, is_new] = known_.try_emplace(key, steps_.size());
  if (!is_new) return place->second;
  bool with_x = step.op == FormulaOp::kX;
  for (size_t i = 0; i < formula_op(step.op).arguments; ++i) with_x = with_x || with_x_[step.arguments[i]];
  steps_.push_back(step);
  with_x_.push_back(with_x);
  return steps_.size() - 1;
}

size_t FormulaSteps::add(FormulaOp op, size_t a, size_t b, size_t c) {
  FormulaStep step;
  step.op = op;
  step.arguments = {a, b, c};
  return add(step);
}

size_t FormulaSteps::number(double value) {
  FormulaStep step;
  step.number = value;
  return add(step);
}

Formula FormulaSteps::formula(const std::vector<size_t>& results,
                              const std::vector<std::string>& parameters) const {
  Formula formula{{}, {}, parameters};
  std::vector<size_t> place(steps_.size(), kUnplaced);
  // Without recursion: derivatives of long formulas are deep.
  std::vector<size_t> open;
  for (const size_t result : results) {
    open.push_back(result);
    while (!open.empty()) {
      const size_t current = open.back();
      FormulaStep step = steps_[current];
      const size_t arguments = formula_op(step.op).arguments;
      size_t i = 0;
      while (i < arguments && place[step.arguments[i]] != kUnplaced) ++i;
      if (i < arguments) {
        open.push_back(step.arguments[i]);
        continue;
      }
      open.pop_back();
      if (place[current] != kUnplaced) continue;
      for (i = 0; i < arguments; ++i) step.arguments[i] = place[step.arguments[i]];
      place[current] = formula.steps.size();
      formula.steps.push_back(step);
    }
    formula.results.push_back(place[result]);
  }
  return formula;
}

}  // namespace actlab

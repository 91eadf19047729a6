#include "formula/blocks.h"

#include <algorithm>
#include <limits>

#include "formula/powers.h"

namespace actlab {
namespace {

constexpr size_t kNowhere = std::numeric_limits<size_t>::max() - 1;  // not the place of x

}  // namespace

FormulaBlocks::FormulaBlocks(const Formula& formula)
    : formula_(powers_as_products(formula)), with_x_(steps_with_x(formula_)) {
  plan(assign_registers());
}

// The place of each step that depends on x. A register is free again from the operation on that needs its
// value last: that one may write over it.
std::vector<size_t> FormulaBlocks::assign_registers() {
  const size_t count = formula_.steps.size();
  std::vector<size_t> last_use(count, 0);
  for (size_t step = 0; step < count; ++step) {
    const FormulaStep& found = formula_.steps[step];
    for (size_t k = 0; k < formula_op(found.op).arguments; ++k) last_use[found.arguments[k]] = step;
  }
  for (const size_t result : formula_.results) last_use[result] = count;
  std::vector<size_t> place(count, kNowhere);
  std::vector<size_t> free;
  for (size_t step = 0; step < count; ++step) {
    const FormulaStep& found = formula_.steps[step];
    if (found.op == FormulaOp::kX) place[step] = kXPlace;
    if (!with_x_[step] || found.op == FormulaOp::kX) continue;
    for (size_t k = 0; k < formula_op(found.op).arguments; ++k) {
      const size_t used = place[found.arguments[k]];
      if (used == kNowhere || used == kXPlace || last_use[found.arguments[k]] != step) continue;
      if (std::find(free.begin(), free.end(), used) == free.end()) free.push_back(used);
    }
    if (free.empty()) free.push_back(registers_++);
    place[step] = free.back();
    free.pop_back();
  }
  return place;
}

void FormulaBlocks::plan(std::vector<size_t> place) {
  const auto place_of = [&](size_t step) {
    if (place[step] == kNowhere) {
      place[step] = registers_ + constants_.size();
      constants_.push_back({place[step], step});
    }
    return place[step];
  };
  for (size_t step = 0; step < formula_.steps.size(); ++step) {
    const FormulaStep& found = formula_.steps[step];
    if (!with_x_[step] || found.op == FormulaOp::kX) continue;
    Instruction instruction{found.op, place[step], {kXPlace, kXPlace, kXPlace}};
    for (size_t k = 0; k < formula_op(found.op).arguments; ++k) {
      instruction.operands[k] = place_of(found.arguments[k]);
    }
    instructions_.push_back(instruction);
  }
  for (const size_t result : formula_.results) results_.push_back(place_of(result));
}

template <class T>
FormulaBlocks::Worker<T>::Worker(const FormulaBlocks& blocks, const std::vector<double>& parameters)
    : blocks_(blocks) {
  const size_t places = blocks.registers_ + blocks.constants_.size();
  const size_t count = places + 1 + blocks.results();
  memory_.resize(count * kFormulaBlock);
  for (size_t i = 0; i < count; ++i) {
    (i < places ? places_ : partial_).push_back(memory_.data() + i * kFormulaBlock);
  }
  const auto values = evaluate_steps(blocks.formula_, std::numeric_limits<double>::quiet_NaN(), parameters);
  for (const auto& [place, step] : blocks.constants_) {
    std::fill_n(places_[place], kFormulaBlock, static_cast<T>(values[step]));
  }
}

template <class T>
void FormulaBlocks::Worker<T>::run(const T* x, size_t size, const std::vector<T*>& results) {
  if (size == kFormulaBlock) return run_block(x, results);
  // Filled up, so that the vectors' functions do it all: others give other last digits.
  T* const filled = partial_.back();
  std::copy_n(x, size, filled);
  std::fill(filled + size, filled + kFormulaBlock, T(0));
  run_block(filled, {partial_.begin(), partial_.end() - 1});
  for (size_t i = 0; i < results.size(); ++i) std::copy_n(partial_[i], size, results[i]);
}

template <class T>
void FormulaBlocks::Worker<T>::run_block(const T* x, const std::vector<T*>& results) {
  // Two results can be the same step.
  for (size_t i = 0; i < results.size(); ++i) {
    if (blocks_.results_[i] < blocks_.registers_) places_[blocks_.results_[i]] = results[i];
  }
  const auto at = [&](size_t place) -> const T* { return place == kXPlace ? x : places_[place]; };
  for (const auto& [op, out, operands] : blocks_.instructions_) {
    apply_to_block(op, places_[out], at(operands[0]), at(operands[1]), at(operands[2]));
  }
  for (size_t i = 0; i < results.size(); ++i) {
    const T* found = at(blocks_.results_[i]);
    if (found != results[i]) std::copy_n(found, kFormulaBlock, results[i]);
  }
}

template class FormulaBlocks::Worker<float>;
template class FormulaBlocks::Worker<double>;

}  // namespace actlab

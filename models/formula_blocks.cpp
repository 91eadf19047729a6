#include "models/formula_blocks.h"

#include <algorithm>
#include <limits>

#include "models/formula_lower.h"
#include "models/formula_tensors.h"

namespace actlab {
namespace {

using torch::Tensor;
using Op = FormulaOp;

}  // namespace

FormulaBlocks::FormulaBlocks(const Formula& formula)
    : formula_(lower(formula)),
      with_x_(steps_with_x(formula_)),
      registers_(formula_.steps.size(), {kNoRegister, kNoRegister}),
      scalar_operands_(formula_.steps.size(), {false, false}) {
  plan_instructions();
  assign_registers();
}

// visit(step, kind) for each operand.
template <class Visit>
void FormulaBlocks::for_operands(size_t step, Visit visit) const {
  const FormulaStep& found = formula_.steps[step];
  for (size_t k = 0; k < formula_op(found.op).arguments; ++k) {
    visit(found.arguments[k], found.op == Op::kWhere && k == 0 ? kMask : kValue);
  }
}

void FormulaBlocks::plan_instructions() {
  std::vector<OfKind> needed(formula_.steps.size(), {false, false});
  for (const size_t result : formula_.results) needed[result][kValue] = true;
  for (size_t step = formula_.steps.size(); step-- > 0;) {
    if (!with_x_[step] || (!needed[step][kValue] && !needed[step][kMask])) continue;
    for_operands(step, [&](size_t operand, size_t kind) { needed[operand][kind] = true; });
  }
  for (size_t step = 0; step < formula_.steps.size(); ++step) {
    for (const size_t kind : {kValue, kMask}) {
      if (!needed[step][kind] || formula_.steps[step].op == Op::kX) continue;
      if (with_x_[step]) {
        instructions_.push_back({step, kind});
      } else {
        scalar_operands_[step][kind] = true;
      }
    }
  }
}

// For each step, the last instruction that needs it.
std::vector<FormulaBlocks::OfKind> FormulaBlocks::last_uses() const {
  std::vector<OfKind> last(formula_.steps.size(), {0, 0});
  for (size_t i = 0; i < instructions_.size(); ++i) {
    for_operands(instructions_[i].step, [&](size_t operand, size_t kind) { last[operand][kind] = i; });
  }
  for (const size_t result : formula_.results) last[result][kValue] = instructions_.size();
  return last;
}

// A register is free again from the instruction on that needs its value last: that one may write over it.
void FormulaBlocks::assign_registers() {
  const std::vector<OfKind> last = last_uses();
  std::array<std::vector<size_t>, 2> free;
  for (size_t i = 0; i < instructions_.size(); ++i) {
    const auto [step, kind] = instructions_[i];
    for_operands(step, [&](size_t operand, size_t operand_kind) {
      const size_t used = registers_[operand][operand_kind];
      if (used == kNoRegister || last[operand][operand_kind] != i) return;
      auto& pool = free[operand_kind];
      if (std::find(pool.begin(), pool.end(), used) == pool.end()) pool.push_back(used);
    });
    if (free[kind].empty()) {
      free[kind].push_back(register_kinds_.size());
      register_kinds_.push_back(kind);
    }
    registers_[step][kind] = free[kind].back();
    free[kind].pop_back();
  }
}

FormulaBlocks::Scalars FormulaBlocks::scalars(const std::vector<double>& parameters,
                                              at::ScalarType type) const {
  Scalars scalars;
  scalars.type = type;
  scalars.values = evaluate_steps(formula_, std::numeric_limits<double>::quiet_NaN(), parameters);
  scalars.tensors.resize(formula_.steps.size());
  for (size_t step = 0; step < formula_.steps.size(); ++step) {
    const double value = scalars.values[step];
    if (scalar_operands_[step][kValue]) scalars.tensors[step][kValue] = at::scalar_tensor(value, type);
    if (scalar_operands_[step][kMask])
      scalars.tensors[step][kMask] = at::scalar_tensor(value != 0, at::kBool);
  }
  return scalars;
}

FormulaBlocks::Worker::Worker(const FormulaBlocks& blocks, const Scalars& scalars)
    : blocks_(blocks), scalars_(scalars) {
  for (const size_t kind : blocks_.register_kinds_) {
    buffers_.push_back(at::empty({kBlockSize}, kind == kMask ? at::kBool : scalars_.type));
  }
  registers_ = buffers_;
}

const Tensor& FormulaBlocks::Worker::value(size_t step, size_t kind) const {
  const size_t place = blocks_.registers_[step][kind];
  if (place != kNoRegister) return registers_[place];
  return blocks_.with_x_[step] ? x_ : scalars_.tensors[step][kind];
}

void FormulaBlocks::Worker::run(const Tensor& x, const Tensor& first) {
  const int64_t size = x.numel();
  for (size_t i = 0; i < registers_.size(); ++i) {
    if (registers_[i].numel() != size) registers_[i] = buffers_[i].narrow(0, 0, size);
  }
  x_ = x;
  const size_t result = blocks_.formula_.results[0];
  const size_t place = blocks_.registers_[result][kValue];
  if (first.defined() && place != kNoRegister) registers_[place] = first;
  for (const auto& [step, kind] : blocks_.instructions_) {
    FormulaOperands operands;
    size_t k = 0;
    blocks_.for_operands(
        step, [&](size_t operand, size_t operand_kind) { operands[k++] = value(operand, operand_kind); });
    apply_operation_out(registers_[blocks_.registers_[step][kind]], blocks_.formula_.steps[step].op,
                        operands);
  }
  if (first.defined() && place == kNoRegister) first.copy_(value(result, kValue));
}

}  // namespace actlab

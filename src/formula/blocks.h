#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "formula/formula.h"
#include "formula/vector.h"

namespace actlab {

// A formula compiled for going through memory block by block on the CPU: every operation reads and writes
// blocks that stay in the cache, where operations on whole tensors would each go through memory. What does
// not depend on x is calculated once, in double.
class FormulaBlocks {
 public:
  // Of one result or several.
  explicit FormulaBlocks(const Formula& formula);

  size_t results() const { return results_.size(); }

  // One thread's memory for calculating in T, float or double.
  template <class T>
  class Worker {
   public:
    // `blocks` must outlive it. Parameters in the formula's order.
    Worker(const FormulaBlocks& blocks, const std::vector<double>& parameters);

    // x: `size` numbers, at most kFormulaBlock; results: as many each, for each of the formula's. What is
    // calculated for an x does not depend on its place in the block.
    void run(const T* x, size_t size, const std::vector<T*>& results);

   private:
    void run_block(const T* x, const std::vector<T*>& results);

    const FormulaBlocks& blocks_;
    std::vector<T> memory_;
    std::vector<T*> places_;   // but x's; that of a result is where it is wanted
    std::vector<T*> partial_;  // for x and the results, where they do not fill a block
  };

 private:
  // Where an operand is: first registers, then what does not depend on x, and x.
  static constexpr size_t kXPlace = static_cast<size_t>(-1);

  struct Instruction {
    FormulaOp op;
    size_t out;
    std::array<size_t, 3> operands;  // kXPlace where there is none
  };
  struct Constant {
    size_t place;
    size_t step;
  };

  std::vector<size_t> assign_registers();
  void plan(std::vector<size_t> place);

  Formula formula_;
  std::vector<bool> with_x_;
  size_t registers_ = 0;
  std::vector<Constant> constants_;
  std::vector<Instruction> instructions_;
  std::vector<size_t> results_;  // their places
};

}  // namespace actlab

#pragma once

#include <torch/torch.h>

#include <array>
#include <vector>

#include "models/formula.h"

namespace actlab {

// A formula compiled for going through memory block by block on the CPU: every operation reads and writes
// registers, tensors of one block that stay in the cache, where operations on whole tensors would each go
// through memory. What does not depend on x is calculated once a call, in double.
class FormulaBlocks {
 public:
  static constexpr int64_t kBlockSize = 8192;  // elements

  // Of one result or several; lowers it.
  explicit FormulaBlocks(const Formula& formula);

  // What does not depend on x, for all threads of a call.
  struct Scalars {
    std::vector<double> values;                         // of every step; NaN or nonsense where x is needed
    std::vector<std::array<torch::Tensor, 2>> tensors;  // the same as operands: value and mask
    at::ScalarType type;
  };
  // `parameters` in the formula's order; `type` is float or double.
  Scalars scalars(const std::vector<double>& parameters, at::ScalarType type) const;

  // Result i does not depend on x: `value` is what it is.
  bool is_scalar(size_t i) const { return !with_x_[formula_.results[i]]; }
  double scalar(size_t i, const Scalars& scalars) const { return scalars.values[formula_.results[i]]; }

  // One thread's registers.
  class Worker {
   public:
    // Both must outlive it.
    Worker(const FormulaBlocks& blocks, const Scalars& scalars);

    // x: [n], n <= kBlockSize, of the scalars' type. The first result is written to `first`, [n], if that is
    // defined. No autograd.
    void run(const torch::Tensor& x, const torch::Tensor& first = {});

    // [n], valid until the next run; without dimensions where it is a scalar.
    const torch::Tensor& result(size_t i) const { return value(blocks_.formula_.results[i], kValue); }

   private:
    const torch::Tensor& value(size_t step, size_t kind) const;

    const FormulaBlocks& blocks_;
    const Scalars& scalars_;
    std::vector<torch::Tensor> buffers_;    // [kBlockSize] each
    std::vector<torch::Tensor> registers_;  // their first n elements
    torch::Tensor x_;
  };

 private:
  static constexpr size_t kValue = 0;
  static constexpr size_t kMask = 1;  // a comparison as the condition of where(): bools
  static constexpr size_t kNoRegister = static_cast<size_t>(-1);
  using OfKind = std::array<size_t, 2>;

  struct Instruction {
    size_t step;
    size_t kind;
  };

  std::vector<OfKind> last_uses() const;
  void plan_instructions();
  void assign_registers();
  template <class Visit>
  void for_operands(size_t step, Visit visit) const;

  Formula formula_;
  std::vector<bool> with_x_;
  std::vector<Instruction> instructions_;
  std::vector<OfKind> registers_;        // of each step
  std::vector<size_t> register_kinds_;   // of each register
  std::vector<OfKind> scalar_operands_;  // of each step: whether an instruction needs it as a tensor
};

}  // namespace actlab

#include "models/formula_function.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <tuple>

#include "models/formula_blocks.h"
#include "models/formula_lower.h"
#include "models/formula_tensors.h"

namespace actlab {

// What a formula is compiled to, once.
struct FormulaPrograms {
  FormulaPrograms(const Formula& formula_, const std::vector<std::string>& names);

  Formula formula;
  std::vector<size_t> learned;
  Formula gradient;  // by x and each learned parameter
  FormulaBlocks value_blocks;
  FormulaBlocks gradient_blocks;
};

namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// As many blocks as ATen would give a thread at least.
constexpr int64_t kGrain = at::internal::GRAIN_SIZE / FormulaBlocks::kBlockSize;

std::vector<size_t> indices_of(const Formula& formula, const std::vector<std::string>& learned) {
  std::vector<size_t> indices;
  for (size_t i = 0; i < formula.parameters.size(); ++i) {
    if (std::find(learned.begin(), learned.end(), formula.parameters[i]) != learned.end())
      indices.push_back(i);
  }
  if (indices.size() != learned.size()) {
    throw Error(ExitStatus::kFailed, "a learned parameter is not one of the formula's");
  }
  return indices;
}

// Results: the derivative by x, then by each learned parameter.
Formula gradient_of(const Formula& formula, const std::vector<size_t>& learned) {
  std::vector<std::string> names = {"x"};
  for (const size_t i : learned) names.push_back(formula.parameters[i]);
  Formula all = with_derivatives(formula, names);
  all.results.erase(all.results.begin());
  return lower(all);
}

Formula simplified(const Formula& formula) {
  return with_derivatives(formula, {});
}

bool goes_by_blocks(const Tensor& x) {
  return x.device().is_cpu() && x.layout() == at::kStrided &&
         (x.scalar_type() == at::kFloat || x.scalar_type() == at::kDouble);
}

int64_t block_count(int64_t size) {
  return (size + FormulaBlocks::kBlockSize - 1) / FormulaBlocks::kBlockSize;
}

// The elements in the order of memory. `dense` has no holes.
Tensor flat(const Tensor& dense) {
  return dense.as_strided({dense.numel()}, {1}, dense.storage_offset());
}

// The tensor itself, or a copy, with the strides of `like`.
Tensor with_strides_of(const Tensor& like, const Tensor& tensor) {
  return tensor.strides() == like.strides() ? tensor : at::empty_like(like).copy_(tensor);
}

// Calls work(worker, block, begin, size) for each block, in parallel; no autograd inside.
template <class Work>
void for_blocks(const FormulaBlocks& blocks, const FormulaBlocks::Scalars& scalars, int64_t size, Work work) {
  at::parallel_for(0, block_count(size), kGrain, [&](int64_t first, int64_t last) {
    const at::AutoDispatchBelowADInplaceOrView no_autograd;
    FormulaBlocks::Worker worker(blocks, scalars);
    for (int64_t block = first; block < last; ++block) {
      const int64_t begin = block * FormulaBlocks::kBlockSize;
      work(worker, block, begin, std::min(FormulaBlocks::kBlockSize, size - begin));
    }
  });
}

Tensor value_by_blocks(const FormulaPrograms& programs, const Tensor& x, const std::vector<double>& values) {
  Tensor y = at::empty_like(x);
  const Tensor input = flat(with_strides_of(y, x));
  const Tensor output = flat(y);
  const FormulaBlocks& blocks = programs.value_blocks;
  const auto scalars = blocks.scalars(values, x.scalar_type());
  for_blocks(blocks, scalars, x.numel(), [&](auto& worker, int64_t, int64_t begin, int64_t size) {
    worker.run(input.narrow(0, begin, size), output.narrow(0, begin, size));
  });
  return y;
}

// dL/dx, undefined unless asked for, and dL/dparameter for each learned one.
variable_list gradient_by_blocks(const FormulaPrograms& programs, const Tensor& x, const Tensor& upstream,
                                 const std::vector<double>& values, bool of_x) {
  Tensor dx = at::empty_like(x);
  const Tensor input = flat(with_strides_of(dx, x));
  const Tensor dy = flat(with_strides_of(dx, upstream));
  const Tensor output = flat(dx);
  const FormulaBlocks& blocks = programs.gradient_blocks;
  const auto scalars = blocks.scalars(values, x.scalar_type());
  const size_t count = programs.learned.size();
  // Summed up in the order of the blocks, whoever computed them.
  std::vector<double> sums(count * static_cast<size_t>(block_count(x.numel())));
  for_blocks(blocks, scalars, x.numel(), [&](auto& worker, int64_t block, int64_t begin, int64_t size) {
    const Tensor dy_block = dy.narrow(0, begin, size);
    Tensor out = output.narrow(0, begin, size);
    worker.run(input.narrow(0, begin, size));
    for (size_t i = 0; i < count; ++i) {
      at::mul_out(out, worker.result(i + 1), dy_block);
      sums[static_cast<size_t>(block) * count + i] = out.sum().template item<double>();
    }
    if (of_x) at::mul_out(out, worker.result(0), dy_block);
  });
  variable_list gradients = {of_x ? dx : Tensor()};
  for (size_t i = 0; i < count; ++i) {
    double total = 0;
    for (size_t k = i; k < sums.size(); k += count) total += sums[k];
    gradients.push_back(at::full({1}, total, x.options()));
  }
  return gradients;
}

// What did not depend on x becomes a tensor like it.
Tensor of_shape(const Tensor& result, const Tensor& x) {
  const bool fits = result.sizes() == x.sizes() && result.scalar_type() == x.scalar_type();
  return fits ? result : result.to(x.options()).expand_as(x);
}

Tensor value_of_tensors(const FormulaPrograms& programs, const Tensor& x, const std::vector<Tensor>& learned,
                        const std::vector<double>& values) {
  return of_shape(apply_formula(programs.formula, x, values, programs.learned, learned)[0], x);
}

variable_list gradient_of_tensors(const FormulaPrograms& programs, const Tensor& x, const Tensor& upstream,
                                  const std::vector<Tensor>& learned, const std::vector<double>& values) {
  const auto slopes = apply_formula(programs.gradient, x, values, programs.learned, learned);
  variable_list gradients = {upstream * slopes[0]};
  for (size_t i = 1; i < slopes.size(); ++i) gradients.push_back((upstream * slopes[i]).sum().reshape({1}));
  return gradients;
}

// What backward needs beside tensors, in a form that autograd can keep.
struct Kept : torch::CustomClassHolder {
  Kept(std::shared_ptr<const FormulaPrograms> programs_, std::vector<double> values_)
      : programs(std::move(programs_)), values(std::move(values_)) {}

  std::shared_ptr<const FormulaPrograms> programs;
  std::vector<double> values;
};

class FormulaAutograd : public torch::autograd::Function<FormulaAutograd> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& x, at::TensorList learned,
                        const c10::intrusive_ptr<Kept>& kept) {
    variable_list saved = {x};
    saved.insert(saved.end(), learned.begin(), learned.end());
    context->save_for_backward(saved);
    context->saved_data["kept"] = c10::IValue::make_capsule(kept);
    const auto& [programs, values] = std::tie(*kept->programs, kept->values);
    if (goes_by_blocks(x)) return value_by_blocks(programs, x, values);
    return value_of_tensors(programs, x, learned.vec(), values);
  }

  static variable_list backward(AutogradContext* context, variable_list upstream) {
    const variable_list saved = context->get_saved_variables();
    const auto kept = c10::static_intrusive_pointer_cast<Kept>(context->saved_data["kept"].toCapsule());
    const auto& [programs, values] = std::tie(*kept->programs, kept->values);
    const Tensor& x = saved[0];
    variable_list gradients;
    // With a gradient of the gradient to come, autograd has to see the operations.
    if (goes_by_blocks(x) && !at::GradMode::is_enabled()) {
      gradients = gradient_by_blocks(programs, x, upstream[0], values, context->needs_input_grad(0));
    } else {
      const std::vector<Tensor> learned(saved.begin() + 1, saved.end());
      gradients = gradient_of_tensors(programs, x, upstream[0], learned, values);
    }
    gradients.emplace_back();  // of what is kept
    return gradients;
  }
};

}  // namespace

FormulaPrograms::FormulaPrograms(const Formula& formula_, const std::vector<std::string>& names)
    : formula(formula_),
      learned(indices_of(formula, names)),
      gradient(gradient_of(formula, learned)),
      value_blocks(simplified(formula)),
      gradient_blocks(gradient) {}

FormulaFunction::FormulaFunction(const Formula& formula, const std::vector<std::string>& learned)
    : programs_(std::make_shared<const FormulaPrograms>(formula, learned)) {}

Tensor FormulaFunction::operator()(const Tensor& x, const std::vector<Tensor>& learned,
                                   const std::vector<double>& constants) const {
  // As ATen's own functions do: 16 bits are for keeping, not for calculating.
  if (at::isReducedFloatingType(x.scalar_type())) {
    return (*this)(x.to(at::kFloat), learned, constants).to(x.scalar_type());
  }
  std::vector<Tensor> of_type;
  std::vector<double> numbers;
  for (const auto& parameter : learned) {
    of_type.push_back(parameter.to(x.scalar_type()));
    // Read back only where it costs nothing.
    numbers.push_back(parameter.device().is_cpu() ? parameter.item<double>() : 0);
  }
  const auto kept = c10::make_intrusive<Kept>(programs_, values(numbers, constants));
  return FormulaAutograd::apply(x, at::TensorList(of_type), kept);
}

Tensor FormulaFunction::plain(const Tensor& x, const std::vector<Tensor>& learned,
                              const std::vector<double>& constants) const {
  return value_of_tensors(*programs_, x, learned, values(std::vector<double>(learned.size()), constants));
}

std::vector<Tensor> FormulaFunction::slopes(const Tensor& x, const std::vector<Tensor>& learned,
                                            const std::vector<double>& constants) const {
  const at::NoGradGuard no_grad;
  const auto all = values(std::vector<double>(learned.size()), constants);
  std::vector<Tensor> slopes = apply_formula(programs_->gradient, x, all, programs_->learned, learned);
  for (Tensor& slope : slopes) slope = of_shape(slope, x);
  return slopes;
}

const Formula& FormulaFunction::formula() const {
  return programs_->formula;
}

const std::vector<size_t>& FormulaFunction::learned() const {
  return programs_->learned;
}

std::vector<double> FormulaFunction::values(const std::vector<double>& learned,
                                            const std::vector<double>& constants) const {
  const size_t count = formula().parameters.size();
  if (learned.size() != this->learned().size() || learned.size() + constants.size() != count) {
    throw Error(ExitStatus::kFailed, "the formula has " + std::to_string(count) + " parameters, " +
                                         std::to_string(this->learned().size()) +
                                         " of them learned; given are " + std::to_string(constants.size()) +
                                         " constants and " + std::to_string(learned.size()) +
                                         " learned ones");
  }
  std::vector<double> all;
  auto next_learned = learned.begin();
  auto next_constant = constants.begin();
  for (size_t i = 0; i < count; ++i) {
    const auto& indices = this->learned();
    const bool is_learned = std::find(indices.begin(), indices.end(), i) != indices.end();
    all.push_back(is_learned ? *next_learned++ : *next_constant++);
  }
  return all;
}

}  // namespace actlab

#include "activation/formula_function.h"

#include <ATen/Parallel.h>
#include <torch/autograd.h>

#include <algorithm>
#include <functional>
#include <numeric>
#include <tuple>

#include "activation/formula_tensors.h"
#include "formula/blocks.h"
#include "formula/derivative.h"

namespace actlab {

// What a formula is compiled to, once.
struct FormulaPrograms {
  FormulaPrograms(const Formula& formula_, const std::vector<std::string>& names);

  Formula formula;
  std::vector<size_t> learned;
  Formula gradient;  // by x and each learned parameter
  FormulaBlocks value_blocks;
  FormulaBlocks all_blocks;  // the value, then what `gradient` has
};

namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// As many blocks as ATen would give a thread at least.
constexpr int64_t kBlock = kFormulaBlock;
constexpr int64_t kGrain = at::internal::GRAIN_SIZE / kBlock;

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

Formula with_gradient(const Formula& formula, const std::vector<size_t>& learned) {
  std::vector<std::string> names = {"x"};
  for (const size_t i : learned) names.push_back(formula.parameters[i]);
  return with_derivatives(formula, names);
}

// Results: the derivative by x, then by each learned parameter.
Formula gradient_of(const Formula& formula, const std::vector<size_t>& learned) {
  Formula all = with_gradient(formula, learned);
  all.results.erase(all.results.begin());
  return all;
}

Formula simplified(const Formula& formula) {
  return with_derivatives(formula, {});
}

bool goes_by_blocks(const Tensor& x) {
  return x.device().is_cpu() && x.layout() == at::kStrided &&
         (x.scalar_type() == at::kFloat || x.scalar_type() == at::kDouble);
}

int64_t block_count(int64_t size) {
  return (size + kBlock - 1) / kBlock;
}

// The tensor itself, or a copy, with the strides of `like`, which has no holes: elements in the same order of
// memory.
Tensor with_strides_of(const Tensor& like, const Tensor& tensor) {
  return tensor.strides() == like.strides() ? tensor : at::empty_like(like).copy_(tensor);
}

// The results at each x.
template <class T>
variable_list results_by_blocks(const FormulaBlocks& blocks, const Tensor& x,
                                const std::vector<double>& parameters) {
  variable_list results(blocks.results());
  for (Tensor& result : results) result = at::empty_like(x);
  const Tensor input = with_strides_of(results[0], x);
  const T* const in = input.const_data_ptr<T>();
  std::vector<T*> out;
  for (const Tensor& result : results) out.push_back(result.mutable_data_ptr<T>());
  const int64_t size = x.numel();
  at::parallel_for(0, block_count(size), kGrain, [&](int64_t first, int64_t last) {
    FormulaBlocks::Worker<T> worker(blocks, parameters);
    std::vector<T*> here(out.size());
    for (int64_t begin = first * kBlock; begin < std::min(last * kBlock, size); begin += kBlock) {
      for (size_t i = 0; i < out.size(); ++i) here[i] = out[i] + begin;
      worker.run(in + begin, static_cast<size_t>(std::min(kBlock, size - begin)), here);
    }
  });
  return results;
}

variable_list results_by_blocks(const FormulaBlocks& blocks, const Tensor& x,
                                const std::vector<double>& parameters) {
  return x.scalar_type() == at::kDouble ? results_by_blocks<double>(blocks, x, parameters)
                                        : results_by_blocks<float>(blocks, x, parameters);
}

// The sum of a * b as [1], in double; they have the same strides. Blocks are summed up in their order,
// whoever has computed them.
template <class T>
Tensor sum_of_products(const Tensor& a, const Tensor& b) {
  const T* const left = a.const_data_ptr<T>();
  const T* const right = b.const_data_ptr<T>();
  const int64_t size = a.numel();
  std::vector<double> sums(static_cast<size_t>(block_count(size)));
  at::parallel_for(0, block_count(size), kGrain, [&](int64_t first, int64_t last) {
    for (int64_t block = first; block < last; ++block) {
      const int64_t begin = block * kBlock;
      sums[static_cast<size_t>(block)] =
          std::transform_reduce(left + begin, left + std::min(begin + kBlock, size), right + begin, 0.0,
                                std::plus<>(), [](double x, double y) { return x * y; });
    }
  });
  return at::full({1}, std::accumulate(sums.begin(), sums.end(), 0.0), a.options());
}

// dL/dx, undefined unless asked for, and dL/dparameter for each learned one, from the slopes by each.
variable_list gradient_by_slopes(at::TensorList slopes, const Tensor& upstream, bool of_x) {
  const Tensor dy = with_strides_of(slopes[0], upstream);
  variable_list gradients = {of_x ? dy * slopes[0] : Tensor()};
  for (const Tensor& slope : slopes.slice(1)) {
    gradients.push_back(slope.scalar_type() == at::kDouble ? sum_of_products<double>(slope, dy)
                                                           : sum_of_products<float>(slope, dy));
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

// Keeps x and the learned parameters, and on the CPU the slopes, which cost little beside the value.
class FormulaAutograd : public torch::autograd::Function<FormulaAutograd> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& x, at::TensorList learned,
                        const c10::intrusive_ptr<Kept>& kept) {
    const auto& [programs, values] = std::tie(*kept->programs, kept->values);
    variable_list saved = {x};
    saved.insert(saved.end(), learned.begin(), learned.end());
    variable_list results;
    if (goes_by_blocks(x)) {
      results = results_by_blocks(programs.all_blocks, x, values);
      saved.insert(saved.end(), results.begin() + 1, results.end());
    } else {
      results = {value_of_tensors(programs, x, learned.vec(), values)};
    }
    context->save_for_backward(std::move(saved));
    context->saved_data["kept"] = c10::IValue::make_capsule(kept);
    return results[0];
  }

  static variable_list backward(AutogradContext* context, variable_list upstream) {
    const variable_list saved = context->get_saved_variables();
    const auto kept = c10::static_intrusive_pointer_cast<Kept>(context->saved_data["kept"].toCapsule());
    const auto& [programs, values] = std::tie(*kept->programs, kept->values);
    const at::TensorList all(saved);
    const size_t inputs = 1 + programs.learned.size();
    variable_list gradients;
    // With a gradient of the gradient to come, autograd has to see the operations.
    if (all.size() > inputs && !at::GradMode::is_enabled()) {
      gradients = gradient_by_slopes(all.slice(inputs), upstream[0], context->needs_input_grad(0));
    } else {
      gradients = gradient_of_tensors(programs, all[0], upstream[0], all.slice(1, inputs - 1).vec(), values);
    }
    gradients.emplace_back();  // of what is kept
    return gradients;
  }
};

bool wants_gradient(const Tensor& x, const std::vector<Tensor>& learned) {
  const auto wants = [](const Tensor& tensor) { return tensor.requires_grad(); };
  return at::GradMode::is_enabled() && (wants(x) || std::any_of(learned.begin(), learned.end(), wants));
}

}  // namespace

FormulaPrograms::FormulaPrograms(const Formula& formula_, const std::vector<std::string>& names)
    : formula(formula_),
      learned(indices_of(formula, names)),
      gradient(gradient_of(formula, learned)),
      value_blocks(simplified(formula)),
      all_blocks(with_gradient(formula, learned)) {}

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
  const auto all = values(numbers, constants);
  if (goes_by_blocks(x) && !wants_gradient(x, of_type)) {
    return results_by_blocks(programs_->value_blocks, x, all)[0];
  }
  const auto kept = c10::make_intrusive<Kept>(programs_, all);
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

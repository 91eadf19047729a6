#pragma once

#include <torch/nn/module.h>

#include <compare>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/field_rules.h"

namespace actlab {

// An activation as a config names it: `relu`, `{type: elu, alpha: 0.5}`, or a formula:
// `{formula: "x * sigmoid(b * x)", parameters: {b: {init: 1.0, learn: true}}}`.
struct ActivationSpec {
  std::string type = "relu";                 // kFormulaType for a formula
  std::map<std::string, double> parameters;  // those that were given; the others have their defaults
  std::string formula = {};                  // of a formula; see formula/formula.h
  std::set<std::string> learned = {};        // of a formula: the parameters that are trained

  bool operator==(const ActivationSpec&) const = default;
  auto operator<=>(const ActivationSpec&) const = default;
};

inline constexpr const char* kFormulaType = "formula";

// Parameters of one activation while it runs.
struct ActivationArguments {
  std::vector<double> constants;       // in the order of the row's parameters that are not learned
  std::vector<torch::Tensor> learned;  // [1] each, in the order of the row's learned parameters
  bool training = false;               // rrelu draws its slopes while training only
};

// One parameter of an activation.
struct ActivationParameter {
  std::string name;
  double value;  // default; of a learned parameter, where it starts
  Range range;
  // The name of its weight in the checkpoint when it is learned: trained, and exempt from weight decay. Empty
  // for a constant.
  std::string weight = {};

  bool learned() const { return !weight.empty(); }
};

// Of one output, where inputs are independent and N(0, 1).
struct OutputMoments {
  double mean = 0;
  double second = 0;  // E[f^2]
};

// A row of the catalogue. An activation is added by adding a row in table_further.cpp or a file beside it,
// and nowhere else.
struct ActivationInfo {
  std::string name;
  std::string formula;     // in the language of formula/formula.h where it is element-wise, else in words
  std::string derivative;  // likewise
  std::string range;       // of the output, as "(-alpha, inf)"
  std::vector<ActivationParameter> parameters = {};
  std::string source = {};  // the paper it comes from
  std::string note = {};    // what else there is to know
  // f(x) <= f(y) whenever x <= y, for all parameter values: then it commutes with max-pooling.
  bool non_decreasing = false;
  // False where an output depends on more than one input (softmax: over dimension 1).
  bool element_wise = true;
  // What is wrong with parameters that are each in their range; empty when nothing is. Unset: nothing ever.
  std::function<std::string(const ActivationArguments& arguments)> problem = {};
  // [N, F] or [N, C, H, W] in; out the same, or with another dimension 1 where `width` says so.
  std::function<torch::Tensor(const torch::Tensor& x, const ActivationArguments& arguments)> apply;
  // Size of dimension 1 that comes out when `in` goes in; 0 when that is not possible. Unset: the same.
  std::function<int64_t(int64_t in, const ActivationArguments& arguments)> width = {};
  // Where it is not element-wise; unset where the number of inputs decides. (activation/moments.h has
  // those of the others.)
  std::function<OutputMoments(const ActivationArguments& arguments)> moments = {};
};

// `relu`, `elu(alpha=0.5)`, `x * sigmoid(b * x) with b=1.5`: how tables and plots call it. Parameters at
// their defaults are left out.
std::string short_text(const ActivationSpec& spec);

class Activation;

// Sees every forward pass of the activations it is attached to.
class ActivationObserver {
 public:
  virtual ~ActivationObserver() = default;
  // `input` is the pre-activation, `output` what the activation made of it. Must not change them.
  virtual void observe(const Activation& activation, const torch::Tensor& input,
                       const torch::Tensor& output) = 0;
};

// An activation function as a module. LibTorch has no forward hooks, so every model calls its activations
// through this class, and an observer sees what passes. Without one it costs a null check; with one, results
// stay the same to the bit.
class Activation : public torch::nn::Module {
 public:
  // Throws Error (2) when the type or a parameter is unknown, a parameter out of its range, or the formula
  // wrong.
  explicit Activation(const ActivationSpec& spec);

  // Same shape out as in, but for output_width.
  torch::Tensor forward(const torch::Tensor& x) {
    arguments_.training = is_training();
    torch::Tensor y = info_.apply(x, arguments_);
    if (observer_ != nullptr) observer_->observe(*this, x, y);
    return y;
  }

  // Size of dimension 1 that comes out when `width` goes in. Throws Error (2) when that is not possible.
  int64_t output_width(int64_t width) const;

  // Those of the row, with the parameters it has.
  std::optional<OutputMoments> group_moments() const {
    return info_.moments ? std::optional(info_.moments(arguments_)) : std::nullopt;
  }

  // nullptr detaches. The observer must outlive its attachment.
  void attach(ActivationObserver* observer) { observer_ = observer; }

  const ActivationInfo& info() const { return info_; }
  const ActivationSpec& spec() const { return spec_; }

 private:
  const ActivationSpec spec_;
  const ActivationInfo info_;
  ActivationArguments arguments_;
  ActivationObserver* observer_ = nullptr;
};

}  // namespace actlab

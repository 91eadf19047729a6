#include "activation/moments.h"

#include <torch/autograd.h>
#include <torch/utils.h>

#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <numbers>
#include <optional>

#include "core/error.h"

namespace actlab {
namespace {

using torch::Tensor;

constexpr double kReach = 12;  // the normal density beyond is below 1e-32
constexpr int64_t kPanels = 192;
constexpr int kRounds = 44;               // halvings: a panel of 1/8 ends below rounding
constexpr int64_t kMostPanels = 1 << 14;  // open at a time: what swings faster is not resolved
constexpr double kSettled = 1e-13;        // of the whole integral, and of 1 where that is smaller

Tensor doubles(const std::vector<double>& values) {
  return torch::tensor(values, torch::kFloat64);
}

// Gauss-Legendre nodes and weights on [-1, 1].
std::pair<Tensor, Tensor> rule() {
  using Gauss = boost::math::quadrature::gauss<double, 10>;
  std::vector<double> nodes, weights;
  for (size_t i = 0; i < Gauss::abscissa().size(); ++i) {
    for (const double side : {-1.0, 1.0}) {
      nodes.push_back(side * Gauss::abscissa()[i]);
      weights.push_back(Gauss::weights()[i]);
    }
  }
  return {doubles(nodes), doubles(weights)};
}

// Integrals of f, f^2, f', f'^2 times the density over the panels [left, left + width]: [panels, 4].
Tensor integrate_panels(const ActivationCurve& curve, double deviation, const Tensor& left,
                        const Tensor& width) {
  static const auto [nodes, weights] = rule();
  const Tensor z = left.unsqueeze(1) + width.unsqueeze(1) * ((nodes + 1) / 2);
  const Tensor density = at::exp(-z * z / 2) * (std::numbers::inv_sqrtpi / std::numbers::sqrt2);
  const auto [f, slope] = curve.at(z * deviation);
  const Tensor integrands = at::stack({f, f * f, slope, slope * slope}, 2) * density.unsqueeze(2);
  return at::einsum("pnk,n->pk", {integrands, weights}) * (width / 2).unsqueeze(1);
}

// The bias variance that makes q a fixed point when chi_1 is 1.
struct Balance {
  double weight_variance;
  double second;
  double bias_variance;
};

Balance balance(const ActivationCurve& curve, double q) {
  const ActivationMoments moments = gaussian_moments(curve, q);
  const double weight_variance = 1 / moments.derivative_second;
  return {weight_variance, moments.second, q - weight_variance * moments.second};
}

// A q above 1 whose bias variance is 0, by bisection in log q.
std::optional<double> balanced_variance(const ActivationCurve& curve) {
  constexpr double kLargest = 1e6;
  double low = 1;
  double high = 1;
  do {
    low = high;
    high *= 2;
    if (high > kLargest) return std::nullopt;
  } while (!(balance(curve, high).bias_variance >= 0));
  for (int i = 0; i < 60; ++i) {
    const double middle = std::sqrt(low * high);
    (balance(curve, middle).bias_variance >= 0 ? high : low) = middle;
  }
  return high;
}

}  // namespace

ActivationCurve::ActivationCurve(const ActivationSpec& spec) : ActivationCurve(Activation(spec)) {}

ActivationCurve::ActivationCurve(const Activation& activation)
    : activation_(std::make_shared<Activation>(activation.spec())) {
  if (!activation.info().element_wise) {
    throw Error(ExitStatus::kUsage,
                "activation " + short_text(activation.spec()) +
                    " is no function of one variable: its outputs depend on several inputs");
  }
  const torch::NoGradGuard no_grad;
  activation_->to(torch::kFloat64);
  activation_->eval();
  const auto theirs = activation.parameters();
  auto ours = activation_->parameters();
  for (size_t i = 0; i < ours.size(); ++i) {
    ours[i].copy_(theirs[i]);
    ours[i].requires_grad_(false);
  }
}

ActivationCurve::Points ActivationCurve::at(const Tensor& x) const {
  const at::AutoGradMode with_grad(true);
  const Tensor input = x.detach().to(torch::kCPU, torch::kFloat64).requires_grad_(true);
  const Tensor value = activation_->forward(input);
  // A constant function has no gradient to ask for.
  const Tensor slope = value.requires_grad() ? torch::autograd::grad({value.sum()}, {input}, {}, std::nullopt,
                                                                     false, /*allow_unused=*/true)[0]
                                             : Tensor();
  return {value.detach(), slope.defined() ? slope : at::zeros_like(input)};
}

ActivationMoments gaussian_moments(const ActivationCurve& curve, double variance) {
  const double deviation = std::sqrt(variance);
  Tensor width = at::full({kPanels}, 2 * kReach / kPanels, torch::kFloat64);
  Tensor left = at::arange(kPanels, torch::kFloat64) * (2 * kReach / kPanels) - kReach;
  Tensor coarse = integrate_panels(curve, deviation, left, width);
  Tensor sum = at::zeros({4}, torch::kFloat64);
  for (int round = 0;; ++round) {
    const Tensor half = width / 2;
    const Tensor first = integrate_panels(curve, deviation, left, half);
    const Tensor second = integrate_panels(curve, deviation, left + half, half);
    const Tensor fine = first + second;
    const Tensor scale = at::clamp_min((sum + fine.sum(0)).abs(), 1);
    const Tensor open = ((fine - coarse).abs() > kSettled * scale).any(1);
    const auto count = open.sum().item<int64_t>();
    if (round == kRounds || count == 0 || count > kMostPanels) {
      sum += fine.sum(0);
      break;
    }
    sum += fine.index({~open}).sum(0);
    left = at::cat({left.index({open}), (left + half).index({open})});
    width = at::cat({half.index({open}), half.index({open})});
    coarse = at::cat({first.index({open}), second.index({open})});
  }
  const auto* values = sum.const_data_ptr<double>();
  const auto clean = [](double value) { return std::abs(value) < kSettled ? 0 : value; };
  return {clean(values[0]), clean(values[1]), clean(values[2]), clean(values[3])};
}

CriticalPoint critical_point(const ActivationCurve& curve) {
  constexpr double kRounding = 1e-9;
  Balance at_q = balance(curve, 1);
  double q = 1;
  if (at_q.bias_variance < -kRounding) {
    const auto larger = balanced_variance(curve);
    q = larger.value_or(1);
    if (larger) at_q = balance(curve, q);
  }
  if (std::isfinite(at_q.weight_variance) && at_q.bias_variance >= -kRounding) {
    return {at_q.weight_variance, std::max(0.0, at_q.bias_variance), q, at_q.second, true};
  }
  const bool usable = std::isfinite(at_q.second) && at_q.second > 0;
  return {usable ? 1 / at_q.second : 1, 0, 1, usable ? at_q.second : 1, false};
}

}  // namespace actlab

#pragma once

#include <torch/types.h>

#include "activation/activation.h"

namespace actlab {

// An element-wise activation as a function of one variable in double precision, as it is in evaluation mode:
// for analysis, apart from any model.
class ActivationCurve {
 public:
  // Throws Error (2) when the activation is not element-wise.
  explicit ActivationCurve(const ActivationSpec& spec);
  // With the learned parameters that `activation` has now.
  explicit ActivationCurve(const Activation& activation);

  struct Points {
    torch::Tensor value;  // f(x), double, shape of x
    torch::Tensor slope;  // f'(x), likewise
  };
  Points at(const torch::Tensor& x) const;

 private:
  std::shared_ptr<Activation> activation_;
};

// Expectations of f and its derivative.
struct ActivationMoments {
  double mean = 0;               // E[f]
  double second = 0;             // E[f^2]
  double derivative_mean = 0;    // E[f']
  double derivative_second = 0;  // E[f'^2]
};

// Under N(0, variance), by adaptive Gauss-Legendre quadrature: panels are halved until halving changes
// nothing, so kinks and jumps anywhere cost no accuracy (about 1e-10). Infinite or NaN where f is.
ActivationMoments gaussian_moments(const ActivationCurve& curve, double variance = 1);

// How weights and biases must vary for a deep network of this activation to be at the edge between vanishing
// and exploding gradients: with pre-activations of variance q and weights of variance w / fan-in,
//   chi_1 = w E[f'(z)^2] = 1   and   q = w E[f(z)^2] + b,   z ~ N(0, q)
// (Poole et al. 2016, Schoenholz et al. 2017). q is 1 where a bias variance b >= 0 allows it (ReLU: w = 2,
// b = 0, which is He's initialisation), else the smallest larger one with b = 0 (sigmoid: 57). Where there is
// none (softplus), w keeps E[f^2] q at 1 and `critical` is false.
struct CriticalPoint {
  double weight_variance = 1;  // w; its root is the gain
  double bias_variance = 0;    // b
  double variance = 1;         // q
  double second = 1;           // E[f(z)^2]
  bool critical = true;
};
CriticalPoint critical_point(const ActivationCurve& curve);

}  // namespace actlab

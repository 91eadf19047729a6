#pragma once

#include "activation/moments.h"
#include "diagnose/prediction.h"
#include "models/init.h"
#include "models/model.h"

namespace actlab {

// Mean-field theory of wide random networks (Poole et al. 2016, Schoenholz et al. 2017): with weights of
// variance w / fan-in and biases of second moment b, pre-activations are N(0, q) with
//   q_next = w E[f(z)^2] + b,   z ~ N(0, q),
// and the norms of delta = dL/dz of neighbouring layers have the ratio sqrt(chi_1), chi_1 = w E[f'(z)^2].

// The same layer stacked for ever.
struct FixedPoint {
  double variance = 1;  // q; infinite where it grows without end
  double chi = 1;       // chi_1 there: below 1 gradients vanish, above 1 they explode
};

// Iterates the map of the variance from `start`.
FixedPoint fixed_point(const ActivationCurve& curve, double weight_variance, double bias_second,
                       double start = 1);

// Predicts the hidden layers of the model from its activations and how `init` draws its weights, whatever
// they are now. `input_second`: mean square of its inputs, 1 for normalised data. Batch norm is left out, and
// max-pooling and padding taken for what they do to second moments: nothing; `notes` say so.
Theory predict(const Model& model, const InitSpec& init, double input_second = 1);

}  // namespace actlab

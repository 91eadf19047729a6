#include "diagnose/finite_loss.h"

#include <torch/utils.h>

#include <cmath>

namespace actlab {

using torch::Tensor;

std::optional<double> finite_loss(const ExaminedLoss& loss, const Tensor& output, const Tensor& labels,
                                  int64_t first, NonFinite& bad) {
  const torch::NoGradGuard no_grad;
  const Tensor values = output.detach();
  if (at::isfinite(values).all().item<bool>()) {
    const double mean = loss(values, labels).item<double>();
    if (std::isfinite(mean)) return mean;
  }
  const int64_t before = bad.count();
  const auto row = [&](const Tensor& of, int64_t i) { return of.slice(0, i, i + 1); };
  for (int64_t i = 0; i < values.size(0); ++i) {
    const bool finite = at::isfinite(row(values, i)).all().item<bool>() &&
                        std::isfinite(loss(row(values, i), row(labels, i)).item<double>());
    if (!finite) bad.add(first + i);
  }
  // Each loss may be finite where their sum is not.
  for (int64_t i = 0; bad.count() == before && i < values.size(0); ++i) bad.add(first + i);
  return std::nullopt;
}

}  // namespace actlab

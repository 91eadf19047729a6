#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <utility>

#include "diagnose/finite_loss.h"
#include "diagnose/record.h"
#include "models/model.h"

namespace actlab {

// The examples that a model is examined on, gathered as they are needed.
struct ExaminedSet {
  int64_t count = 0;
  // Examples [first, first + n): inputs [n, C, H, W] as the model takes them, labels [n].
  std::function<std::pair<torch::Tensor, torch::Tensor>(int64_t first, int64_t n)> gather;
};

// Measures the hidden layers of the model, and the function at its end, as they are: in evaluation mode (no
// dropout, the running statistics of batch norm), without a random draw, and without touching weights,
// buffers or gradients, so that training goes on as if it had not happened. All sums are in double; the
// network itself computes in the type that weights and inputs have. Gradients stay undefined where the
// model's outputs or losses are not finite, which non_finite counts. Fills in everything but epoch, step,
// share, update_ratio and what LifeTable counts.
Examination examine(Model& model, const ExaminedLoss& loss, const ExaminedSet& examples);

// Sizes of the hidden layers' weights and of one optimizer step: made before the step, asked after it.
class UpdateRatio {
 public:
  explicit UpdateRatio(const Model& model);

  // |weight now - weight then| / |weight then| of each hidden layer, in order; undefined without weights.
  std::vector<double> measure() const;

 private:
  const Model& model_;
  std::vector<torch::Tensor> before_;
};

// Puts them into the records of an examination of the same model.
void add_update_ratios(Examination& examination, const std::vector<double>& ratios);

}  // namespace actlab

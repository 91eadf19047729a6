#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace actlab {

// Why a loss, a model's output and the labels do not go together, and the mend.
struct ContractProblem {
  std::string key;         // the config key to change
  std::string message;     // what does not fit
  std::string suggestion;  // what to set instead
};

// Checks `loss` (its type) against a model that ends in `output` (logits, sigmoid, softmax, log_softmax) with
// `outputs` values an example, for labels of `classes` classes:
//   bce               one sigmoid            two classes
//   bce_with_logits   one logit              two classes
//   cross_entropy     logits, one a class
//   nll               log_softmax, one a class
//   mse               anything but log_softmax: one value for two classes, or one a class
std::optional<ContractProblem> check_contract(const std::string& loss, const std::string& output,
                                              int64_t outputs, int64_t classes);

}  // namespace actlab

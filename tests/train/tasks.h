#pragma once

#include "parity.h"
#include "train/classification.h"

namespace actlab::test {

// Of classes that are called by their numbers.
inline Classification classification(const std::string& loss, const ModelOutput& output, int64_t classes) {
  std::vector<std::string> names;
  for (int64_t i = 0; i < classes; ++i) names.push_back(std::to_string(i));
  return {Loss(resolved(loss_section(), loss)), output, names};
}

}  // namespace actlab::test

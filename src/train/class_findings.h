#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "data/dataset.h"

namespace actlab {

// Gathers what a report shows of a classifier beside its metrics: ROC curves, and what it got wrong.
class ClassFindings {
 public:
  explicit ClassFindings(int64_t classes) : scores_(static_cast<size_t>(classes)) {}

  // One example and its probabilities, one a class.
  void see(int64_t index, int64_t label, int64_t predicted, std::span<const float> probabilities);

  // {roc, mistakes} as Classification::scores has them. `part` holds the examples by their index.
  nlohmann::ordered_json to_json(const Part& part, const std::vector<std::string>& class_names) const;

 private:
  struct Mistake {
    int64_t index;
    int64_t label;
    int64_t predicted;
    float probability;
  };

  static bool surer(const Mistake& a, const Mistake& b);
  static nlohmann::ordered_json to_json(const Mistake& mistake, const Part& part,
                                        const std::vector<std::string>& names);

  std::vector<std::vector<std::pair<float, bool>>> scores_;  // one list a class
  std::vector<Mistake> mistakes_;
};

}  // namespace actlab

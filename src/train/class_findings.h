#pragma once

#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "data/dataset.h"

namespace actlab {

// A score, and whether the example is of the class.
using Scored = std::pair<double, bool>;

// Gathers what a report shows of a classifier beside its metrics: curves over its thresholds, how well it
// knows how sure to be, and what it got wrong.
class ClassFindings {
 public:
  explicit ClassFindings(int64_t classes) : scores_(static_cast<size_t>(classes)) {}

  // One example, the probability of the class it was taken for, and decisions, one a class (Task::decisions).
  void see(int64_t index, int64_t label, int64_t predicted, float probability,
           std::span<const double> decisions);

  // {roc, precision_recall, calibration, mistakes} as Classification::scores has them. `part` holds the
  // examples by their index.
  nlohmann::ordered_json to_json(const Part& part, const std::vector<std::string>& class_names) const;

 private:
  struct Mistake {
    int64_t index;
    int64_t label;
    int64_t predicted;
    float probability;
    double decision;  // of the predicted class
  };

  // How often the model is right where it is so sure: by the probability of what it says.
  struct Sureness {
    static constexpr size_t kBins = 10;
    std::array<int64_t, kBins> counts = {};
    std::array<double, kBins> sums = {};  // of probabilities
    std::array<int64_t, kBins> hits = {};

    void add(float probability, bool right);
    // {"ece": the expected calibration error (Naeini et al. 2015), "bins": [{probability, accuracy,
    // examples}]}
    nlohmann::ordered_json to_json() const;
  };

  std::vector<Mistake> chosen() const;
  static bool surer(const Mistake& a, const Mistake& b);
  static nlohmann::ordered_json to_json(const Mistake& mistake, const Part& part,
                                        const std::vector<std::string>& names);

  std::vector<std::vector<Scored>> scores_;  // one list a class
  std::vector<Mistake> mistakes_;
  Sureness sureness_;
};

}  // namespace actlab

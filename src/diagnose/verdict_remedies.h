#pragma once

#include <string>
#include <vector>

#include "diagnose/verdict.h"

namespace actlab {

// The remedies that verdicts choose from. Each leaves out what the setup has already, and is empty where
// nothing would change.
class Remedies {
 public:
  // `activations`: as the records of the last examination name them.
  Remedies(const TrainingSetup& setup, std::vector<std::string> activations)
      : setup_(setup), activations_(std::move(activations)) {}

  Remedy relu() const;
  Remedy critical_init() const;
  Remedy selu() const;
  Remedy centred() const;
  Remedy leaky() const;
  Remedy elu() const;
  // Empty where the rate alone throws weights too far whatever the gradient.
  Remedy clip() const;
  // The nearest usual rate on that side of the one there is; `much`: the next beyond it. Where the
  // optimizer's usual rates end there, a smaller one is a third, and there is no larger one.
  Remedy smaller_rate(bool much = false) const;
  Remedy larger_rate(bool much = false) const;
  std::vector<Remedy> smaller_rates() const { return useful({smaller_rate(), smaller_rate(true)}); }
  std::vector<Remedy> larger_rates() const { return useful({larger_rate(), larger_rate(true)}); }
  Remedy cross_entropy() const;
  // Layers so wide that hardly one draw in a hundred leaves one of them dead.
  Remedy wider() const;

  // Those of the list that change something.
  static std::vector<Remedy> useful(std::vector<Remedy> remedies);

 private:
  // `activation` as a config says it, `recorded` as records do, where that differs.
  Remedy with(const std::string& activation, const std::string& init, const std::string& why,
              const std::string& recorded = "") const;

  const TrainingSetup& setup_;
  std::vector<std::string> activations_;
};

// Whether one of the overrides sets that key, or an option inside it.
bool sets(const Remedy& remedy, const std::string& key);

}  // namespace actlab

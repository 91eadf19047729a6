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
  Remedy clip() const;
  Remedy rate(double factor, const std::string& why) const;
  Remedy cross_entropy() const;

  // Those of the list that change something.
  static std::vector<Remedy> useful(std::vector<Remedy> remedies);

 private:
  // `activation` as a config says it, `recorded` as records do, where that differs.
  Remedy with(const std::string& activation, const std::string& init, const std::string& why,
              const std::string& recorded = "") const;

  const TrainingSetup& setup_;
  std::vector<std::string> activations_;
};

}  // namespace actlab

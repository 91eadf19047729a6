#pragma once

#include <string>
#include <vector>

#include "diagnose/step_size.h"
#include "diagnose/verdict_remedies.h"

namespace actlab {

// Of the remedies of a verdict, what can help as things stand: with the steps that were taken, at that depth.
class Advice {
 public:
  // All must outlive it.
  Advice(const TrainingSetup& setup, const Findings& findings, const StepSize& steps,
         const Remedies& remedies);

  // The remedies of the verdict of that name: those that theory lets train, and where steps had the wrong
  // size, together with a better rate. What only came of steps that were too large has no other remedy.
  std::vector<Remedy> adapted(const std::string& name, std::vector<Remedy> remedies) const;

  // Whether the network was ill so before the first step.
  bool there_at_start(const std::string& name) const;

 private:
  std::vector<Remedy> workable(std::vector<Remedy> remedies) const;
  bool trains(const Remedy& remedy) const;
  std::vector<Remedy> with_cure(const std::vector<Remedy>& rates) const;

  const TrainingSetup& setup_;
  const Findings& findings_;
  const StepSize& steps_;
  const Remedies& remedies_;
  std::vector<Verdict> at_start_;
};

}  // namespace actlab

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "config/config.h"

namespace actlab {

// The `schedule` section: a row a schedule.
ComponentSection schedule_section();

// What a schedule needs to know of the run.
struct SchedulePlan {
  double lr;                // of the optimizer: the rate that schedules start from, one_cycle's highest
  int64_t epochs;           // of the whole run
  int64_t steps_per_epoch;  // batches an epoch
};

// The learning rate as a pure function of the step and, for plateau, of the losses recorded so far; so a
// resumed run needs no state of it.
class Schedule {
 public:
  virtual ~Schedule() = default;

  // `step` counts batches from 0. `losses` has the watched loss (validation, else training) of each finished
  // epoch.
  double rate(int64_t step, const std::vector<double>& losses) const;

 protected:
  Schedule(const SchedulePlan& plan, int64_t warmup) : plan_(plan), warmup_(warmup) {}

  virtual double rate_without_warmup(int64_t step, const std::vector<double>& losses) const = 0;

  SchedulePlan plan_;

 private:
  int64_t warmup_;
};

// What of the resolved section has no effect, or another than it seems to, in a run of that plan: a sentence
// each. Its steps_per_epoch is 0 where only the data will tell.
std::vector<std::string> idle_options(const Node& schedule, const SchedulePlan& plan);

std::unique_ptr<Schedule> make_schedule(const Node& schedule, const SchedulePlan& plan);

}  // namespace actlab

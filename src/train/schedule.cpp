#include "train/schedule.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "config/registry.h"
#include "core/number_text.h"

namespace actlab {
namespace {

constexpr double kMost = 1e12;
constexpr double kSmallestDrop = 1e-8;  // eps of torch's ReduceLROnPlateau

struct ConstantOptions {
  int64_t warmup = 0;

  template <class Visitor>
  void visit(Visitor& v) {
    v("warmup", warmup, "batches over which the rate rises linearly to the schedule's", between(0, kMost));
  }
};

struct StepOptions : ConstantOptions {
  std::string by = "epoch";
  int64_t step_size = 1;
  double gamma = 0.1;

  template <class Visitor>
  void visit(Visitor& v) {
    v("by", by, "what is counted", Choice{{"epoch", "batch"}});
    v("step_size", step_size, "epochs or batches between two drops", between(1, kMost));
    v("gamma", gamma, "factor of a drop", above_zero(1));
    ConstantOptions::visit(v);
  }
};

struct ExponentialOptions : ConstantOptions {
  std::string by = "epoch";
  double gamma = 0.9;

  template <class Visitor>
  void visit(Visitor& v) {
    v("by", by, "what is counted", Choice{{"epoch", "batch"}});
    v("gamma", gamma, "factor an epoch or batch", above_zero(1));
    ConstantOptions::visit(v);
  }
};

struct CosineOptions : ConstantOptions {
  std::string by = "epoch";
  Auto<int64_t> t_max;
  double eta_min = 0;

  template <class Visitor>
  void visit(Visitor& v) {
    v("by", by, "what is counted", Choice{{"epoch", "batch"}});
    v("t_max", t_max, "epochs or batches until the lowest rate; auto: the whole run", between(1, kMost));
    v("eta_min", eta_min, "lowest rate", between(0, 1e6));
    ConstantOptions::visit(v);
  }
};

struct OneCycleOptions : ConstantOptions {
  double pct_start = 0.3;
  double div_factor = 25;
  double final_div_factor = 1e4;
  std::string anneal = "cos";

  template <class Visitor>
  void visit(Visitor& v) {
    v("pct_start", pct_start, "share of the run in which the rate rises", fraction_below_one());
    v("div_factor", div_factor, "optimizer.lr divided by this is the first rate", between(1, 1e12));
    v("final_div_factor", final_div_factor, "the first rate divided by this is the last", between(1, 1e12));
    v("anneal", anneal, "shape of rise and fall", Choice{{"cos", "linear"}});
    ConstantOptions::visit(v);
  }
};

struct PlateauOptions : ConstantOptions {
  double factor = 0.1;
  int64_t patience = 10;
  double threshold = 1e-4;
  int64_t cooldown = 0;
  double min_lr = 0;

  template <class Visitor>
  void visit(Visitor& v) {
    v("factor", factor, "factor of a drop",
      Range{.min = 0, .max = 1, .min_excluded = true, .max_excluded = true});
    v("patience", patience, "epochs without a better loss that are let pass", between(0, 1e6));
    v("threshold", threshold, "share by which a loss must fall to count as better", fraction_below_one());
    v("cooldown", cooldown, "epochs after a drop in which none is counted", between(0, 1e6));
    v("min_lr", min_lr, "lowest rate", between(0, 1e6));
    ConstantOptions::visit(v);
  }
};

// Schedules that count epochs or batches, as the option `by` says.
int64_t count(const std::string& by, int64_t step, const SchedulePlan& plan) {
  return by == "batch" ? step : step / plan.steps_per_epoch;
}

// A schedule whose rate is one expression over its options, its plan and the step.
template <class Options>
class RateFormula : public Schedule {
 public:
  using Rate = double (*)(const Options& options, const SchedulePlan& plan, int64_t step,
                          const std::vector<double>& losses);

  RateFormula(const Options& options, const SchedulePlan& plan, Rate rate)
      : Schedule(plan, options.warmup), options_(options), rate_(rate) {}

 protected:
  double rate_without_warmup(int64_t step, const std::vector<double>& losses) const override {
    return rate_(options_, plan_, step, losses);
  }

 private:
  Options options_;
  Rate rate_;
};

// torch.optim.lr_scheduler.StepLR
double step_rate(const StepOptions& o, const SchedulePlan& plan, int64_t step, const std::vector<double>&) {
  const int64_t steps_taken = count(o.by, step, plan) / o.step_size;
  return plan.lr * std::pow(o.gamma, static_cast<double>(steps_taken));
}

// torch.optim.lr_scheduler.ExponentialLR
double exponential_rate(const ExponentialOptions& o, const SchedulePlan& plan, int64_t step,
                        const std::vector<double>&) {
  return plan.lr * std::pow(o.gamma, static_cast<double>(count(o.by, step, plan)));
}

// Loshchilov and Hutter 2017, eq. 5 without restarts; torch.optim.lr_scheduler.CosineAnnealingLR. Stays at
// the lowest rate after t_max, where torch's would rise again.
double cosine_rate(const CosineOptions& o, const SchedulePlan& plan, int64_t step,
                   const std::vector<double>&) {
  const int64_t whole_run = o.by == "batch" ? plan.epochs * plan.steps_per_epoch : plan.epochs;
  const int64_t t_max = o.t_max.value.value_or(whole_run);
  const double t = static_cast<double>(std::min(count(o.by, step, plan), t_max)) / static_cast<double>(t_max);
  return o.eta_min + (plan.lr - o.eta_min) * (1 + std::cos(std::numbers::pi * t)) / 2;
}

double anneal(const OneCycleOptions& o, double from, double to, double share) {
  if (o.anneal == "linear") return from + (to - from) * share;
  return to + (from - to) / 2 * (1 + std::cos(std::numbers::pi * share));
}

// Smith and Topin 2018, as torch.optim.lr_scheduler.OneCycleLR in two phases defines it; momentum is not
// cycled.
double one_cycle_rate(const OneCycleOptions& o, const SchedulePlan& plan, int64_t step,
                      const std::vector<double>&) {
  const double total = static_cast<double>(plan.epochs * plan.steps_per_epoch);
  const double first = plan.lr / o.div_factor;
  const double last = first / o.final_div_factor;
  const double peak = o.pct_start * total - 1;
  const double t = std::min(static_cast<double>(step), total - 1);
  if (t <= peak) return anneal(o, first, plan.lr, peak > 0 ? t / peak : 1);
  return anneal(o, plan.lr, last, (t - peak) / (total - 1 - peak));
}

// torch.optim.lr_scheduler.ReduceLROnPlateau, mode min, threshold_mode rel, replayed over the recorded
// losses.
double plateau_rate(const PlateauOptions& o, const SchedulePlan& plan, int64_t step,
                    const std::vector<double>& losses) {
  double rate = plan.lr;
  double best = std::numeric_limits<double>::infinity();
  int64_t bad = 0;
  int64_t cooldown = 0;
  const size_t finished = std::min(losses.size(), static_cast<size_t>(step / plan.steps_per_epoch));
  for (size_t epoch = 0; epoch < finished; ++epoch) {
    const bool better = losses[epoch] < best * (1 - o.threshold);
    if (better) best = losses[epoch];
    bad = better ? 0 : bad + 1;
    if (cooldown > 0) {
      --cooldown;
      bad = 0;
    }
    if (bad > o.patience) {
      const double lower = std::max(rate * o.factor, o.min_lr);
      if (rate - lower > kSmallestDrop) rate = lower;
      cooldown = o.cooldown;
      bad = 0;
    }
  }
  return rate;
}

double constant_rate(const ConstantOptions&, const SchedulePlan& plan, int64_t, const std::vector<double>&) {
  return plan.lr;
}

// How long the run is in what `by` counts; 0 where that is not known yet.
int64_t length_by(const std::string& by, const SchedulePlan& plan) {
  return by == "batch" ? plan.epochs * plan.steps_per_epoch : plan.epochs;
}

std::string counted_by(const std::string& by, int64_t count) {
  return by == "batch" ? counted(count, "batch", "batches") : counted(count, "epoch");
}

// What of a schedule's own options has no effect, in words; empty where all have.
std::string idle_in(const ConstantOptions&, const SchedulePlan&) {
  return "";
}

std::string idle_in(const StepOptions& o, const SchedulePlan& plan) {
  const int64_t length = length_by(o.by, plan);
  if (o.gamma == 1) return "schedule.gamma=1 changes nothing";
  if (length == 0 || o.step_size < length) return "";
  return "schedule.step_size=" + counted_by(o.by, o.step_size) + " is not reached in a run of " +
         counted_by(o.by, length) + ": the rate never drops";
}

std::string idle_in(const ExponentialOptions& o, const SchedulePlan& plan) {
  if (o.gamma == 1) return "schedule.gamma=1 changes nothing";
  return length_by(o.by, plan) == 1 ? "schedule: one epoch has one rate; schedule.by=batch lowers it within"
                                    : "";
}

std::string idle_in(const CosineOptions& o, const SchedulePlan& plan) {
  const int64_t length = length_by(o.by, plan);
  if (length == 1) return "schedule: one epoch has one rate; schedule.by=batch lowers it within";
  if (length == 0 || !o.t_max.value || *o.t_max.value <= length) return "";
  return "schedule.t_max=" + counted_by(o.by, *o.t_max.value) + " is longer than the run of " +
         counted_by(o.by, length) + ": the rate does not come down to schedule.eta_min";
}

std::string idle_in(const OneCycleOptions&, const SchedulePlan&) {
  return "";
}

// The first epoch is better than none; then `patience` are let pass, the next one lowers the rate of those
// after it.
std::string idle_in(const PlateauOptions& o, const SchedulePlan& plan) {
  if (o.patience + 3 <= plan.epochs) return "";
  return "schedule.patience=" + std::to_string(o.patience) + " is too long for a run of " +
         counted(plan.epochs, "epoch") + ": the rate never drops";
}

struct ScheduleType {
  ComponentType component;
  std::unique_ptr<Schedule> (*make)(const Node& schedule, const SchedulePlan& plan);
  std::vector<std::string> (*idle)(const Node& schedule, const SchedulePlan& plan);
};

template <class Options>
std::vector<std::string> idle_of(const Node& schedule, const SchedulePlan& plan) {
  const auto options = read_options<Options>(schedule);
  std::vector<std::string> idle;
  if (const std::string own = idle_in(options, plan); !own.empty()) idle.push_back(own);
  const int64_t steps = plan.epochs * plan.steps_per_epoch;
  if (steps > 0 && options.warmup >= steps) {
    idle.push_back("schedule.warmup=" + counted(options.warmup, "batch", "batches") +
                   " is no shorter than the run of " + counted(steps, "batch", "batches") +
                   ": the rate only rises");
  }
  return idle;
}

template <class Options, auto rate>
ScheduleType row(const char* name, const char* help) {
  return {{name, help, resolve_options<Options>},
          [](const Node& schedule, const SchedulePlan& plan) -> std::unique_ptr<Schedule> {
            return std::make_unique<RateFormula<Options>>(read_options<Options>(schedule), plan, rate);
          },
          idle_of<Options>};
}

const std::vector<ScheduleType>& schedule_types() {
  static const std::vector<ScheduleType> table = {
      row<ConstantOptions, constant_rate>("constant", "the optimizer's rate throughout"),
      row<StepOptions, step_rate>("step", "times gamma every step_size epochs or batches"),
      row<ExponentialOptions, exponential_rate>("exponential", "times gamma every epoch or batch"),
      row<CosineOptions, cosine_rate>("cosine", "half a cosine from the optimizer's rate down to eta_min"),
      row<OneCycleOptions, one_cycle_rate>("one_cycle",
                                           "up to the optimizer's rate and down again, by batch"),
      row<PlateauOptions, plateau_rate>("plateau", "times factor when the loss no longer falls"),
  };
  return table;
}

}  // namespace

ComponentSection schedule_section() {
  return section_of("schedule", schedule_types(), "constant");
}

double Schedule::rate(int64_t step, const std::vector<double>& losses) const {
  const double full = rate_without_warmup(step, losses);
  return step < warmup_ ? full * static_cast<double>(step + 1) / static_cast<double>(warmup_) : full;
}

std::vector<std::string> idle_options(const Node& schedule, const SchedulePlan& plan) {
  return find_row(schedule_types(), schedule).idle(schedule, plan);
}

std::unique_ptr<Schedule> make_schedule(const Node& schedule, const SchedulePlan& plan) {
  return find_row(schedule_types(), schedule).make(schedule, plan);
}

}  // namespace actlab

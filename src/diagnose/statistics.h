#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "diagnose/record.h"

namespace actlab {

// What of a layer's activation function the shares are counted against.
struct Thresholds {
  double slope = kUndefined;  // a slope smaller than this in magnitude counts as saturated, or off
  double low = kUndefined;    // outputs below this, or above `high`, count as at a bound
  double high = kUndefined;
  bool switches = false;  // such slopes are off by design: see ActivationBounds
};

// |f'| below a tenth of `steepest`, its largest; outputs within 5 % of the width of [lowest, highest], the
// range, of one of the two. Undefined or infinite ones give no share.
Thresholds thresholds_of(double steepest, double lowest, double highest, bool switches = false);

// A unit whose outputs differ by no more than so many roundings, of the type they are computed in, answers
// everything alike.
inline constexpr double kRoundings = 64;

// Gathers the figures of one layer over batches, in double whatever the type of the numbers: squares of
// gradients fall below what a float can hold after some twenty sigmoid layers.
class LayerStatistics {
 public:
  explicit LayerStatistics(const Thresholds& thresholds) : thresholds_(thresholds) {}

  // Each takes one batch. T is float or double.
  template <class T>
  void add_inputs(std::span<const T> inputs);
  // [N, units, positions]
  template <class T>
  void add_outputs(std::span<const T> outputs, int64_t units, int64_t positions);
  // f' at the inputs.
  template <class T>
  void add_slopes(std::span<const T> slopes);
  // dL_i / d(input): [N, units, positions].
  template <class T>
  void add_deltas(std::span<const T> deltas, int64_t units, int64_t positions);

  // Of all deltas together; undefined before any.
  double delta_norm() const;
  // Of their mean over so many examples, a number a unit; undefined before any.
  double mean_delta_norm(int64_t examples) const;

  // Fills in what follows from the batches; `examples` they had. With fewer than two, no unit is called dead.
  void write(LayerRecord& record, int64_t examples) const;

 private:
  // Around the first value, so that a constant has a deviation of exactly 0.
  struct Moments {
    int64_t count = 0;
    double shift = 0;
    double sum = 0;
    double squares = 0;

    template <class T>
    void add(std::span<const T> values);
    double mean() const;
    double deviation() const;
  };
  struct Unit {
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();
    double sum = 0;

    bool responds(double rounding) const;
  };

  // Of some of the numbers of each batch: all of a small one, evenly chosen ones of a large one. The first
  // batch sets the range, four deviations to either side of its mean or as far as it goes.
  struct Histogram {
    double low = kUndefined;
    double high = kUndefined;
    std::vector<int64_t> counts;

    template <class T>
    void add(std::span<const T> values);
  };

  Thresholds thresholds_;
  Moments inputs_, outputs_;
  Histogram histogram_;
  std::vector<Unit> units_;
  double rounding_ = 0;  // of the outputs' type, relative
  int64_t zeros_ = 0;
  int64_t at_bound_ = 0;
  int64_t slopes_ = 0;
  int64_t flat_ = 0;
  int64_t linear_ = 0;
  int64_t deltas_ = 0;
  double delta_squares_ = 0;
  std::vector<double> delta_sums_;  // one a unit
};

}  // namespace actlab

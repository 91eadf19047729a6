#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "diagnose/record.h"

namespace actlab {

// What of a layer's activation function the shares are counted against.
struct Thresholds {
  double slope = kUndefined;  // a slope smaller than this in magnitude counts as saturated
  double low = kUndefined;    // outputs below this, or above `high`, count as at a bound
  double high = kUndefined;
};

// |f'| below a tenth of `steepest`, its largest; outputs within 5 % of the width of [lowest, highest], the
// range, of one of the two. Undefined or infinite ones give no share.
Thresholds thresholds_of(double steepest, double lowest, double highest);

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
  // dL_i / d(input).
  template <class T>
  void add_deltas(std::span<const T> deltas);

  // Of all deltas together; undefined before any.
  double delta_norm() const;

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
  struct UnitRange {
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();

    bool responds(double rounding) const;
  };

  Thresholds thresholds_;
  Moments inputs_, outputs_;
  std::vector<UnitRange> units_;
  double rounding_ = 0;  // of the outputs' type, relative
  int64_t zeros_ = 0;
  int64_t at_bound_ = 0;
  int64_t slopes_ = 0;
  int64_t saturated_ = 0;
  int64_t deltas_ = 0;
  double delta_squares_ = 0;
};

}  // namespace actlab

#pragma once

#include <limits>
#include <string>
#include <vector>

// Axes of a plot: which values get a tick, how they are written, where they lie.
namespace actlab {

// At most about `count` multiples of 1, 2 or 5 times a power of ten within [low, high]. Empty unless low <
// high.
std::vector<double> linear_ticks(double low, double high, int count);

// The same for a logarithmic axis, 0 < low: powers of ten, or every other one, ...; within two decades also
// their multiples by 2 and 5.
std::vector<double> log_ticks(double low, double high, int count);

// The values of an axis' ticks as people write them, with the digits that tell them apart: "0.25", "20k",
// "1e-7".
std::vector<std::string> tick_texts(const std::vector<double>& ticks);

// `value` with that many significant digits: "0.9819", "2.1e-23", "54000"; "–" when it is not finite.
std::string figure(double value, int digits = 4);
// Three digits and a unit for thousands and millions: "244k".
std::string compact(double value);
// 0.9819 as "98.19 %".
std::string percent(double share, int decimals = 2);

// "1 epoch", "2 epochs".
std::string counted(double number, const std::string& noun);

// Maps [low, high] to [from, to]; a logarithmic one needs 0 < low.
struct Scale {
  double low = 0;
  double high = 1;
  bool log = false;
  double from = 0;
  double to = 1;

  // NaN for what has no place: not finite, or not positive on a logarithmic axis.
  double operator()(double value) const;
  std::vector<double> ticks(int count) const;
};

// The least and the greatest of the values that the axis can show, taken in one by one.
class Extent {
 public:
  explicit Extent(bool log = false) : log_(log) {}
  void add(double value);
  void add(const std::vector<double>& values);
  bool empty() const { return low_ > high_; }
  bool within(double low, double high) const { return low <= low_ && high_ <= high; }
  // With `padding` of the length on either side, and never of length 0. An empty one is [0, 1], or [1, 10].
  Scale scale(double padding) const;

 private:
  bool log_;
  double low_ = std::numeric_limits<double>::infinity();
  double high_ = -std::numeric_limits<double>::infinity();
};

}  // namespace actlab

#pragma once

#include <optional>
#include <vector>

#include "activation/moments.h"

namespace actlab {

// What can be measured of a function's graph. All of it comes from values of f and f', so that formulas have
// it too: dense from -16 to 16, then further and further apart out to a million. What is finer than a
// hundredth there can be missed.
struct ActivationShape {
  // Where f goes as x goes to -infinity and to infinity: a value, an infinity, or nothing.
  std::optional<double> limit_left;
  std::optional<double> limit_right;
  // Bounds of the output, whether reached or only approached; infinities where there are none.
  double low = 0;
  double high = 0;
  double lowest_x = 0;  // where `low` is reached; an infinity where it is a limit or no bound
  double highest_x = 0;
  bool monotone = false;  // it never falls, or never rises
  // Where |f'| is largest, the point nearest to 0 if there are several; an infinity where |f'| only comes
  // near to it, or grows without bound.
  double steepest_x = 0;
  double steepest_slope = 0;  // f' there, as |f'|
  // Where f or f' jumps.
  std::vector<double> kinks;
};

ActivationShape activation_shape(const ActivationCurve& curve);

// f and f' at `points` places evenly over [from, to], for a plot. Where one of them jumps there is a place
// just before, one just after, and NaN at the jump itself: a line is broken there and not drawn slanted.
struct SampledCurve {
  std::vector<double> x, value, slope;
};
SampledCurve sampled_curve(const ActivationCurve& curve, double from, double to, int64_t points);

// The bounds and what there is to know of slopes alone, to about a hundredth and in about a millisecond: for
// what asks again and again while parameters are learned.
struct ActivationBounds {
  double low = 0;
  double high = 0;
  double steepest_slope = 0;
  // Whether its flat parts are there to be off, as ReLU's, rather than where it saturates, as tanh's: its
  // slope has a few values and no others, or is exactly 0 over a stretch and at once something beside it.
  bool switches = false;
};
ActivationBounds activation_bounds(const ActivationCurve& curve);

}  // namespace actlab

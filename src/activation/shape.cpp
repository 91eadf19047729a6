#include "activation/shape.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "activation/tensor_values.h"

namespace actlab {
namespace {

using torch::Tensor;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kCore = 16;      // the grid is uniform up to here
constexpr double kFar = 1e6;      // and ends here
constexpr int64_t kSteps = 4096;  // of the uniform part
constexpr double kSmall = 1e-9;   // what counts as nothing
constexpr double kNear = 1e-8;    // how near a limit is taken for the limit

Tensor tail() {
  return at::logspace(std::log10(kCore), std::log10(kFar), 240, 10, torch::kFloat64).slice(0, 1);
}

Tensor grid() {
  const Tensor far = tail();
  return at::cat({-far.flip(0), at::linspace(-kCore, kCore, kSteps + 1, torch::kFloat64), far});
}

// f or |f'| at points.
using Function = std::function<Tensor(const Tensor&)>;

// The limit of a sequence that has nearly settled or moves by ever smaller or steady steps.
std::optional<double> limit_of(std::vector<double> values) {
  // Where exp overflows, inf / inf follows: what came before tells.
  values.erase(std::find_if(values.begin(), values.end(), [](double v) { return std::isnan(v); }),
               values.end());
  const size_t n = values.size();
  if (n < 8) return std::nullopt;
  const double last = values[n - 1];
  if (std::isinf(last)) return last;
  const double scale = std::max(1.0, std::abs(last));
  bool settled = true;
  bool shrinking = true;
  bool growing = true;
  for (size_t i = n - 6; i < n; ++i) {
    const double step = values[i] - values[i - 1];
    const double before = values[i - 1] - values[i - 2];
    settled = settled && std::abs(step) < kSmall * scale;
    shrinking = shrinking && std::abs(step) <= 0.9 * std::abs(before) + 1e-13 * scale;
    growing = growing && step * last > 0 && std::abs(step) > 0.9 * std::abs(before);
  }
  if (settled) return std::abs(last) < kSmall ? 0 : last;
  if (growing) return last > 0 ? kInfinity : -kInfinity;
  if (!shrinking) return std::nullopt;
  // Aitken's extrapolation: exact where the distance shrinks by the same factor each time, as 1 / x does.
  const double step = values[n - 1] - values[n - 2];
  const double bend = step - (values[n - 2] - values[n - 3]);
  const double limit = bend == 0 ? last : last - step * step / bend;
  return std::round(limit / kNear) * kNear;
}

// Powers of a factor that no period is a multiple of.
std::optional<double> limit_towards(const Function& f, double side) {
  constexpr double kFactor = 1.9;
  const int64_t count = static_cast<int64_t>(std::log(kFar / 4.37) / std::log(kFactor)) + 1;
  const Tensor x = at::pow(kFactor, at::arange(count, torch::kFloat64)) * (4.37 * side);
  return limit_of(values_of(f(x)));
}

struct Point {
  double x;
  double y;
};

// The grid point nearest to 0 of those where y is as good as largest: the crests of a wave are sampled
// unevenly. None where all are NaN.
std::optional<size_t> nearest_crest(const std::vector<double>& xs, const std::vector<double>& ys) {
  constexpr double kAsGood = 1e-5;
  double largest = -kInfinity;
  for (const double y : ys) largest = y > largest ? y : largest;
  const double enough = largest - kAsGood * std::max(1.0, std::abs(largest));
  std::optional<size_t> found;
  for (size_t i = 0; i < xs.size(); ++i) {
    const bool good = std::isinf(largest) ? ys[i] == largest : ys[i] >= enough;
    if (good && (!found || std::abs(xs[i]) < std::abs(xs[*found]))) found = i;
  }
  if (!found) return found;
  size_t top = *found;
  while (top + 1 < ys.size() && ys[top + 1] > ys[top]) ++top;
  while (top > 0 && ys[top - 1] > ys[top]) --top;
  return top;
}

// The largest value of f on the grid, refined between the neighbours of the grid point in so many rounds. Of
// equal ones the nearest to 0. NaN counts as nothing.
Point grid_maximum(const Function& f, const Tensor& x, const Tensor& y, int rounds) {
  constexpr int64_t kPoints = 33;
  Point best{0, -kInfinity};
  double low = 0;
  double high = 0;
  const auto take = [&](const std::vector<double>& xs, const std::vector<double>& ys, size_t i) {
    best = {xs[i], ys[i]};
    low = xs[i > 0 ? i - 1 : 0];
    high = xs[std::min(i + 1, xs.size() - 1)];
  };
  const auto look = [&](const Tensor& at_x, const Tensor& at_y) {
    const auto xs = values_of(at_x);
    const auto ys = values_of(at_y);
    size_t found = xs.size();
    for (size_t i = 0; i < xs.size(); ++i) {
      const bool higher = ys[i] > best.y;
      const bool nearer = ys[i] == best.y && std::abs(xs[i]) < std::abs(best.x);
      if (!higher && !nearer) continue;
      best = {xs[i], ys[i]};
      found = i;
    }
    if (found == xs.size()) {  // none better: look closer around the best
      low = best.x - (best.x - low) / 8;
      high = best.x + (high - best.x) / 8;
      return;
    }
    take(xs, ys, found);
  };
  const auto xs = values_of(x);
  const auto ys = values_of(y);
  if (const auto crest = nearest_crest(xs, ys)) take(xs, ys, *crest);
  for (int round = 0; round < rounds && low < high && std::isfinite(best.y); ++round) {
    const Tensor inside = at::linspace(low, high, kPoints, torch::kFloat64);
    look(inside, f(inside));
  }
  if (std::abs(best.x) < kSmall) best.x = 0;
  return best;
}

// Whether |y| still grows at the ends of the grid, where f has no limit: x * sin(x).
bool swings_wider(const Tensor& x, const Tensor& y) {
  const Tensor far = x.abs() > kFar / 10;
  const Tensor near = x.abs() < kFar / 1000;
  return y.index({far}).max().item<double>() > 10 * std::abs(y.index({near}).max().item<double>());
}

// The least upper bound of f, and where it is; to about 1e-8 with kRefined rounds.
constexpr int kRefined = 12;
Point upper_bound(const Function& f, const Tensor& x, const Tensor& y, int rounds = kRefined) {
  Point best = grid_maximum(f, x, y, rounds);
  for (const double side : {1.0, -1.0}) {
    const auto limit = limit_towards(f, side);
    const double bound = limit ? *limit : swings_wider(x, y) ? kInfinity : -kInfinity;
    // A limit that f reaches in its tail, to rounding, is still a limit.
    if (bound > best.y + kSmall || (bound >= best.y - kNear && best.x * side > 10)) {
      best = {side * kInfinity, bound};
    }
  }
  return best;
}

Function value_of(const ActivationCurve& curve, double sign) {
  return [&curve, sign](const Tensor& x) { return curve.at(x).value * sign; };
}

Function steepness_of(const ActivationCurve& curve) {
  return [&curve](const Tensor& x) { return curve.at(x).slope.abs(); };
}

bool is_monotone(const Tensor& values) {
  const Tensor y = values.index({values.isfinite()});  // overflow in the tails is not a fall
  const Tensor steps = y.diff() / at::clamp_min(y.slice(0, 1).abs(), 1);
  return (steps > -kSmall).all().item<bool>() || (steps < kSmall).all().item<bool>();
}

// Halves the intervals over which f or f' changes much, keeping the half that changes more: where the change
// stays as the interval vanishes, there is a jump.
std::vector<double> find_kinks(const ActivationCurve& curve, const Tensor& x,
                               const ActivationCurve::Points& points) {
  constexpr int kRounds = 36;
  constexpr double kJump = 1e-3;
  const Tensor graph = at::stack({points.value, points.slope}, 1);  // [points, 2]
  const Tensor inside = x.abs() <= kCore;
  const Tensor scale = at::clamp_min(at::nan_to_num(graph.index({inside}), 0, 0, 0).abs().amax(0), 1e-6);
  Tensor left = x.slice(0, 0, -1), right = x.slice(0, 1);
  Tensor at_left = graph.slice(0, 0, -1), at_right = graph.slice(0, 1);
  const auto keep_jumps = [&] {
    const Tensor jumps = ((at_right - at_left).abs() > kJump * scale).any(1);
    for (Tensor* part : {&left, &right, &at_left, &at_right}) *part = part->index({jumps});
  };
  const Tensor core = (left.abs() <= kCore).logical_and(right.abs() <= kCore);
  for (Tensor* part : {&left, &right, &at_left, &at_right}) *part = part->index({core});
  keep_jumps();
  for (int round = 0; round < kRounds && left.numel() > 0; ++round) {
    const Tensor middle = (left + right) / 2;
    const auto [value, slope] = curve.at(middle);
    const Tensor at_middle = at::stack({value, slope}, 1);
    const Tensor first = ((at_middle - at_left).abs() / scale).amax(1);
    const Tensor second = ((at_right - at_middle).abs() / scale).amax(1);
    const Tensor go_left = first >= second;
    right = at::where(go_left, middle, right);
    left = at::where(go_left, left, middle);
    at_right = at::where(go_left.unsqueeze(1), at_middle, at_right);
    at_left = at::where(go_left.unsqueeze(1), at_left, at_middle);
    keep_jumps();
  }
  std::vector<double> kinks;
  for (const double kink : values_of((left + right) / 2)) {
    const double rounded = std::round(kink * 1e9) / 1e9 + 0.0;  // no -0
    if (kinks.empty() || rounded - kinks.back() > kSmall) kinks.push_back(rounded);
  }
  return kinks;
}

// Whether the slope has a few values only, or is 0 over a stretch without fading towards it. The smooth fade
// so far that they become exactly 0, too.
bool switches_off(const Tensor& x, const Tensor& slope) {
  constexpr size_t kFew = 6;
  constexpr double kClear = 1e-4;  // of the steepest: what the slope is at once beside a stretch of 0
  const auto slopes = values_of(slope.index({x.abs() <= kCore}));
  std::vector<double> values;
  double steepest = 0;
  for (const double s : slopes) {
    steepest = std::max(steepest, std::abs(s));
    const auto known = [&](double v) { return std::abs(v - s) <= kSmall * std::max(1.0, std::abs(s)); };
    if (values.size() <= kFew && std::ranges::none_of(values, known)) values.push_back(s);
  }
  if (values.size() <= kFew) return true;
  for (size_t i = 2; i < slopes.size(); ++i) {
    const bool rises = slopes[i - 2] == 0 && slopes[i - 1] == 0 && std::abs(slopes[i]) > kClear * steepest;
    const bool falls = std::abs(slopes[i - 2]) > kClear * steepest && slopes[i - 1] == 0 && slopes[i] == 0;
    if (rises || falls) return true;
  }
  return false;
}

}  // namespace

ActivationShape activation_shape(const ActivationCurve& curve) {
  const Tensor x = grid();
  const auto points = curve.at(x);
  ActivationShape shape;
  shape.limit_left = limit_towards(value_of(curve, 1), -1);
  shape.limit_right = limit_towards(value_of(curve, 1), 1);
  const Point highest = upper_bound(value_of(curve, 1), x, points.value);
  const Point lowest = upper_bound(value_of(curve, -1), x, -points.value);
  shape.low = -lowest.y;
  shape.lowest_x = lowest.x;
  shape.high = highest.y;
  shape.highest_x = highest.x;
  shape.monotone = is_monotone(points.value);
  const Point steepest = upper_bound(steepness_of(curve), x, points.slope.abs());
  shape.steepest_x = steepest.x;
  shape.steepest_slope = steepest.y;
  shape.kinks = find_kinks(curve, x, points);
  return shape;
}

SampledCurve sampled_curve(const ActivationCurve& curve, double from, double to, int64_t points) {
  constexpr size_t kMostBreaks = 50;  // a function with more is a wave that the places don't resolve
  const double beside = 1e-6 * (to - from);
  const Tensor dense = grid();
  std::vector<double> breaks = find_kinks(curve, dense, curve.at(dense));
  std::erase_if(breaks, [&](double kink) { return !(from + beside < kink && kink < to - beside); });
  if (breaks.size() > kMostBreaks) breaks.clear();
  SampledCurve sampled;
  sampled.x = values_of(at::linspace(from, to, points, torch::kFloat64));
  for (const double kink : breaks) {
    std::erase_if(sampled.x, [&](double x) { return std::abs(x - kink) <= beside; });
    sampled.x.insert(sampled.x.end(), {kink - beside, kink, kink + beside});
  }
  std::sort(sampled.x.begin(), sampled.x.end());
  const auto [value, slope] = curve.at(at::tensor(c10::ArrayRef<double>(sampled.x), torch::kFloat64));
  sampled.value = values_of(value);
  sampled.slope = values_of(slope);
  for (size_t i = 0; i < sampled.x.size(); ++i) {
    if (std::find(breaks.begin(), breaks.end(), sampled.x[i]) == breaks.end()) continue;
    sampled.value[i] = sampled.slope[i] = std::numeric_limits<double>::quiet_NaN();
  }
  return sampled;
}

ActivationBounds activation_bounds(const ActivationCurve& curve) {
  const Tensor x = grid();
  const auto points = curve.at(x);
  return {.low = -upper_bound(value_of(curve, -1), x, -points.value, 0).y,
          .high = upper_bound(value_of(curve, 1), x, points.value, 0).y,
          .steepest_slope = upper_bound(steepness_of(curve), x, points.slope.abs(), 0).y,
          .switches = switches_off(x, points.slope)};
}

}  // namespace actlab

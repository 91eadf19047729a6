#include "plot/axis.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace actlab {
namespace {

// Differences of such values are still finite.
constexpr double kLargest = 1e300;

std::string general(double value, int digits) {
  char text[40];
  const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::general, digits).ptr;
  return {text, end};
}

std::string fixed(double value, int decimals) {
  char text[400];
  const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed, decimals).ptr;
  return {text, end};
}

// "1e-07" is written "1e-7".
std::string short_exponent(std::string text) {
  const size_t e = text.find('e');
  if (e == std::string::npos) return text;
  size_t digits = e + 1;
  if (text[digits] == '+') text.erase(digits, 1);
  if (text[digits] == '-') ++digits;
  while (digits + 1 < text.size() && text[digits] == '0') text.erase(digits, 1);
  return text;
}

std::string without_trailing_zeros(std::string text) {
  if (text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

// The least of 1, 2, 5 times a power of ten that is about `step` or more.
double nice_step(double step) {
  const double power = std::pow(10, std::floor(std::log10(step)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= 0.9 * step) return factor * power;
  }
  return 10 * power;
}

}  // namespace

std::vector<double> linear_ticks(double low, double high, int count) {
  std::vector<double> ticks;
  if (!(low < high) || !std::isfinite(high - low)) return ticks;
  const double step = nice_step((high - low) / std::max(count, 1));
  if (!(step > 0) || !std::isfinite(step)) return ticks;
  const double first = std::ceil(low / step - 1e-9);
  for (int i = 0; i <= 2 * count + 1; ++i) {
    const double tick = (first + i) * step;
    if (tick > high + 1e-9 * step) break;
    if (ticks.empty() || tick > ticks.back()) ticks.push_back(tick == 0 ? 0 : tick);
  }
  return ticks;
}

std::vector<double> log_ticks(double low, double high, int count) {
  std::vector<double> ticks;
  if (!(low > 0) || !(low < high) || !std::isfinite(high)) return ticks;
  const double decades = std::log10(high) - std::log10(low);
  const int stride = std::max(1, static_cast<int>(std::ceil(decades / std::max(count, 1))));
  const int begin = static_cast<int>(std::floor(std::log10(low)));
  const int end = static_cast<int>(std::ceil(std::log10(high)));
  for (int power = begin; power <= end; ++power) {
    if (((power % stride) + stride) % stride != 0) continue;
    for (const double factor : {1.0, 2.0, 5.0}) {
      if (factor > 1 && decades > 2) break;
      const double tick = factor * std::pow(10, power);
      if (tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9)) ticks.push_back(tick);
    }
  }
  // Less than one step of 1, 2, 5: such an axis is all but linear.
  return ticks.size() < 2 ? linear_ticks(low, high, count) : ticks;
}

std::vector<std::string> tick_texts(const std::vector<double>& ticks) {
  double least_gap = std::numeric_limits<double>::infinity();
  double largest = 0;
  for (size_t i = 0; i < ticks.size(); ++i) {
    largest = std::max(largest, std::abs(ticks[i]));
    if (i > 0) least_gap = std::min(least_gap, ticks[i] - ticks[i - 1]);
  }
  const double unit = largest >= 1e9 ? 0 : largest >= 1e6 ? 1e6 : largest >= 1e4 ? 1e3 : 1;
  const bool plain = unit > 0 && least_gap >= 1e-4 * std::max(1.0, unit);
  std::vector<std::string> texts;
  for (const double tick : ticks) {
    if (!plain || ticks.size() < 2) {
      // "1e8" among the powers of ten of a logarithmic axis, not its nine digits.
      texts.push_back(std::abs(tick) >= 1e5 ? short_exponent(general(tick, 3)) : figure(tick, 3));
      continue;
    }
    std::string text = without_trailing_zeros(fixed(tick / unit, 4));
    if (tick != 0) text += unit == 1e6 ? "M" : unit == 1e3 ? "k" : "";
    texts.push_back(std::move(text));
  }
  return texts;
}

std::string figure(double value, int digits) {
  if (!std::isfinite(value)) return "–";
  const double size = std::abs(value);
  if (size >= std::pow(10, digits) && size < 1e9) return fixed(value, 0);
  if (size >= 1e-4 && size < 1) {
    const int leading = static_cast<int>(-std::floor(std::log10(size))) - 1;
    return without_trailing_zeros(fixed(value, leading + digits));
  }
  return short_exponent(general(value, digits));
}

std::string compact(double value) {
  if (value >= 1e6) return figure(value / 1e6, 3) + "M";
  if (value >= 1e4) return figure(value / 1e3, 3) + "k";
  return figure(value, 3);
}

std::string counted(double number, const std::string& noun) {
  return figure(number, 9) + " " + noun + (number == 1 ? "" : "s");
}

std::string percent(double share, int decimals) {
  return std::isfinite(share) ? fixed(100 * share, decimals) + " %" : "–";
}

double Scale::operator()(double value) const {
  if (!std::isfinite(value) || (log && value <= 0)) return std::numeric_limits<double>::quiet_NaN();
  value = std::clamp(value, -kLargest, kLargest);
  const double share = log ? (std::log(value) - std::log(low)) / (std::log(high) - std::log(low))
                           : (value - low) / (high - low);
  return from + share * (to - from);
}

std::vector<double> Scale::ticks(int count) const {
  return log ? log_ticks(low, high, count) : linear_ticks(low, high, count);
}

void Extent::add(double value) {
  if (!std::isfinite(value) || (log_ && value <= 0)) return;
  value = std::clamp(value, -kLargest, kLargest);
  low_ = std::min(low_, value);
  high_ = std::max(high_, value);
}

void Extent::add(const std::vector<double>& values) {
  for (const double value : values) add(value);
}

Scale Extent::scale(double padding) const {
  Scale scale{.log = log_};
  if (empty()) {
    if (log_) scale.low = 1, scale.high = 10;
    return scale;
  }
  if (log_) {
    const double reach = std::max(std::pow(high_ / low_, padding), low_ == high_ ? 2.0 : 1.0);
    scale.low = std::max(low_ / reach, std::numeric_limits<double>::min());
    scale.high = std::min(high_ * reach, kLargest);
    return scale;
  }
  double reach = padding * (high_ - low_);
  // Beyond the digits of a double there is nothing between them to show.
  if (high_ - low_ <= 1e-12 * std::max(std::abs(low_), std::abs(high_))) {
    reach = std::max(std::abs(high_) / 10, high_ == 0 ? 1.0 : 1e-300);
  }
  scale.low = low_ - reach;
  scale.high = high_ + reach;
  return scale;
}

}  // namespace actlab

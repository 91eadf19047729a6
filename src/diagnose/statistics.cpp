#include "diagnose/statistics.h"

#include <algorithm>
#include <cmath>

#include "core/median.h"

namespace actlab {
namespace {

double share(int64_t part, int64_t whole) {
  return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : kUndefined;
}

}  // namespace

Thresholds thresholds_of(double steepest, double lowest, double highest, bool switches) {
  Thresholds thresholds;
  thresholds.switches = switches;
  if (std::isfinite(steepest) && steepest > 0) thresholds.slope = steepest / 10;
  if (std::isfinite(lowest) && std::isfinite(highest) && highest > lowest) {
    const double margin = 0.05 * (highest - lowest);
    thresholds.low = lowest + margin;
    thresholds.high = highest - margin;
  }
  return thresholds;
}

template <class T>
void LayerStatistics::Moments::add(std::span<const T> values) {
  if (values.empty()) return;
  if (count == 0) shift = static_cast<double>(values[0]);
  double batch_sum = 0;
  double batch_squares = 0;
  for (const T value : values) {
    const double x = static_cast<double>(value) - shift;
    batch_sum += x;
    batch_squares += x * x;
  }
  count += static_cast<int64_t>(values.size());
  sum += batch_sum;
  squares += batch_squares;
}

double LayerStatistics::Moments::mean() const {
  return count > 0 ? shift + sum / static_cast<double>(count) : kUndefined;
}

double LayerStatistics::Moments::deviation() const {
  if (count == 0) return kUndefined;
  const double offset = sum / static_cast<double>(count);
  const double variance = squares / static_cast<double>(count) - offset * offset;
  return std::isnan(variance) ? kUndefined : std::sqrt(std::max(0.0, variance));
}

bool LayerStatistics::Unit::responds(double rounding) const {
  const double size = std::max(std::abs(low), std::abs(high));
  // NaN alone leaves the range empty; that is no death.
  return !(low <= high) || high - low > kRoundings * rounding * size;
}

template <class T>
void LayerStatistics::Histogram::add(std::span<const T> values) {
  constexpr size_t kMost = 1 << 15;  // of a batch: what a picture of 48 bars can show
  // Odd, so that it runs over all units and positions, whose numbers are mostly powers of two.
  const size_t stride = values.size() <= kMost ? 1 : values.size() / kMost | 1;
  if (counts.empty()) {
    Moments moments;
    T least = std::numeric_limits<T>::infinity();
    T greatest = -least;
    for (size_t i = 0; i < values.size(); i += stride) {
      moments.add(values.subspan(i, 1));
      least = std::min(least, values[i]);
      greatest = std::max(greatest, values[i]);
    }
    const double reach = 4 * moments.deviation();
    low = std::max(static_cast<double>(least), moments.mean() - reach);
    high = std::min(static_cast<double>(greatest), moments.mean() + reach);
    if (!std::isfinite(low) || !std::isfinite(high)) return;
    if (!(low < high)) low -= 0.5, high += 0.5;  // all alike
    counts.assign(kHistogramBins, 0);
  }
  const double scale = static_cast<double>(kHistogramBins) / (high - low);
  for (size_t i = 0; i < values.size(); i += stride) {
    const double x = static_cast<double>(values[i]);
    if (!(x >= low && x <= high)) continue;
    ++counts[std::min(static_cast<size_t>((x - low) * scale), kHistogramBins - 1)];
  }
}

template <class T>
void LayerStatistics::add_inputs(std::span<const T> inputs) {
  inputs_.add(inputs);
  histogram_.add(inputs);
}

template <class T>
void LayerStatistics::add_outputs(std::span<const T> outputs, int64_t units, int64_t positions) {
  outputs_.add(outputs);
  units_.resize(static_cast<size_t>(units));
  rounding_ = std::numeric_limits<T>::epsilon();
  // In double: a float's zero and its bounds are not moved by widening it. Undefined bounds compare false.
  const double low = thresholds_.low;
  const double high = thresholds_.high;
  const auto row = static_cast<size_t>(positions);
  for (size_t first = 0, unit = 0; first + row <= outputs.size(); first += row) {
    Unit& range = units_[unit];
    for (const T value : outputs.subspan(first, row)) {
      const auto y = static_cast<double>(value);
      zeros_ += y == 0 ? 1 : 0;
      at_bound_ += (y < low || y > high) ? 1 : 0;
      range.sum += y;
      range.low = y < range.low ? y : range.low;
      range.high = y > range.high ? y : range.high;
    }
    unit = unit + 1 == units_.size() ? 0 : unit + 1;
  }
}

template <class T>
void LayerStatistics::add_slopes(std::span<const T> slopes) {
  slopes_ += static_cast<int64_t>(slopes.size());
  const double nearly_steepest = 9 * thresholds_.slope;
  for (const T slope : slopes) {
    const double size = std::abs(static_cast<double>(slope));
    flat_ += size < thresholds_.slope ? 1 : 0;
    linear_ += size > nearly_steepest ? 1 : 0;
  }
}

template <class T>
void LayerStatistics::add_deltas(std::span<const T> deltas, int64_t units, int64_t positions) {
  double squares = 0;
  for (const T delta : deltas) squares += static_cast<double>(delta) * static_cast<double>(delta);
  delta_sums_.resize(static_cast<size_t>(units));
  const auto row = static_cast<size_t>(positions);
  for (size_t first = 0, unit = 0; first + row <= deltas.size(); first += row) {
    for (const T delta : deltas.subspan(first, row)) delta_sums_[unit] += static_cast<double>(delta);
    unit = unit + 1 == delta_sums_.size() ? 0 : unit + 1;
  }
  deltas_ += static_cast<int64_t>(deltas.size());
  delta_squares_ += squares;
}

double LayerStatistics::delta_norm() const {
  return deltas_ > 0 ? std::sqrt(delta_squares_) : kUndefined;
}

double LayerStatistics::mean_delta_norm(int64_t examples) const {
  double squares = 0;
  for (const double sum : delta_sums_) squares += sum * sum;
  return deltas_ > 0 ? std::sqrt(squares) / static_cast<double>(examples) : kUndefined;
}

void LayerStatistics::write(LayerRecord& record, int64_t examples) const {
  record.units = static_cast<int64_t>(units_.size());
  record.pre_mean = inputs_.mean();
  record.pre_std = inputs_.deviation();
  record.mean = outputs_.mean();
  record.std = outputs_.deviation();
  record.centredness = record.std > 0 ? std::abs(record.mean) / record.std : kUndefined;
  record.zeros = share(zeros_, outputs_.count);
  if (std::isfinite(thresholds_.low)) record.at_bound = share(at_bound_, outputs_.count);
  if (std::isfinite(thresholds_.slope)) {
    (thresholds_.switches ? record.off : record.saturated) = share(flat_, slopes_);
    record.linear = share(linear_, slopes_);
  }
  if (!histogram_.counts.empty() && std::isfinite(record.pre_std)) {
    record.histogram_low = histogram_.low;
    record.histogram_high = histogram_.high;
    record.histogram = histogram_.counts;
  }
  if (deltas_ > 0) record.delta = delta_norm() / std::sqrt(static_cast<double>(deltas_));
  for (const Unit& unit : units_) {
    const auto count = static_cast<double>(outputs_.count) / static_cast<double>(units_.size());
    record.unit_means.push_back(unit.sum / count);
  }
  record.unit_means_median = median(record.unit_means).value_or(kUndefined);
  if (examples < 2 || std::isnan(record.std)) return;
  for (size_t i = 0; i < units_.size(); ++i) {
    if (!units_[i].responds(rounding_)) record.dead_units.push_back(static_cast<int64_t>(i));
  }
  record.dead = share(static_cast<int64_t>(record.dead_units.size()), record.units);
}

template void LayerStatistics::add_inputs(std::span<const float>);
template void LayerStatistics::add_inputs(std::span<const double>);
template void LayerStatistics::add_outputs(std::span<const float>, int64_t, int64_t);
template void LayerStatistics::add_outputs(std::span<const double>, int64_t, int64_t);
template void LayerStatistics::add_slopes(std::span<const float>);
template void LayerStatistics::add_slopes(std::span<const double>);
template void LayerStatistics::add_deltas(std::span<const float>, int64_t, int64_t);
template void LayerStatistics::add_deltas(std::span<const double>, int64_t, int64_t);

}  // namespace actlab

#include "plot/decimate.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace actlab {
namespace {

// The places within [begin, end) that must stay: the least, the greatest and a gap, where there are such.
void keep(const Series& series, size_t begin, size_t end, std::set<size_t>& kept) {
  size_t least = end;
  size_t greatest = end;
  size_t gap = end;
  for (size_t i = begin; i < end; ++i) {
    if (!std::isfinite(series.y[i])) {
      gap = i;
      continue;
    }
    if (least == end || series.y[i] < series.y[least]) least = i;
    if (greatest == end || series.y[i] > series.y[greatest]) greatest = i;
  }
  for (const size_t i : {least, greatest, gap}) {
    if (i != end) kept.insert(i);
  }
}

}  // namespace

Series decimated(const Series& series, size_t limit) {
  const size_t count = std::min(series.x.size(), series.y.size());
  if (count <= limit) return series;
  const size_t buckets = (std::max<size_t>(limit, 8) - 2) / 3;
  std::set<size_t> kept = {0, count - 1};
  for (size_t i = 0; i < buckets; ++i) keep(series, i * count / buckets, (i + 1) * count / buckets, kept);

  Series out = series;
  const auto pick = [&kept](const std::vector<double>& values) {
    std::vector<double> picked;
    for (const size_t i : kept) {
      if (i < values.size()) picked.push_back(values[i]);
    }
    return picked;
  };
  out.x = pick(series.x);
  out.y = pick(series.y);
  out.low = pick(series.low);
  out.high = pick(series.high);
  return out;
}

}  // namespace actlab

#pragma once

#include <cstddef>

#include "plot/plot.h"

namespace actlab {

// A long series keeps, of equal stretches, the least and the greatest value, so that spikes stay. At most
// `limit` points (of at least 8), gaps included.
Series decimated(const Series& series, size_t limit);

}  // namespace actlab

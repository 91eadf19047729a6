#pragma once

#include <string>

#include "rundir/history.h"

namespace actlab::report {

// The example's picture as a data: URI of a PNG, grey or RGB, made smaller where a side is above
// `most_pixels`; "" where it has no pixels.
std::string picture_uri(const Mistake& mistake, int most_pixels);

}  // namespace actlab::report

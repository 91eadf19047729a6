#pragma once

#include <string>

#include "rundir/history.h"

namespace actlab::report {

// The example's picture as a data: URI of a PNG, grey or RGB, made smaller where a side is above
// `most_pixels`; "" where it has no pixels.
std::string picture_uri(const Mistake& mistake, int most_pixels);

// The units' pictures as one, so many side by side with a pixel between them: orange below 0, blue above. Of
// several channels the mean is shown.
std::string weights_uri(const FirstWeights& weights, int columns);

}  // namespace actlab::report

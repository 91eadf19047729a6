#pragma once

#include "app/activation_card.h"

namespace actlab {

// Time of the activation and of relu on the same tensor, larger than a core's caches: medians of passes that
// take turns, so that what disturbs one disturbs both. Ends after a fraction of a second, with one pass at
// least.
struct TimedPair {
  ActivationTime activation;
  ActivationTime relu;
};
TimedPair time_beside_relu(const ActivationSpec& spec);

}  // namespace actlab

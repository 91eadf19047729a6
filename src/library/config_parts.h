#pragma once

#include <actlab/config.h>

#include "config/config.h"

namespace actlab::v0 {

struct TrainingConfig::Parts {
  Config config;  // run.name resolved
};

}  // namespace actlab::v0

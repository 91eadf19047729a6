#include "core/non_finite.h"

#include "core/error.h"

namespace actlab {

void NonFinite::add(int64_t index) {
  if (count_++ == 0) first_ = index;
}

std::string NonFinite::text(int64_t examples) const {
  return std::to_string(count_) + " of " + std::to_string(examples) +
         " examples have outputs or losses that are NaN or Inf, the first is example " +
         std::to_string(first_) + " (counted from 0)";
}

void NonFinite::throw_if_any(const std::string& of, int64_t examples) const {
  if (count_ == 0) return;
  throw Error(ExitStatus::kDiverged,
              of + ": " + text(examples) +
                  ", so there are no figures. An activation that grows slower, or smaller weights "
                  "(optimizer.weight_decay), keep outputs in range; actlab diagnose looks layer by layer");
}

}  // namespace actlab

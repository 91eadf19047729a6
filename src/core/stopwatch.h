#pragma once

#include <chrono>

namespace actlab {

// Measures the time since it was made, by a clock that nobody sets.
class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(Clock::now() - begun_).count(); }

 private:
  using Clock = std::chrono::steady_clock;

  Clock::time_point begun_ = Clock::now();
};

}  // namespace actlab

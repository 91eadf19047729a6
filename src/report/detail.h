#pragma once

#include <cstddef>

namespace actlab::report {

// How much is shown, so that the page stays small.
struct Detail {
  size_t points = 1500;  // of a line
  size_t cells = 4000;   // of a heat map
  size_t mistakes = 24;
  int picture = 64;  // longest side in pixels

  Detail halved() const { return {points / 2, cells / 2, mistakes / 2, picture / 2}; }
};

}  // namespace actlab::report

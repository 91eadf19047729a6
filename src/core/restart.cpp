#include "core/restart.h"

#include <unistd.h>

#include <cstdlib>

namespace actlab {

void restart_with_short_spin(const char* const* argv) {
  if (std::getenv("GOMP_SPINCOUNT") != nullptr || std::getenv("OMP_WAIT_POLICY") != nullptr) return;
  // A few microseconds: longer than the gaps inside a training step, shorter than anything else would notice.
  if (setenv("GOMP_SPINCOUNT", "1000", 1) != 0) return;
  execv("/proc/self/exe", const_cast<char* const*>(argv));
}

}  // namespace actlab

#include "core/tuning.h"

#include <malloc.h>
#include <unistd.h>

#include <cstdlib>

namespace actlab {
namespace {

constexpr const char* kSpin = "GOMP_SPINCOUNT";

}  // namespace

void restart_for_speed(const char* const* argv) {
  if (std::getenv(kSpin) != nullptr || std::getenv("OMP_WAIT_POLICY") != nullptr) return;
  // A thirtieth of the default: on idle cores as fast within the noise, and beside a busy process still
  // usable.
  if (setenv(kSpin, "10000", 1) != 0) return;
  setenv("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1", 0);
  // By its own path it keeps its name in lists of processes.
  char path[4096] = {};
  if (readlink("/proc/self/exe", path, sizeof path - 1) > 0) execv(path, const_cast<char* const*>(argv));
}

void keep_freed_memory() {
  constexpr int kMostThatGlibcTakes = 32 << 20;
  constexpr int kOneGibibyte = 1 << 30;
  mallopt(M_MMAP_THRESHOLD, kMostThatGlibcTakes);
  mallopt(M_TRIM_THRESHOLD, kOneGibibyte);
  mallopt(M_TOP_PAD, kMostThatGlibcTakes);
}

}  // namespace actlab

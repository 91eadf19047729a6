#pragma once

namespace actlab {

// OpenMP's idle threads spin for a while before they sleep. Where other processes want the same cores, an
// epoch then takes many times as long, so the process replaces itself, once, by one with a short spin
// (GOMP_SPINCOUNT, which libgomp reads while it is loaded, before main). Does nothing when the environment
// already says how threads wait, or when it cannot restart: then only speed is lost.
void restart_with_short_spin(const char* const* argv);

}  // namespace actlab

#pragma once

namespace actlab {

// Settings of the process that only change its speed.

// Replaces the process, once, by one whose environment suits training:
// - GOMP_SPINCOUNT: OpenMP's idle threads spin for a while before they sleep. By default so long that an
// epoch
//   takes many times as long where other processes want the same cores. libgomp reads it while it is loaded.
// - GLIBC_TUNABLES: malloc asks for huge pages, which spares most misses of the address cache. The C library
//   reads it before anything of the program runs.
// Does nothing when the environment already says how threads wait, or when it cannot restart: then only speed
// is lost.
void restart_for_speed(const char* const* argv);

// Every training step frees the memory that the next one asks for again. Handing it back to the kernel in
// between costs a page fault for every 4 KiB, so freed memory is kept.
void keep_freed_memory();

}  // namespace actlab

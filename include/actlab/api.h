#pragma once

// What the shared library shows of itself; all else in it is hidden.
#define ACTLAB_API __attribute__((visibility("default")))
// The parts of a shown class that are nobody else's.
#define ACTLAB_HIDDEN __attribute__((visibility("hidden")))

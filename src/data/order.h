#pragma once

#include <cstdint>
#include <vector>

namespace actlab {

// The examples that process `rank` of `world` trains on in `epoch` (from 0), in order: a pure function of its
// arguments (stream "order"), so that a resumed run needs no saved position of a sampler.
//
// All processes share one order of the epoch, a permutation where `shuffle` is set and 0, 1, 2, ...
// elsewhere, and deal it out in turn: rank r takes the places r, r + world, r + 2 world, ... Batch k of all
// ranks together is thus batch k of one process with batches `world` times as large. Every rank gets
// floor(examples / world) examples; the last examples % world of the order are left out of this epoch. With
// world 1 that is none.
//
// Throws Error(kFailed) unless 0 <= rank < world.
std::vector<int64_t> epoch_order(int64_t examples, bool shuffle, int64_t seed, int64_t epoch,
                                 int64_t rank = 0, int64_t world = 1);

}  // namespace actlab

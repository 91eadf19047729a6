#include "data/order.h"

#include <numeric>
#include <string>

#include "core/error.h"
#include "core/random.h"

namespace actlab {

std::vector<int64_t> epoch_order(int64_t examples, bool shuffle, int64_t seed, int64_t epoch, int64_t rank,
                                 int64_t world) {
  if (rank < 0 || rank >= world) {
    throw Error(ExitStatus::kFailed,
                "rank " + std::to_string(rank) + " is not one of " + std::to_string(world) + " processes");
  }
  std::vector<int64_t> order;
  if (shuffle) {
    order = permutation(examples, stream_seed(seed, "order", {epoch}));
  } else {
    order.resize(static_cast<size_t>(examples));
    std::iota(order.begin(), order.end(), 0);
  }
  if (world == 1) return order;
  std::vector<int64_t> share(static_cast<size_t>(examples / world));
  for (size_t i = 0; i < share.size(); ++i)
    share[i] = order[i * static_cast<size_t>(world) + static_cast<size_t>(rank)];
  return share;
}

}  // namespace actlab

#include "diagnose/life.h"

namespace actlab {

void LifeTable::follow(Examination& examination) {
  for (auto& layer : examination.layers) {
    const auto count = static_cast<size_t>(layer.units);
    auto& units = layers_[layer.layer];
    const bool first = units.size() != count;
    if (first) units.assign(count, {});
    std::vector<bool> alive(count, true);
    for (const int64_t unit : layer.dead_units) {
      if (unit >= 0 && unit < layer.units) alive[static_cast<size_t>(unit)] = false;
    }
    layer.births = layer.deaths = layer.revivals = 0;
    for (size_t i = 0; i < count; ++i) {
      if (!first && alive[i] && !units[i].alive) ++(units[i].ever_alive ? layer.revivals : layer.births);
      if (!first && !alive[i] && units[i].alive) ++layer.deaths;
      units[i] = {alive[i], units[i].ever_alive || alive[i]};
    }
  }
}

}  // namespace actlab

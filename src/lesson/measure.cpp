#include "lesson/measure.h"

#include "config/registry.h"
#include "lesson/curve_measures.h"
#include "lesson/layer_measures.h"
#include "lesson/network_measures.h"
#include "lesson/unit_measures.h"

namespace actlab {
namespace {

template <class M>
Measure row() {
  return {{M::kType, M::kHelp, resolve_options<M>},
          M::kNetwork,
          [](const Node& options, const std::vector<Variant>& networks) {
            return read_options<M>(options).run(networks);
          }};
}

const std::vector<Measure>& measures() {
  static const std::vector<Measure> table = {
      row<SlopeMeasure>(),    row<LayersMeasure>(),         row<VanishingMeasure>(),
      row<TrainingMeasure>(), row<LearnedMeasure>(),        row<OutputGradientMeasure>(),
      row<ZigZagMeasure>(),   row<ConfidentStartMeasure>(), row<PrintedCnnMeasure>(),
  };
  return table;
}

}  // namespace

ComponentSection measure_section() {
  return section_of("measure", measures());
}

const Measure* find_measure(const Node& measure) {
  const Node* type = measure.is_map() ? measure.find("type") : nullptr;
  if (type == nullptr) return nullptr;
  for (const Measure& row : measures()) {
    if (row.component.name == type->text) return &row;
  }
  return nullptr;
}

std::string figure_name(const Variant& variant, const std::string& figure) {
  return variant.name.empty() ? figure : variant.name + "_" + figure;
}

}  // namespace actlab

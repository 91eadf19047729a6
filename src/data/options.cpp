#include "data/options.h"

#include <cmath>

namespace actlab {
namespace {

void report(const Node& section, const ReadContext& context, const char* key, const std::string& mistake) {
  const Node* node = section.find(key);
  if (!mistake.empty()) context.inside(key).fail(node != nullptr ? *node : section, mistake);
}

}  // namespace

void DataOptions::check_common(const Node& section, const ReadContext& context,
                               const ExampleShape& shape) const {
  if (validation > 1 && validation != std::floor(validation)) {
    report(section, context, "validation", "expected a fraction below 1 or a whole number of examples");
  }
  if (shape.classes > 0) report(section, context, "labels", label_mistake(labels, shape.classes));
  if (shape.channels > 0) report(section, context, "normalize", normalize_mistake(normalize, shape.channels));
}

}  // namespace actlab

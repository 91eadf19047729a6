#pragma once

#include "activation/activation.h"
#include "lesson/measure.h"
#include "models/registry_fields.h"

// Measures of an activation by itself. Each is a struct with its options and its row in the table of
// measures.
namespace actlab {

// Figures: steepest, the largest |f'(x)|; where, the x it is at; and with `beyond`, outside, the largest
// |f'(x)| for |x| >= beyond, and share, outside / steepest.
struct SlopeMeasure {
  static constexpr const char* kType = "slope";
  static constexpr const char* kHelp =
      "the slope of an activation on a grid over [-100, 100]: steepest, where; with `beyond` "
      "outside, share";
  static constexpr bool kNetwork = false;

  ActivationSpec activation;
  double beyond = 0;

  template <class Visitor>
  void visit(Visitor& v) {
    v("activation", activation, "a name, {type: name, parameters}, or {formula: text}");
    v("beyond", beyond, "|x| from which on `outside` looks (0: nowhere)", between(0, 100));
  }
  Measurement run(const std::vector<Variant>& networks) const;
};

}  // namespace actlab

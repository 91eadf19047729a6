#pragma once

#include <string>
#include <vector>

#include "lesson/measure.h"

// Measures of the hidden layers of the networks that a lesson describes. Each is a struct with its options
// and its row in the table of measures.
namespace actlab {

// One number of what `diagnose` finds in each hidden layer, summed up over the layers. Its figure has the
// name of the variant; without variants, that of the number.
struct LayersMeasure {
  static constexpr const char* kType = "layers";
  static constexpr const char* kHelp =
      "numbers that diagnose gives for each hidden layer, before or after some steps of training: one figure "
      "for each number and variant";
  static constexpr bool kNetwork = true;
  static std::vector<std::string> figures();

  std::vector<std::string> figure = {"mean"};
  std::string summary = "mean";
  int64_t steps = 0;
  int64_t draws = 1;
  int64_t examples = 500;

  template <class Visitor>
  void visit(Visitor& v) {
    v("figure", figure, "which number of a layer, or a list of them", Choice{figures()});
    v("summary", summary,
      "over the layers: their mean, the first, the last, or growth, by which factor it changes from one to "
      "the "
      "next",
      Choice{{"mean", "first", "last", "growth"}});
    v("steps", steps, "training steps before the layers are looked at", between(0, 1e5));
    v("draws", draws, "networks that are averaged, each with a seed of its own", between(1, 1000));
    v("examples", examples, "training examples that the layers are looked at with", between(2, 1e6));
  }
  Measurement run(const std::vector<Variant>& networks) const;
};

// What becomes of gradients on their way back through a network at initialisation. Figures: ratio, of the
// norms of delta = dL/d(pre-activation) of a layer and the next, mean over layers and draws; theory, what
// mean-field theory says for inputs as large as the data's; agreement, ratio / theory; first_layer, delta at
// the first layer over that at the last. With `gradient: batch` the norm is that of the mean of delta over
// the examples, the gradient of the biases; theory is the same. With `beside` the same figures of a network
// with that activation and he_normal, behind its name.
struct VanishingMeasure {
  static constexpr const char* kType = "vanishing";
  static constexpr const char* kHelp =
      "gradients on their way back through the layers at initialisation: ratio, theory, agreement, "
      "first_layer";
  static constexpr bool kNetwork = true;

  int64_t draws = 5;
  int64_t examples = 200;
  std::string gradient = "example";
  std::string beside = "none";

  template <class Visitor>
  void visit(Visitor& v) {
    v("draws", draws, "networks that are averaged, each with a seed of its own", between(1, 1000));
    v("examples", examples, "training examples that the layers are looked at with", between(2, 1e6));
    v("gradient", gradient, "the norm of each example's, or that of their mean, which a batch has",
      Choice{{"example", "batch"}});
    v("beside", beside, "an activation to show beside, with he_normal",
      Choice{{"none", "relu", "leaky_relu"}});
  }
  Measurement run(const std::vector<Variant>& networks) const;
};

}  // namespace actlab

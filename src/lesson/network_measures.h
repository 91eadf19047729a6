#pragma once

#include <string>
#include <vector>

#include "lesson/measure.h"

// Measures of the networks that a lesson describes. Each is a struct with its options and its row in the
// table of measures.
namespace actlab {

// Figures: loss, mean over the last tenth of the steps; the task's headline (accuracy), on what is held out
// from training.
struct TrainingMeasure {
  static constexpr const char* kType = "training";
  static constexpr const char* kHelp = "how far some steps of training lead: loss, accuracy";
  static constexpr bool kNetwork = true;

  int64_t steps = 300;

  template <class Visitor>
  void visit(Visitor& v) {
    v("steps", steps, "training steps", between(1, 1e5));
  }
  Measurement run(const std::vector<Variant>& networks) const;
};

// Parameters of the activations that are trained with the weights. Figures: each of them by the name of its
// layer, as act1; moved, the farthest that one went from where it started.
struct LearnedMeasure {
  static constexpr const char* kType = "learned";
  static constexpr const char* kHelp =
      "where training leads the learned parameters of activations: one figure a layer, and moved";
  static constexpr bool kNetwork = true;

  int64_t steps = 300;

  template <class Visitor>
  void visit(Visitor& v) {
    v("steps", steps, "training steps", between(1, 1e5));
  }
  Measurement run(const std::vector<Variant>& networks) const;
};

// Figures: difference, the largest between the gradient that autograd finds at the model's outputs (for one
// example) and p - y, probabilities minus one-hot labels; in double precision.
struct OutputGradientMeasure {
  static constexpr const char* kType = "output_gradient";
  static constexpr const char* kHelp =
      "the gradient of the loss at the model's outputs against probabilities minus labels: difference";
  static constexpr bool kNetwork = true;

  int64_t examples = 200;

  template <class Visitor>
  void visit(Visitor& v) {
    v("examples", examples, "training examples", between(1, 1e6));
  }
  Measurement run(const std::vector<Variant>& networks) const;
};

}  // namespace actlab

#pragma once

#include <string>
#include <vector>

#include "activation/activation.h"
#include "lesson/measure.h"
#include "models/registry_fields.h"

// Measures of experiments small enough to be built by hand. Each is a struct with its options and its row in
// the table of measures.
namespace actlab {

// A linear unit with two weights learns, one example a step, the weights (1, -1) from (0, 0). Its two inputs
// are outputs of the activation at independent standard normal numbers. The rate is 1 / E|x|^2, so that the
// size of inputs does not matter. Figures, each behind the name of the activation: steps, until the weights
// are within 1 % of the goal; path, their way over the straight distance; one_sign, the share of steps that
// move both weights up or both down. All are means over the runs.
struct ZigZagMeasure {
  static constexpr const char* kType = "zig_zag";
  static constexpr const char* kHelp =
      "two weights on their way to a goal, fed by each of the activations: ACTIVATION_steps, _path, "
      "_one_sign";
  static constexpr bool kNetwork = false;

  std::vector<ActivationSpec> activations;
  int64_t seed = 1;
  int64_t runs = 100;

  template <class Visitor>
  void visit(Visitor& v) {
    v("activations", activations, "list of activations, each a name or {type: name, parameters}");
    v("seed", seed, "all random draws follow from it", at_least(0));
    v("runs", runs, "so many runs, each with draws of its own, are averaged", between(1, 10000));
  }
  Measurement run(const std::vector<Variant>& networks) const;
};

// One sigmoid unit whose pre-activation starts at `start` although its label is 0: sure and wrong. Gradient
// descent moves the pre-activation itself. Figures, each behind the name of the loss: gradient, of the loss
// at the start; output, of the unit after all steps.
struct ConfidentStartMeasure {
  static constexpr const char* kType = "confident_start";
  static constexpr const char* kHelp =
      "a sigmoid unit that starts sure of the wrong label, under each of the losses: LOSS_gradient, "
      "LOSS_output";
  static constexpr bool kNetwork = false;

  std::vector<std::string> losses = {"mse", "bce"};
  double start = 5;
  double rate = 1;
  int64_t steps = 30;

  template <class Visitor>
  void visit(Visitor& v) {
    v("losses", losses, "list of losses that take the output of a sigmoid", Choice{{"mse", "bce"}});
    v("start", start, "pre-activation before the first step", between(-100, 100));
    v("rate", rate, "learning rate", above_zero());
    v("steps", steps, "steps of gradient descent", between(1, 1e5));
  }
  Measurement run(const std::vector<Variant>& networks) const;
};

// The tutorial's SimpleCNN as it is printed, on one picture, and with a 2x2 max-pool after each convolution.
// Figures: features, that reach the linear layer as printed; pooled_features; fits and pooled_fits, 1 where
// LibTorch computes the network and 0 where it throws.
struct PrintedCnnMeasure {
  static constexpr const char* kType = "printed_cnn";
  static constexpr const char* kHelp =
      "whether the tutorial's SimpleCNN computes, as printed and with pooling: features, fits, "
      "pooled_features, "
      "pooled_fits";
  static constexpr bool kNetwork = false;

  int64_t side = 28;

  template <class Visitor>
  void visit(Visitor& v) {
    v("side", side, "height and width of the picture", between(4, 256));
  }
  Measurement run(const std::vector<Variant>& networks) const;
};

}  // namespace actlab

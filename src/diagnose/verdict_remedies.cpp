#include "diagnose/verdict_remedies.h"

#include <algorithm>

#include "diagnose/figures.h"

namespace actlab {

std::vector<Remedy> Remedies::useful(std::vector<Remedy> remedies) {
  std::erase_if(remedies, [](const Remedy& remedy) { return remedy.overrides.empty(); });
  return remedies;
}

Remedy Remedies::with(const std::string& activation, const std::string& init, const std::string& why,
                      const std::string& recorded) const {
  Remedy remedy{{}, why};
  const bool there = std::all_of(activations_.begin(), activations_.end(), [&](const std::string& name) {
    return name == (recorded.empty() ? activation : recorded);
  });
  if (!there) remedy.overrides.push_back("model.activation=" + activation);
  if (!init.empty() && setup_.init != init) remedy.overrides.push_back("model.init=" + init);
  return remedy;
}

Remedy Remedies::relu() const {
  return with(
      "relu", "he_normal",
      "ReLU's slope is 1 wherever it is on, and He's initialisation makes up for the half that is off: "
      "gradients keep their size at any depth");
}

Remedy Remedies::critical_init() const {
  if (setup_.init == "auto") return {};
  return {{"model.init=auto"},
          "draws weights and biases at the edge between vanishing and exploding for the activation as it is"};
}

Remedy Remedies::selu() const {
  return with("selu", "lecun_normal", "SELU pulls the mean of its outputs to 0 and their variance to 1");
}

Remedy Remedies::centred() const {
  return with("tanh", "xavier_normal", "tanh's outputs are centred on zero, with four times sigmoid's slope");
}

Remedy Remedies::leaky() const {
  return with("{type: leaky_relu, negative_slope: 0.1}", "",
              "a slope on the negative side too: no unit can fall silent for good",
              "leaky_relu(negative_slope=0.1)");
}

Remedy Remedies::elu() const {
  return with("elu", "", "ELU's negative outputs bring the mean nearer to zero, and its slope is nowhere 0");
}

Remedy Remedies::clip() const {
  if (setup_.clip_norm > 0) return {};
  Remedy remedy{{"train.clip.norm=1"}, "bounds a step however large the gradient is"};
  if (setup_.clip_value > 0) remedy.overrides.insert(remedy.overrides.begin(), "train.clip.value=0");
  return remedy;
}

Remedy Remedies::rate(double factor, const std::string& why) const {
  if (!(setup_.lr > 0)) return {};
  return {{"optimizer.lr=" + figure_text(setup_.lr * factor)}, why};
}

Remedy Remedies::cross_entropy() const {
  if (!setup_.squares_a_sigmoid) return {};
  return {{"loss=bce"}, "cancels the slope of the output's sigmoid, which is near 0 where it is most wrong"};
}

}  // namespace actlab

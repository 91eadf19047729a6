#include "activation/activation.h"

#include <actlab/activation.h>

#include "activation/table.h"
#include "app/activation_card.h"

namespace actlab::v0 {

struct ActivationModule::Parts {
  std::shared_ptr<Activation> activation;
};

ActivationModule::ActivationModule(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {
  register_module("activation", parts_->activation);
}

ActivationModule::~ActivationModule() = default;

torch::Tensor ActivationModule::forward(const torch::Tensor& x) {
  return parts_->activation->forward(x);
}

std::string ActivationModule::description() const {
  return short_text(parts_->activation->spec());
}

std::string ActivationModule::formula() const {
  return parts_->activation->info().formula;
}

std::string ActivationModule::derivative() const {
  return parts_->activation->info().derivative;
}

std::shared_ptr<ActivationModule> make_activation(const std::string& spec) {
  auto activation = std::make_shared<Activation>(parse_activation_spec(spec));
  auto parts = std::make_unique<ActivationModule::Parts>(std::move(activation));
  return std::shared_ptr<ActivationModule>(new ActivationModule(std::move(parts)));
}

std::vector<std::string> list_activations() {
  return activation_names();
}

}  // namespace actlab::v0

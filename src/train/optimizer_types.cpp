#include "train/optimizer_types.h"

namespace actlab {
namespace {

std::vector<std::string> adam_slots(const AdamOptions& options) {
  std::vector<std::string> slots = {"exp_avg", "exp_avg_sq"};
  if (options.amsgrad) slots.emplace_back("max_exp_avg_sq");
  return slots;
}

std::vector<std::string> rmsprop_slots(const RmsPropOptions& options) {
  std::vector<std::string> slots = {"square_avg"};
  if (options.centered) slots.emplace_back("grad_avg");
  if (options.momentum > 0) slots.emplace_back("momentum_buffer");
  return slots;
}

std::vector<std::string> sgd_slots(const SgdOptions& options) {
  return options.momentum > 0 ? std::vector<std::string>{"momentum_buffer"} : std::vector<std::string>{};
}

}  // namespace

void SgdOptions::check(const Node& section, const ReadContext& context) const {
  if (!nesterov || (momentum > 0 && dampening == 0)) return;
  const Node* written = section.find("nesterov");
  context.inside("nesterov")
      .fail(written != nullptr ? *written : section, "needs momentum above 0 and dampening 0");
}

Sgd::Sgd(const Options& options, const std::vector<NamedTensor>& parameters,
         const std::vector<std::string>& no_decay)
    : Optimizer(options.lr, options.weight_decay, sgd_slots(options), parameters, no_decay),
      options_(options) {}

void Sgd::update(Group& group, double lr) {
  const bool first = steps_done().item<float>() == 1;
  at::_fused_sgd_(group.parameters, group.gradients, group.slots["momentum_buffer"], group.weight_decay,
                  options_.momentum, lr, options_.dampening, options_.nesterov, /*maximize=*/false, first);
}

Adam::Adam(const Options& options, const std::vector<NamedTensor>& parameters,
           const std::vector<std::string>& no_decay)
    : Optimizer(options.lr, options.weight_decay, adam_slots(options), parameters, no_decay),
      options_(options) {}

void Adam::update(Group& group, double lr) {
  at::_fused_adam_(group.parameters, group.gradients, group.slots["exp_avg"], group.slots["exp_avg_sq"],
                   group.slots["max_exp_avg_sq"], group.steps, lr, options_.beta1, options_.beta2,
                   group.weight_decay, options_.eps, options_.amsgrad, /*maximize=*/false);
}

void AdamW::update(Group& group, double lr) {
  at::_fused_adamw_(group.parameters, group.gradients, group.slots["exp_avg"], group.slots["exp_avg_sq"],
                    group.slots["max_exp_avg_sq"], group.steps, lr, options_.beta1, options_.beta2,
                    group.weight_decay, options_.eps, options_.amsgrad, /*maximize=*/false);
}

RmsProp::RmsProp(const Options& options, const std::vector<NamedTensor>& parameters,
                 const std::vector<std::string>& no_decay)
    : Optimizer(options.lr, options.weight_decay, rmsprop_slots(options), parameters, no_decay),
      options_(options) {}

void RmsProp::update(Group& group, double lr) {
  auto gradients = group.gradients;
  if (group.weight_decay != 0) gradients = at::_foreach_add(gradients, group.parameters, group.weight_decay);
  auto& square_avg = group.slots["square_avg"];
  at::_foreach_mul_(square_avg, options_.alpha);
  at::_foreach_addcmul_(square_avg, gradients, gradients, 1 - options_.alpha);
  std::vector<torch::Tensor> denominator;
  if (options_.centered) {
    auto& grad_avg = group.slots["grad_avg"];
    at::_foreach_lerp_(grad_avg, gradients, 1 - options_.alpha);
    denominator = at::_foreach_addcmul(square_avg, grad_avg, grad_avg, -1);
    at::_foreach_sqrt_(denominator);
  } else {
    denominator = at::_foreach_sqrt(square_avg);
  }
  at::_foreach_add_(denominator, options_.eps);
  if (options_.momentum == 0) {
    at::_foreach_addcdiv_(group.parameters, gradients, denominator, -lr);
    return;
  }
  auto& buffer = group.slots["momentum_buffer"];
  at::_foreach_mul_(buffer, options_.momentum);
  at::_foreach_addcdiv_(buffer, gradients, denominator, 1);
  at::_foreach_add_(group.parameters, buffer, -lr);
}

}  // namespace actlab

#pragma once

#include <string>
#include <vector>

#include "train/optimizer.h"

// The optimizers, with torch.optim's formulas and defaults. Where ATen has a fused kernel, the whole group is
// updated by one call of it; torch::optim goes through the parameters one operation at a time.
namespace actlab {

struct SgdOptions {
  double lr = 0.01;
  double momentum = 0;
  double dampening = 0;
  bool nesterov = false;
  double weight_decay = 0;

  template <class Visitor>
  void visit(Visitor& v) {
    v("lr", lr, "learning rate", between(0, 1e6));
    v("momentum", momentum, "share of the last update that is kept", fraction_below_one());
    v("dampening", dampening, "share of the gradient left out of the momentum", between(0, 1));
    v("nesterov", nesterov, "look ahead along the momentum; needs momentum and no dampening");
    v("weight_decay", weight_decay, "L2 penalty", between(0, 1e6));
  }
  void check(const Node& section, const ReadContext& context) const;
};

class Sgd : public Optimizer {
 public:
  using Options = SgdOptions;
  Sgd(const Options& options, const std::vector<NamedTensor>& parameters,
      const std::vector<std::string>& no_decay);

 protected:
  void update(Group& group, double lr) override;

 private:
  Options options_;
};

struct AdamOptions {
  double lr = 0.001;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double eps = 1e-8;
  double weight_decay = 0;
  bool amsgrad = false;

  template <class Visitor>
  void visit(Visitor& v) {
    v("lr", lr, "learning rate", between(0, 1e6));
    v("beta1", beta1, "decay of the mean of gradients", fraction_below_one());
    v("beta2", beta2, "decay of the mean of squared gradients", fraction_below_one());
    v("eps", eps, "added to the denominator", between(0, 1));
    v("weight_decay", weight_decay, "L2 penalty", between(0, 1e6));
    v("amsgrad", amsgrad, "divide by the largest mean square so far (Reddi et al. 2018)");
  }
};

struct AdamWOptions : AdamOptions {
  AdamWOptions() { weight_decay = 0.01; }
};

class Adam : public Optimizer {
 public:
  using Options = AdamOptions;
  Adam(const Options& options, const std::vector<NamedTensor>& parameters,
       const std::vector<std::string>& no_decay);

 protected:
  void update(Group& group, double lr) override;
  Options options_;
};

class AdamW : public Adam {
 public:
  using Options = AdamWOptions;
  using Adam::Adam;

 protected:
  void update(Group& group, double lr) override;
};

struct RmsPropOptions {
  double lr = 0.01;
  double alpha = 0.99;
  double eps = 1e-8;
  double momentum = 0;
  bool centered = false;
  double weight_decay = 0;

  template <class Visitor>
  void visit(Visitor& v) {
    v("lr", lr, "learning rate", between(0, 1e6));
    v("alpha", alpha, "decay of the mean of squared gradients", fraction_below_one());
    v("eps", eps, "added to the denominator", between(0, 1));
    v("momentum", momentum, "share of the last update that is kept", fraction_below_one());
    v("centered", centered, "divide by the variance instead of the mean square");
    v("weight_decay", weight_decay, "L2 penalty", between(0, 1e6));
  }
};

class RmsProp : public Optimizer {
 public:
  using Options = RmsPropOptions;
  RmsProp(const Options& options, const std::vector<NamedTensor>& parameters,
          const std::vector<std::string>& no_decay);

 protected:
  void update(Group& group, double lr) override;

 private:
  Options options_;
};

}  // namespace actlab

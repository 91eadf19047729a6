#include "diagnose/step_size.h"

#include <algorithm>
#include <cmath>

#include "core/number_text.h"
#include "core/text.h"
#include "diagnose/figures.h"

namespace actlab {
namespace {

using Layers = std::vector<LayerRecord>;

constexpr double kGrown = 5;     // times the weights' norm at the start
constexpr double kGone = 1e-3;   // of delta at the start
constexpr double kStill = 0.01;  // relative change of that norm: they stand where they began
// Where the loss is better than guessing, but the rate is beyond the usual.
constexpr double kFarGrown = 10;
constexpr double kFarGone = 1e-5;

// Weights that start near 0 must grow: as if they had begun at least as large as torch.nn draws them.
double grown_from(const LayerRecord& start) {
  return std::max(start.weight_norm, std::sqrt(static_cast<double>(start.units) / 3));
}

// What an examination has to say beside that before the first step.
class Change {
 public:
  Change(const TrainingSetup& setup, const Findings& findings)
      : setup_(setup), findings_(findings), now_(findings.history.back().layers), start_(start_of(findings)) {
    if (start_ != nullptr && start_->layers.size() != now_.size()) start_ = nullptr;
  }

  StepSize judged() {
    if (findings_.history.back().step == 0 && findings_.divergence.empty()) return {};
    if (diverged()) return {StepSize::Kind::kTooLarge, {}, findings_.divergence};
    if (too_large()) return {StepSize::Kind::kTooLarge, layers_, evidence()};
    if (too_small()) return {StepSize::Kind::kTooSmall, {}, small_evidence()};
    return {};
  }

 private:
  // A network that overflowed before the first step has not been thrown there.
  bool diverged() const {
    if (findings_.divergence.empty() || findings_.steps == 1) return false;
    return std::ranges::all_of(findings_.history.front().layers, [](const LayerRecord& layer) {
      return std::isfinite(layer.pre_std) && std::isfinite(layer.delta);
    });
  }

  bool beyond_usual() const { return !setup_.usual_rates.empty() && setup_.lr > setup_.usual_rates.back(); }
  bool below_usual() const { return !setup_.usual_rates.empty() && setup_.lr < setup_.usual_rates.front(); }

  bool too_large() {
    const bool guessing = at_chance(setup_, findings_);
    const bool moved = start_ == nullptr || change_of_norms() > kStill;
    see_updates();
    see_growth(guessing ? kGrown : beyond_usual() ? kFarGrown : INFINITY);
    see_deaths();
    see_lost_gradient(guessing ? kGone : beyond_usual() && much_is_left() ? kFarGone : 0);
    if (guessing && moved && beyond_usual()) seen_ = true;
    if (seen_ && guessing) facts_.push_back(loss_text());
    if (seen_ && beyond_usual())
      facts_.push_back("optimizer.lr is " + plain_text(setup_.lr) + ", where up to " +
                       plain_text(setup_.usual_rates.back()) + " is usual");
    return seen_;
  }

  void see(const std::string& layer, const std::string& fact) {
    seen_ = true;
    if (std::ranges::find(layers_, layer) == layers_.end()) layers_.push_back(layer);
    facts_.push_back(fact);
  }

  // Of the last step, beside the weights.
  void see_updates() {
    for (const auto& layer : now_) {
      const double ratio = layer.update_ratio * layer.weight_norm / grown_from(layer);
      if (!(ratio > Limits::kLargeUpdate)) continue;
      see(layer.layer, "the last step of " + layer.layer + " was " + percent_text(layer.update_ratio) +
                           " of the size of its weights; about 0.1 % is usual");
      return;
    }
  }

  void see_growth(double limit) {
    size_t worst = now_.size();
    double most = limit;
    for (size_t i = 0; start_ != nullptr && i < now_.size(); ++i) {
      const double growth = now_[i].weight_norm / grown_from(start_->layers[i]);
      if (growth > most) most = growth, worst = i;
    }
    if (worst == now_.size()) return;
    see(now_[worst].layer,
        "the weights of " + now_[worst].layer + " have grown " + figure_text(most) + "-fold since the start");
  }

  // A whole layer that was not dead at the start.
  void see_deaths() {
    for (size_t i = 0; start_ != nullptr && i < now_.size(); ++i) {
      if (!now_[i].all_dead() || start_->layers[i].dead >= 1) continue;
      see(now_[i].layer, "all units of " + now_[i].layer + " have died, " +
                             percent_text(start_->layers[i].dead) + " were dead at the start");
      return;
    }
  }

  bool much_is_left() const {
    return !findings_.train_losses.empty() && findings_.train_losses.back() > 0.1 * setup_.chance_loss;
  }

  // As long as there is something to learn, there is a gradient, unless the outputs are saturated.
  void see_lost_gradient(double limit) {
    if (start_ == nullptr) return;
    const LayerRecord& then = start_->layers.back();
    const LayerRecord& now = now_.back();
    if (!(now.delta < limit * then.delta)) return;
    see(now.layer,
        "delta in " + now.layer + " went from " + figure_text(then.delta) + " to " + figure_text(now.delta));
  }

  double change_of_norms() const {
    double most = 0;
    for (size_t i = 0; i < now_.size(); ++i) {
      const double then = start_->layers[i].weight_norm;
      if (then > 0) most = std::max(most, std::abs(now_[i].weight_norm / then - 1));
    }
    return most;
  }

  // Of all examinations, since a schedule may have ended with next to none.
  double largest_update() const {
    double largest = kUndefined;
    for (const auto& examination : findings_.history) {
      for (const auto& layer : examination.layers) largest = std::fmax(largest, layer.update_ratio);
    }
    return largest;
  }

  bool too_small() const {
    // A small step is right once there is little left to learn.
    if (!at_chance(setup_, findings_) || !(now_.back().delta > 0)) return false;
    if (start_ != nullptr && change_of_norms() > kStill) return false;
    return largest_update() < Limits::kSmallUpdate || below_usual();
  }

  std::string loss_text() const {
    return "training loss " + figure_text(findings_.train_losses.back()) + ", where guessing gives " +
           figure_text(setup_.chance_loss);
  }

  std::string evidence() const { return join(facts_, "; "); }

  std::string small_evidence() const {
    const double largest = largest_update();
    std::string text = loss_text();
    if (std::isfinite(largest))
      text += "; the largest step was " + percent_text(largest) +
              " of the size of a layer's weights, where about 0.1 % is usual";
    if (below_usual())
      text += "; optimizer.lr is " + plain_text(setup_.lr) + ", where from " +
              plain_text(setup_.usual_rates.front()) + " on is usual";
    return text;
  }

  const TrainingSetup& setup_;
  const Findings& findings_;
  const Layers& now_;
  const Examination* start_;
  bool seen_ = false;
  std::vector<std::string> layers_;
  std::vector<std::string> facts_;
};

}  // namespace

bool at_chance(const TrainingSetup& setup, const Findings& findings) {
  return !findings.train_losses.empty() && findings.train_losses.back() > Limits::kChance * setup.chance_loss;
}

const Examination* start_of(const Findings& findings) {
  const auto& history = findings.history;
  return history.size() > 1 && history.front().step == 0 ? &history.front() : nullptr;
}

StepSize step_size_of(const TrainingSetup& setup, const Findings& findings) {
  return Change(setup, findings).judged();
}

}  // namespace actlab

#include "report/section_summary.h"

#include <cmath>

#include "plot/axis.h"
#include "plot/svg.h"
#include "report/html.h"
#include "report/section_curves.h"
#include "report/section_diagnosis.h"

namespace actlab::report {
namespace {

std::string activation_of(const Run& run) {
  std::string names;
  for (const auto& curve : run.activations) names += (names.empty() ? "" : ", ") + curve.name;
  return names.empty() ? run.setting("model.activation") : names;
}

std::string progress_of(const Run& run) {
  if (!run.divergence.empty()) return "until it diverged";
  const double done = run.epochs.last("epoch");
  const double planned = run.planned_epochs();
  if (run.epochs.rows == 0) return "before its first epoch";
  if (std::isfinite(planned) && done < planned)
    return "after " + figure(done, 9) + " of " + counted(planned, "epoch");
  return "after " + counted(done, "epoch");
}

double best_so_far(const Run& run) {
  double best = std::nan("");
  for (const double value : run.epochs[run.validation_column()])
    best = run.headline.larger_is_better ? std::fmax(best, value) : std::fmin(best, value);
  return best;
}

std::string findings_of(const Run& run) {
  if (run.verdicts.empty()) return run.diagnosed ? " The diagnosis found nothing to mend." : "";
  std::string text = run.verdicts.size() == 1
                         ? " The diagnosis has one finding: "
                         : " The diagnosis has " + std::to_string(run.verdicts.size()) + " findings: ";
  for (size_t i = 0; i < run.verdicts.size(); ++i) {
    if (i > 0) text += i + 1 == run.verdicts.size() ? " and " : ", ";
    text += spoken(run.verdicts[i].name);
  }
  return text + ".";
}

std::string headline_stat(const Run& run) {
  const Headline& headline = run.headline;
  if (run.evaluation && std::isfinite(run.evaluation->value)) {
    const Evaluation& result = *run.evaluation;
    return stat(titled(headline) + ", " + (result.split.empty() ? "test" : result.split),
                shown(headline, result.value),
                std::isfinite(result.low)
                    ? "95 % interval " + shown(headline, result.low) + " to " + shown(headline, result.high)
                    : "");
  }
  const double test = run.test_value();
  if (std::isfinite(test)) return stat(titled(headline) + ", test", shown(headline, test));
  const double best = best_so_far(run);
  return stat(titled(headline) + ", validation", shown(headline, run.epochs.last(run.validation_column())),
              std::isfinite(best) ? "best so far " + shown(headline, best) : "");
}

std::string loss_stat(const Run& run) {
  const double train = run.epochs.last("train_loss");
  const std::string note = std::isfinite(train) ? "training " + figure(train) : "";
  const double test = number(run.summary, "test_loss");
  if (std::isfinite(test)) return stat("Loss, test", figure(test), note);
  const double validation = run.epochs.last("validation_loss");
  if (std::isfinite(validation)) return stat("Loss, validation", figure(validation), note);
  return stat("Loss, training", figure(train));
}

std::string epochs_stat(const Run& run) {
  const double best = number(run.summary, "best_epoch");
  const double planned = run.planned_epochs();
  const double done = run.epochs.rows == 0 ? 0 : run.epochs.last("epoch");
  std::string value = figure(done, 9);
  if (std::isfinite(planned) && done < planned) value += " / " + figure(planned, 9);
  return stat("Epochs", value, best >= 1 ? "best: " + figure(best, 9) : "");
}

// " gets 98.49 % of the test examples right after 10 epochs"
std::string reached(const Run& run, double value, const std::string& split) {
  const std::string where = " the " + split + " examples ";
  if (run.headline.name == "accuracy")
    return " gets " + shown(run.headline, value) + " of" + where + "right " + progress_of(run);
  return " has " + run.headline.name + " " + shown(run.headline, value) + " on" + where + progress_of(run);
}

// "; 151 of 10000 are wrong"
std::string wrong_of(const Run& run) {
  if (!run.evaluation || run.headline.name != "accuracy") return "";
  const double wrong = std::round(run.evaluation->examples * (1 - run.evaluation->value));
  if (!std::isfinite(wrong)) return "";
  return "; " + figure(wrong, 9) + " of " + figure(run.evaluation->examples, 9) + " are wrong";
}

}  // namespace

std::string in_plain_words(const Run& run) {
  const std::string model = run.setting("model.type");
  const std::string activation = activation_of(run);
  std::string text = model.empty() ? "This run" : model;
  if (!activation.empty()) text += " with " + shorten(activation, 60);
  if (!run.setting("data.type").empty()) text += " on " + run.setting("data.type");
  const double test = run.test_value();
  if (std::isfinite(test)) {
    text += reached(run, test, run.evaluation ? run.evaluation->split : "test") + wrong_of(run);
  } else if (run.epochs.has(run.validation_column())) {
    text += reached(run, run.epochs.last(run.validation_column()), "validation");
  } else {
    text += ", " + progress_of(run);
  }
  if (!run.divergence.empty())
    text += ". Why: " + shorten(run.divergence.substr(0, run.divergence.find('\n')), 300);
  return text + (text.ends_with('.') ? "" : ".") + findings_of(run);
}

std::string stats_of(const Run& run) {
  std::string html = headline_stat(run) + loss_stat(run) + epochs_stat(run);
  double speed = number(run.summary, "samples_per_second");
  if (!std::isfinite(speed)) speed = run.epochs.last("samples_per_second");
  html += stat("Samples a second", compact(speed), "training only");
  const std::string device = text(run.record, "device");
  const std::string threads = text(run.record, "threads");
  html += stat("Device", device.empty() ? "–" : device,
               threads.empty() ? "" : threads + (threads == "1" ? " thread" : " threads"));
  html += stat("Model", run.setting("model.type").empty() ? "–" : run.setting("model.type"),
               run.setting("optimizer.type"));
  html += stat("Activation", shorten(activation_of(run).empty() ? "–" : activation_of(run), 40));
  const double parameters = number(run.summary, "parameters");
  if (std::isfinite(parameters)) html += stat("Parameters", compact(parameters), figure(parameters, 9));
  return "<div class=\"stats\">" + html + "</div>\n";
}

std::string summary_section(const Run& run, const std::string& id, const Detail& detail) {
  return paragraph(in_plain_words(run), "lead") + stats_of(run) + verdict_cards(run) +
         headline_curves(run, id + "-short", detail);
}

}  // namespace actlab::report
